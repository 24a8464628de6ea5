import Glibc

/// Lines for whoever waits, apart from the tables.
enum Progress {
    static func say(_ text: String) {
        let line = Array("\(text)\n".utf8)
        _ = unsafe line.withUnsafeBytes { bytes in unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
