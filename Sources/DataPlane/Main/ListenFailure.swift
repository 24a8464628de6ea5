import Glibc
import NIOCore
import Settings

/// An address cannot be listened on: somebody else does, or it is not this machine's.
struct ListenFailure: Error, CustomStringConvertible {
    let address: ListenAddress
    let cause: any Error

    var description: String {
        let reason =
            (self.cause as? IOError).map { unsafe String(cString: strerror($0.errnoCode)) } ?? "\(self.cause)"
        return "cannot listen on \(self.address): \(reason)"
    }
}
