import Glibc

/// A loopback port on which connections are never established: nobody accepts and the backlog is full.
final class BlackHole: Sendable {
    let port: Int
    private let sockets: [CInt]

    init() throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
        var sockets = [listener]
        let isReady = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                guard unsafe bind(listener, raw, length) == 0, listen(listener, 0) == 0,
                    unsafe getsockname(listener, raw, &length) == 0
                else { return false }
                // A backlog of 0 holds one; further ones hang in their handshake.
                for _ in 0..<4 {
                    let filler = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
                    _ = unsafe connect(filler, raw, length)
                    sockets.append(filler)
                }
                return true
            }
        }
        guard isReady else { throw Impatience("no black hole") }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        self.sockets = sockets
    }

    func close() {
        for socket in self.sockets { _ = Glibc.close(socket) }
    }
}
