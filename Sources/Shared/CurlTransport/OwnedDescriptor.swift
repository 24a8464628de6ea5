import Glibc

/// A file descriptor that is closed with its owner.
final class OwnedDescriptor: Sendable {
    let number: CInt

    /// Takes what a system call returned; throws `.system` when that is negative.
    init(_ number: CInt) throws(CurlError) {
        guard number >= 0 else { throw .system(errno: errno) }
        self.number = number
    }

    deinit {
        _ = close(self.number)
    }
}
