import CurlTransport
import Glibc
import Testing

/// Names with several addresses, the first of which does not serve.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct AddressTests {
    /// A port of another loopback address at which connections are never established: the backlog is full.
    private final class FullListener {
        private var sockets: [CInt] = []

        init(port: UInt16) throws {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0002).bigEndian)
            address.sin_port = port.bigEndian
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            self.sockets = [listener]
            let fillers = (0..<4).map { _ in
                socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            }
            self.sockets += fillers
            let isBound = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    guard unsafe bind(listener, raw, length) == 0, listen(listener, 0) == 0 else { return false }
                    for filler in fillers { _ = unsafe connect(filler, raw, length) }
                    return true
                }
            }
            try #require(isBound)
        }

        deinit {
            for socket in self.sockets { _ = close(socket) }
        }
    }

    private static func server() throws -> ScriptedServer {
        try ScriptedServer { connection in
            while connection.readRequest() != nil {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
    }

    private static func answer(of server: ScriptedServer, _ addresses: String, connect: Duration) async throws
        -> Recorder.Account
    {
        let reactor = try await Habitat.reactor(
            configuration: ReactorConfiguration(addresses: ["provider.test:\(server.port):\(addresses)"])
        )
        var request = TransferRequest(method: .get, url: "http://provider.test:\(server.port)/")
        request.timeouts = TransferTimeouts(connect: connect)
        return await reactor.run(request)
    }

    @Test func `an address that does not answer is given up for the next in half the time`() async throws {
        let server = try AddressTests.server()
        defer { server.stop() }
        let hole = try FullListener(port: server.port)
        let start = ContinuousClock.now
        let limit = Duration.seconds(20)
        let answer = try await AddressTests.answer(of: server, "127.0.0.2,127.0.0.1", connect: limit / 10)
        #expect(answer.head?.status == 200)
        #expect(start.duration(to: .now) < limit)
        withExtendedLifetime(hole) {}
    }

    @Test func `addresses that refuse are passed over`() async throws {
        let server = try AddressTests.server()
        defer { server.stop() }
        let answer = try await AddressTests.answer(
            of: server,
            "127.0.0.3,127.0.0.4,127.0.0.5,127.0.0.1",
            connect: .seconds(30)
        )
        #expect(answer.head?.status == 200)
    }

    @Test func `when no address serves the connection failed`() async throws {
        let server = try AddressTests.server()
        defer { server.stop() }
        let answer = try await AddressTests.answer(of: server, "127.0.0.3,127.0.0.4", connect: .seconds(30))
        #expect(answer.failure == .connectFailed)
        #expect(server.connections == 0)
    }
}
