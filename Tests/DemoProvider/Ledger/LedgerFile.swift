import Glibc

/// The file that every row of the ledger is appended to, one JSON object per line.
final class LedgerFile: Sendable {
    private let descriptor: Int32

    /// Throws the errno of a file that cannot be opened for appending.
    init(path: String) throws(LedgerFileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LedgerFileError(path: path, errno: errno) }
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    /// Appends one line in one write, so that lines of several threads never mix.
    func append(_ line: [UInt8]) {
        _ = unsafe line.withUnsafeBytes { bytes in unsafe write(self.descriptor, bytes.baseAddress, bytes.count) }
    }
}
