import Glibc

/// How a program ends when it cannot go on.
package enum Exit {
    /// Statuses as `sysexits.h` has them.
    package enum Status: Int32, Sendable {
        case failure = 1
        /// The command line is wrong.
        case usage = 64
        /// The settings are wrong, or what they name.
        case configuration = 78
    }

    /// Prints the message to standard error and ends the process.
    package static func now(_ message: String, _ status: Status) -> Never {
        let bytes = Array("\(message)\n".utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
        exit(status.rawValue)
    }
}
