import CurlTransport
import NIOConcurrencyHelpers
import NIOCore
import Testing

/// What an upstream sends while nothing is asked of it is nobody's answer.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct RestingConnectionTests {
    /// A server that answers with the path it was asked for, and gives out its last connection.
    private static func echo(
        _ answer: @escaping @Sendable (ScriptedConnection, String) -> Void = { $0.answer($1) }
    ) throws -> (server: ScriptedServer, last: NIOLockedValueBox<ScriptedConnection?>) {
        let last = NIOLockedValueBox<ScriptedConnection?>(nil)
        let server = try ScriptedServer { connection in
            last.withLockedValue { $0 = connection }
            while let request = connection.readRequest() {
                answer(connection, request.head.split(separator: " ").dropFirst().first.map { String($0) } ?? "")
            }
        }
        return (server, last)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\not",
        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n", "\r\n", "\r\n\r\n", "x",
        String(repeating: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother", count: 20_000),
    ])
    func `a connection on which something came while it rested serves no other request`(_ extra: String) async throws {
        let (server, last) = try Self.echo()
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        for round in 1...3 {
            let first = await reactor.run(TransferRequest(method: .get, url: server.url("/\(round)/first")))
            #expect(first.text == "/\(round)/first" && server.connections == 2 * round - 1)
            // It is in the other side's queue when the call returns; of what is long, enough, before it is hung up on.
            try #require(last.withLockedValue { $0 }).write(extra)
            let second = await reactor.run(TransferRequest(method: .get, url: server.url("/\(round)/second")))
            #expect(second.text == "/\(round)/second" && second.failure == nil)
            #expect(server.connections == 2 * round)
            try #require(last.withLockedValue { $0 }).write(extra)
        }
    }

    @Test func `a connection that was paused until the end of an answer is watched like any other`() async throws {
        let body = String(repeating: "a", count: 300_000)
        let (server, last) = try Self.echo { connection, path in connection.answer(path == "/large" ? body : path) }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        for round in 1...2 {
            let large = await reactor.run(
                TransferRequest(method: .get, url: server.url("/large"), windowBytes: 16 * 1024)
            )
            #expect(large.text == body && server.connections == 2 * round - 1)
            try #require(last.withLockedValue { $0 }).write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(await reactor.run(TransferRequest(method: .get, url: server.url("/next"))).text == "/next")
            #expect(server.connections == 2 * round)
            try #require(last.withLockedValue { $0 }).write("x")
        }
    }

    @Test func `a connection that nothing came on is used again`() async throws {
        let (server, _) = try Self.echo()
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        for round in 1...20 {
            let answer = await reactor.run(TransferRequest(method: .get, url: server.url("/\(round)")))
            #expect(answer.text == "/\(round)")
        }
        #expect(server.connections == 1)
    }
}
