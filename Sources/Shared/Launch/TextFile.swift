import Glibc

/// Reads small text files.
package enum TextFile {
    /// Why a file could not be read; the operator's to mend.
    package struct Problem: Error, CustomStringConvertible {
        package let path: String
        package let reason: String

        package var description: String { "\(self.path): \(self.reason)" }
    }

    /// The whole file, at most 1 MiB of UTF-8.
    package static func read(_ path: String) throws(Problem) -> String {
        guard let file = unsafe fopen(path, "re") else {
            throw Problem(path: path, reason: unsafe String(cString: strerror(errno)))
        }
        defer { _ = unsafe fclose(file) }
        let limit = 1024 * 1024
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = unsafe fread(buffer.baseAddress, 1, limit, file)
        }
        guard unsafe ferror(file) == 0 else { throw Problem(path: path, reason: "cannot be read") }
        guard bytes.count < limit else { throw Problem(path: path, reason: "is larger than 1 MiB") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(path: path, reason: "is not UTF-8")
        }
        return text
    }
}
