import Glibc

/// Owns one open file or directory.
struct OpenFile: ~Copyable {
    private let descriptor: Int32

    /// Opens or creates with mode 0600 where `flags` say so; the error is the system's number.
    init(path: String, flags: Int32) throws(StoreErrorNumber) {
        let descriptor = unsafe open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
        guard descriptor >= 0 else { throw StoreErrorNumber.last }
        self.descriptor = descriptor
    }

    deinit {
        close(self.descriptor)
    }

    func setMode(_ mode: mode_t) throws(StoreErrorNumber) {
        // A file system that has become read-only refuses even what changes nothing.
        var status = stat()
        if unsafe fstat(self.descriptor, &status) == 0, status.st_mode & 0o7777 == mode { return }
        guard fchmod(self.descriptor, mode) == 0 else { throw StoreErrorNumber.last }
    }

    func synchronize() throws(StoreErrorNumber) {
        guard fsync(self.descriptor) == 0 else { throw StoreErrorNumber.last }
    }

    /// Writes all bytes.
    func write(_ bytes: ArraySlice<UInt8>) throws(StoreErrorNumber) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(self.descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw StoreErrorNumber.last
            }
        }
    }

    /// Reads to the end; nil when there is more than `maximum`.
    func read(maximum: Int) throws(StoreErrorNumber) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(self.descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw StoreErrorNumber.last
            }
            guard bytes.count + count <= maximum else { return nil }
            bytes.append(contentsOf: piece[..<count])
        }
    }
}

/// A number of `errno`.
struct StoreErrorNumber: Error, Hashable {
    let number: Int32

    static var last: StoreErrorNumber { StoreErrorNumber(number: errno) }
}
