import CurlTransport
import NIOCore
import Testing

/// Each limit on time, told apart by where the upstream hangs.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct TimeoutTests {
    static let short = Duration.milliseconds(500)
    static let long = Duration.seconds(30)

    @Test func `a full listener is a connect timeout`() async throws {
        let server = try ScriptedServer(backlog: 0, nil)
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        // Nobody accepts: the first fill the backlog, and the kernel then answers no further ones.
        let fillers = (0..<3).map { _ in
            let recorder = Recorder()
            recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor)
            return recorder
        }
        let limits = TransferTimeouts(connect: Self.short, firstByte: Self.long, idle: Self.long, total: Self.long)
        var last: Recorder.Account?
        for _ in 0..<3 where last?.failure != .connectTimeout {
            let answers = (0..<3).map { _ in
                let recorder = Recorder()
                recorder.start(TransferRequest(method: .get, url: server.url(), timeouts: limits), on: reactor)
                return recorder
            }
            last = await answers[2].end()
        }
        #expect(last?.failure == .connectTimeout)
        #expect(last?.timings?.requestMayHaveBeenSent == false)
        #expect(fillers.allSatisfy { !$0.account.hasEnded })
    }

    @Test func `a silent TLS handshake is a connect timeout`() async throws {
        let server = try ScriptedServer { connection in _ = connection.waitForClose() }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(
            TransferRequest(
                method: .get,
                url: "https://127.0.0.1:\(server.port)/",
                timeouts: TransferTimeouts(connect: Self.short, total: Self.long)
            )
        )
        #expect(answer.failure == .connectTimeout)
        #expect(answer.timings?.requestMayHaveBeenSent == false)
    }

    @Test(arguments: ["", "HTTP/1.1 200", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: a"])
    func `no final status line is a first byte timeout`(_ beginning: String) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write(beginning)
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(
            TransferRequest(
                method: .get,
                url: server.url(),
                timeouts: TransferTimeouts(connect: Self.long, firstByte: Self.short, idle: Self.long, total: Self.long)
            )
        )
        #expect(answer.failure == .firstByteTimeout)
        #expect(answer.timings?.requestMayHaveBeenSent == true)
        #expect(answer.timings?.firstByte == nil)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
        "HTTP/1.1 200 OK\r\n\r\nhello",
    ])
    func `a stall after the status line is an idle timeout`(_ beginning: String) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write(beginning)
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(
            TransferRequest(
                method: .get,
                url: server.url(),
                timeouts: TransferTimeouts(connect: Self.long, firstByte: Self.long, idle: Self.short, total: Self.long)
            )
        )
        #expect(answer.failure == .idleTimeout)
        #expect(answer.timings?.firstByte != nil)
        #expect(answer.terminalEvents == 1 && answer.disorder == 0)
    }

    @Test func `an answer that drips for ever is a total timeout`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write("x") {}
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(
            TransferRequest(
                method: .get,
                url: server.url(),
                timeouts: TransferTimeouts(firstByte: Self.long, idle: Self.long, total: .seconds(2))
            )
        )
        #expect(answer.failure == .totalTimeout)
        #expect(answer.head?.status == 200)
    }

    @Test func `a slot that timed out serves the next request with its own limits`() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                guard request.head.hasPrefix("GET /hang") else {
                    connection.answer("good")
                    continue
                }
                _ = connection.waitForClose()
                return
            }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor(configuration: ReactorConfiguration(idleHandleLimit: 1))
        let short = TransferTimeouts(firstByte: .milliseconds(50))
        let long = TransferTimeouts(firstByte: .seconds(30))
        let none = TransferTimeouts(total: .zero)
        for _ in 0..<3 {
            let never = await reactor.run(TransferRequest(method: .get, url: server.url("/hang"), timeouts: none))
            #expect(never.failure == .totalTimeout)
            let hung = await reactor.run(TransferRequest(method: .get, url: server.url("/hang"), timeouts: short))
            #expect(hung.failure == .firstByteTimeout)
            let good = await reactor.run(TransferRequest(method: .get, url: server.url(), timeouts: long))
            #expect(good.text == "good")
        }
    }
}
