import Foundation
import Glibc
import NIOConcurrencyHelpers

/// A server on a loopback port that runs one script per connection, on a thread of its own.
///
/// Raw sockets, because what it has to send is what no proper server sends.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: CInt
    /// Whether a thread takes connections, which then owns the listener.
    private let isAccepting: Bool
    private let state = NIOLockedValueBox(State())

    private struct State {
        var connections = 0
        var log: [String] = []
    }

    init(backlog: CInt = 512, _ script: (@Sendable (ScriptedConnection) -> Void)?) throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                unsafe bind(listener, raw, length) == 0 && listen(listener, backlog) == 0
                    && getsockname(listener, raw, &length) == 0
            }
        }
        guard listener >= 0, bound else { throw POSIXError(.EADDRNOTAVAIL) }
        self.listener = listener
        self.port = UInt16(bigEndian: address.sin_port)
        self.isAccepting = script != nil
        guard let script else { return }
        Thread.detachNewThread { [self] in self.accept(script) }
    }

    private func accept(_ script: @escaping @Sendable (ScriptedConnection) -> Void) {
        // The number is given back here and nowhere else: closed by another thread, it could be another server's
        // listener by the time of the next look.
        defer { _ = close(self.listener) }
        while true {
            let descriptor = Glibc.accept(self.listener, nil, nil)
            guard descriptor >= 0 else { return }
            let number = self.state.withLockedValue { state in
                state.connections += 1
                return state.connections
            }
            Thread.detachNewThread { [self] in
                let connection = ScriptedConnection(server: self, descriptor: descriptor, number: number)
                script(connection)
                connection.close()
            }
        }
    }

    /// Stops listening; what is connected stays.
    func stop() {
        // Refuses new connections from here on, and ends a thread's wait for one.
        _ = shutdown(self.listener, CInt(SHUT_RDWR))
        if !self.isAccepting { _ = close(self.listener) }
    }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(self.port)\(path)" }

    /// Connections accepted so far.
    var connections: Int { self.state.withLockedValue { $0.connections } }

    /// What scripts noted, in order.
    var log: [String] { self.state.withLockedValue { $0.log } }

    func note(_ line: String) {
        self.state.withLockedValue { $0.log.append(line) }
    }
}
