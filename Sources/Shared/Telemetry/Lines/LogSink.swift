import Glibc
import NIOConcurrencyHelpers

/// Where log records go, one whole line at a time: standard error, or a file that is appended to.
///
/// Writing is synchronous, so that the last line before a crash is there to be read. A line that a full pipe does
/// not take within 100 ms is dropped and counted.
package final class LogSink: Sendable {
    private static let patience: UInt64 = 100_000_000

    private let descriptor: Int32
    private let ownsDescriptor: Bool
    /// Held for each write, so that lines do not mix.
    private let lost = NIOLockedValueBox(0)

    package static let standardError = LogSink(descriptor: STDERR_FILENO)

    /// Writes to a descriptor that stays the caller's.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
        self.ownsDescriptor = false
    }

    /// Appends to the file, which is made with mode 0640 when it is missing; nil when it cannot be opened.
    package init?(path: String) {
        let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.ownsDescriptor = true
    }

    deinit {
        if self.ownsDescriptor { close(self.descriptor) }
    }

    /// Lines that could not be written, wholly or in part.
    package var lostLines: Int { self.lost.withLockedValue { $0 } }

    /// Writes a line that ends in a newline.
    package func write(_ line: [UInt8]) {
        self.lost.withLockedValue { lost in
            let deadline = MonotonicClock.now() + LogSink.patience
            let outcome = DescriptorWriting.write(line.span, to: self.descriptor, deadline: deadline)
            if outcome.failure != nil { lost += 1 }
        }
    }
}
