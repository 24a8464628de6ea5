import CurlTransport
import Glibc
import NIOCore
import Testing

/// Whatever an upstream sends: one typed end, no crash, and the next request works.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct HostileUpstreamTests {
    @Test(arguments: Hostility.all)
    func `an upstream misbehaves`(_ hostility: Hostility) async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                guard request.head.hasPrefix("POST /bad") else {
                    connection.answer("good")
                    continue
                }
                connection.write(hostility.bytes)
                switch hostility.end {
                case .close: connection.close()
                case .reset: connection.reset()
                case .halfClose:
                    connection.halfClose()
                    _ = connection.waitForClose()
                }
                return
            }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        // The first on a new connection, the others on one that has served.
        for round in 0..<3 {
            let answer = await reactor.run(
                TransferRequest(
                    method: .post,
                    url: server.url("/bad"),
                    body: [ByteBuffer(string: "{}")],
                    timeouts: TransferTimeouts(total: .seconds(20))
                )
            )
            #expect(answer.failure == hostility.failure, "round \(round)")
            #expect(answer.terminalEvents == 1 && answer.disorder == 0)
            #expect(answer.timings?.requestMayHaveBeenSent == true)
            let next = await reactor.run(TransferRequest(method: .get, url: server.url("/good")))
            #expect(next.text == "good")
            #expect(next.failure == nil)
        }
    }

    @Test(arguments: 0..<8)
    func `whatever bytes come, the transfer ends once and the next one works`(_ seed: Int) async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                guard let round = request.value("x-round").flatMap({ Int($0) }) else {
                    connection.answer("good")
                    continue
                }
                connection.write(Self.damagedAnswer(seed: UInt64(seed * 1000 + round)))
                return
            }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        for round in 0..<40 {
            let answer = await reactor.run(
                TransferRequest(
                    method: .post,
                    url: server.url(),
                    headers: [TransferHeader(name: "X-Round", text: String(round))],
                    body: [ByteBuffer(string: "{}")],
                    timeouts: TransferTimeouts(total: .seconds(20))
                )
            )
            #expect(answer.terminalEvents == 1 && answer.disorder == 0)
            #expect(answer.failure != nil || answer.head != nil)
            #expect(![.totalTimeout, .cancelled, .invalidRequest, .shutdown].contains(answer.failure))
        }
        #expect(await reactor.run(TransferRequest(method: .get, url: server.url())).text == "good")
    }

    /// A good answer with one to eight of its bytes changed, left out or doubled.
    private static func damagedAnswer(seed: UInt64) -> [UInt8] {
        var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % bound
        }
        let head = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
        let plain = "Content-Length: 11\r\n\r\nhello world"
        let chunked = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Trailer: y\r\n\r\n"
        var bytes = Array((head + (next(2) == 0 ? plain : chunked)).utf8)
        for _ in 0...next(8) {
            let index = next(bytes.count)
            switch next(4) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(bytes[index], at: index)
            case 2: bytes[index] = UInt8(truncatingIfNeeded: next(256))
            default: bytes[index] = [0x0d, 0x0a, 0x20, 0x3a, 0x00, 0x2d, 0x39, 0x66][next(8)]
            }
        }
        return bytes
    }

    /// A server that answers the first request of each connection in `answered`, and hears the others out in silence.
    private static func forgetful(
        _ answered: ClosedRange<Int>,
        beforeClosing: @escaping @Sendable () -> Void = {}
    ) throws -> ScriptedServer {
        try ScriptedServer { connection in
            var isFirst = true
            while let request = connection.readRequest() {
                connection.server.note("\(connection.number): \(String(decoding: request.body, as: UTF8.self))")
                guard isFirst, answered.contains(connection.number) else { return beforeClosing() }
                connection.answer("connection \(connection.number)")
                isFirst = false
            }
        }
    }

    /// What comes of a request with a body behind one that was answered on the same connection.
    private static func secondAnswer(
        of server: ScriptedServer,
        crossingTime: Duration = .seconds(60)
    ) async throws -> Recorder.Account {
        let reactor = try await Habitat.reactor(configuration: ReactorConfiguration(crossingTime: crossingTime))
        _ = await reactor.run(TransferRequest(method: .get, url: server.url()))
        return await reactor.run(
            TransferRequest(method: .post, url: server.url(), body: [ByteBuffer(string: "costly")])
        )
    }

    @Test func `a request that crosses the close of a kept connection goes out on a new one`() async throws {
        let server = try Self.forgetful(1...2)
        defer { server.stop() }
        let answer = try await Self.secondAnswer(of: server)
        #expect(answer.text == "connection 2" && answer.failure == nil)
        #expect(answer.head?.dispatches == 2 && answer.timings?.dispatches == 2)
        #expect(server.log == ["1: ", "1: costly", "2: costly"])
    }

    @Test func `a request is not repeated for ever`() async throws {
        let server = try Self.forgetful(1...1)
        defer { server.stop() }
        let answer = try await Self.secondAnswer(of: server)
        #expect(answer.failure == .receiveFailed)
        #expect(answer.timings?.requestMayHaveBeenSent == true)
        #expect(server.log == ["1: ", "1: costly", "2: costly"])
    }

    @Test func `a request that an upstream had for a while is never sent twice`() async throws {
        // What is tested is a time of silence: it has to pass.
        let server = try Self.forgetful(1...2) { usleep(100_000) }
        defer { server.stop() }
        let answer = try await Self.secondAnswer(of: server, crossingTime: .milliseconds(80))
        #expect(answer.failure == .receiveFailed)
        #expect(answer.timings?.requestMayHaveBeenSent == true)
        #expect(server.log == ["1: ", "1: costly"])
    }

    @Test func `a kept connection that was closed meanwhile is replaced`() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                connection.answer("connection \(connection.number)")
                guard !request.head.hasPrefix("GET /last") else { return }
            }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let body = [ByteBuffer(string: "{}")]
        let before = await reactor.run(TransferRequest(method: .get, url: server.url("/last")))
        #expect(before.text == "connection 1")
        // The close is on its way when the second request is sent, or has come: either way nobody read it.
        let after = await reactor.run(TransferRequest(method: .post, url: server.url(), body: body))
        #expect(after.text == "connection 2")
        let last = await reactor.run(TransferRequest(method: .post, url: server.url(), body: body))
        #expect(last.text == "connection 2")
    }

    @Test func `an early refusal of a long body arrives`() async throws {
        let server = try ScriptedServer { connection in
            guard connection.readHead() != nil else { return }
            connection.answer("too large", status: "413 Content Too Large", headers: "Connection: close\r\n")
            connection.halfClose()
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let body = [ByteBuffer(repeating: 0x20, count: 32 * 1024 * 1024)]
        let answer = await reactor.run(TransferRequest(method: .post, url: server.url(), body: body))
        #expect(answer.head?.status == 413)
        #expect(answer.text == "too large")
    }

    @Test func `nobody listening and no such name are told apart`() async throws {
        let server = try ScriptedServer(nil)
        let url = server.url()
        server.stop()
        let reactor = try await Habitat.reactor()
        let refused = await reactor.run(TransferRequest(method: .get, url: url))
        #expect(refused.failure == .connectFailed)
        #expect(refused.timings?.requestMayHaveBeenSent == false)
        let unknown = await reactor.run(TransferRequest(method: .get, url: "http://no-such-name.invalid/"))
        #expect(unknown.failure == .resolveFailed)
        #expect(unknown.timings?.requestMayHaveBeenSent == false)
    }

    @Test func `a server without TLS is a TLS failure`() async throws {
        let server = try ScriptedServer { connection in connection.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(TransferRequest(method: .get, url: "https://127.0.0.1:\(server.port)/"))
        #expect(answer.failure == .tlsFailed)
        #expect(answer.timings?.requestMayHaveBeenSent == false)
    }

    @Test func `a proxy gets the request, and for TLS only the name`() async throws {
        let proxy = try ScriptedServer { connection in
            guard let head = connection.readHead() else { return }
            connection.server.note(head)
            connection.answer("by proxy", status: head.hasPrefix("CONNECT") ? "403 Forbidden" : "200 OK")
        }
        defer { proxy.stop() }
        let reactor = try await Habitat.reactor()
        var request = TransferRequest(
            method: .get,
            url: "http://upstream.invalid/x",
            headers: [TransferHeader(name: "Authorization", text: "Bearer secret")]
        )
        request.proxy = proxy.url()
        let plain = await reactor.run(request)
        #expect(plain.text == "by proxy")
        request.url = "https://upstream.invalid/x"
        let tunnelled = await reactor.run(request)
        #expect(tunnelled.failure == .connectFailed)
        #expect(tunnelled.timings?.requestMayHaveBeenSent == false)
        #expect(proxy.log.first?.hasPrefix("GET http://upstream.invalid/x HTTP/1.1\r\n") == true)
        #expect(proxy.log.last?.hasPrefix("CONNECT upstream.invalid:443") == true)
        #expect(proxy.log.last?.contains("secret") == false)
    }
}
