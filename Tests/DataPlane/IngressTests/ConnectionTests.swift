import Exchange
import Identity
import Ingress
import NIOCore
import Testing

/// Requests one after the other on a connection: cut, joined, pipelined, and what ends the connection.
@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    private static let sample = Sample(.openAIChat)

    private static func run(
        _ options: GatewayOptions = GatewayOptions(),
        _ test: (Gateway) async throws -> Void
    ) async throws {
        try await Gateway.run(
            options,
            upstream: ScriptedUpstream.serving { _ in Framed.json(Self.sample.answer) },
            test
        )
    }

    @Test func `a pair of requests cut at any byte gets its two answers`() async throws {
        try await Self.run { gateway in
            let pair = Array(
                (gateway.request("GET", "/v1/models/main") + gateway.request(Self.sample, stream: false)).utf8
            )
            let caller = try await gateway.connect()
            for cut in 0..<pair.count {
                try await caller.send(Array(pair[..<cut]))
                try await gateway.turn()
                try await caller.send(Array(pair[cut...]))
                let first = try await caller.readAnswer()
                let second = try await caller.readAnswer()
                guard first.status == 200, first.text.contains("\"id\":\"main\""), second.text == Self.sample.answer
                else {
                    Issue.record("cut at \(cut): \(first.head) \(second.head)\(second.text)")
                    return
                }
            }
            #expect(gateway.upstream.connections.count == 1)
            #expect(gateway.server.connections == 1)
        }
    }

    @Test func `a chunked body cut at any byte is the same body`() async throws {
        try await Self.run { gateway in
            let body = Self.sample.request(stream: false)
            let head = gateway.request("POST", Self.sample.path).replacing(
                "\r\n\r\n",
                with: "\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let pieces = [body.prefix(1), body.dropFirst(1).prefix(20), body.dropFirst(21)].map {
                Framed.chunk(String($0))
            }
            let bytes = Array((head + pieces.joined() + "0\r\nX-Trailer: 1\r\n\r\n").utf8)
            let caller = try await gateway.connect()
            for cut in head.utf8.count - 10..<bytes.count {
                try await caller.send(Array(bytes[..<cut]))
                try await gateway.turn()
                try await caller.send(Array(bytes[cut...]))
                #expect(try await caller.readAnswer().status == 200)
            }
            let expected = body.replacing("\"main\"", with: #""up/1 \"é\"""#)
            #expect(gateway.upstream.requests.allSatisfy { $0.bodyText == expected })
        }
    }

    @Test func `a request that comes one byte at a time is served`() async throws {
        // Some 300 turns of the loop: a busy machine must not run into the limits on slow callers.
        let options = GatewayOptions {
            $0.limits.firstHead = 600
            $0.limits.bodyGrace = 600
        }
        try await Self.run(options) { gateway in
            let caller = try await gateway.connect()
            for byte in Array(gateway.request(Self.sample, stream: false).utf8) {
                try await caller.send([byte])
                try await gateway.turn()
            }
            #expect(try await caller.readAnswer().text == Self.sample.answer)
        }
    }

    @Test func `fifty pipelined requests are answered in their order`() async throws {
        try await Gateway.run(
            upstream: ScriptedUpstream.serving { request in
                let mark = request.bodyText.split(separator: "mark-").last.map { $0.prefix(2) } ?? ""
                return Framed.json(Self.sample.answer.replacing("\"ok\"", with: "\"echo-\(mark)\""))
            }
        ) { gateway in
            let requests = (10..<60).map { number in
                gateway.request(
                    "POST",
                    Self.sample.path,
                    #"{"model":"main","messages":[{"content":"mark-\#(number)"}]}"#
                )
            }
            let caller = try await gateway.connect()
            try await caller.send(requests.joined())
            for number in 10..<60 {
                let answer = try await caller.readAnswer()
                #expect(answer.status == 200 && answer.text.contains("\"echo-\(number)\""))
            }
            #expect(gateway.upstream.connections.count == 1)
            #expect(gateway.server.connections == 1)
        }
    }

    @Test func `thousands of small requests behind a slow one do not pile up on the stack`() async throws {
        let goOn = Bulletin(false)
        let count = 8000
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await goOn.wait(for: "leave to answer") { $0 ? () : nil }
            try await connection.send(Framed.json(Self.sample.answer))
        } _: { gateway in
            let caller = try await gateway.connect()
            // A long body makes the server read in large pieces, so that the slow one comes with most of the rest.
            let long = gateway.request("POST", Self.sample.path, String(repeating: " ", count: 1 << 20))
            let small = String(repeating: "GET / HTTP/1.1\r\nHost:a\r\n\r\n", count: count)
            try await caller.send(long + gateway.request(Self.sample, stream: false) + small)
            #expect(try await caller.readAnswer().status == 400)
            try await gateway.upstream.requests(1)
            try await gateway.turn()
            goOn.update { $0 = true }
            #expect(try await caller.readAnswer().text == Self.sample.answer)
            for _ in 0..<count {
                guard try await caller.readAnswer().status == 200 else {
                    Issue.record("one of them failed")
                    return
                }
            }
        }
    }

    @Test func `a caller that pipelines and does not read is not read from either`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect(receiveBuffer: 16 * 1024)
            let batch = ByteBuffer(string: String(repeating: "GET / HTTP/1.1\r\nHost:a\r\n\r\n", count: 4000))
            // Until the kernel takes no more: nothing was read for a second and a half.
            let sending = Bulletin((sent: 0, isDone: false))
            let sender = Task {
                for _ in 0..<400 {
                    try await caller.send(batch)
                    sending.update { $0.sent += 1 }
                }
                sending.update { $0.isDone = true }
            }
            while true {
                let before = sending.value.sent
                let grew = try? await sending.wait(for: "progress", seconds: 2) { $0.sent > before ? true : nil }
                if grew != true || sending.value.isDone { break }
            }
            #expect(!sending.value.isDone, "the gateway took 43 MB of requests from a caller that read no answer")
            let buffered = try await gateway.bufferedBytes()
            #expect(buffered < 256 * 1024)
            sender.cancel()
            try await caller.reset()
        }
    }

    // MARK: Ends

    @Test func `connection close ends the connection behind the answer, and what follows is not read`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request(Self.sample, stream: false, headers: "Connection: close\r\n")
            try await caller.send(request + gateway.request("GET", "/v1/models"))
            let answer = try await caller.readAnswer()
            #expect(answer.text == Self.sample.answer && answer.value("connection") == "close")
            #expect(try await caller.readToEnd().isEmpty)
            #expect(gateway.journal.begun == 1)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false), ("HTTP/1.1", "Connection: Keep-Alive", true),
        ("HTTP/1.1", "Connection: close\r\nConnection: keep-alive", false),
        ("HTTP/1.1", "Connection: keep-alive, Close", false), ("HTTP/1.0", "", false),
        ("HTTP/1.0", "Connection: keep-alive", true), ("HTTP/1.0", "Connection: x", false),
        ("HTTP/1.0", "Connection: close", false),
    ])
    func `a connection lives on as the request says`(_ version: String, _ header: String, _ lives: Bool) async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request("GET", "/v1/models", headers: header.isEmpty ? "" : header + "\r\n")
                .replacing("HTTP/1.1", with: version)
            try await caller.send(request)
            let answer = try await caller.readAnswer()
            #expect(answer.status == 200)
            if lives {
                #expect(answer.value("connection") == (version == "HTTP/1.0" ? "keep-alive" : nil))
                try await caller.send(request)
                #expect(try await caller.readAnswer().status == 200)
            } else {
                #expect(answer.value("connection") == "close")
                #expect(try await caller.readToEnd().isEmpty)
            }
        }
    }

    @Test(arguments: ["/", "/api/hello", "/v1/models", "/v1/models/main", "/v1/models/none", "/v1/chat/completions"])
    func `HEAD is answered like GET without the body`(_ path: String) async throws {
        try await Self.run { gateway in
            let get = try await gateway.answer(to: gateway.request("GET", path))
            let caller = try await gateway.connect()
            for _ in 0..<2 {
                try await caller.send(gateway.request("HEAD", path))
                let head = try await caller.readAnswer(toHead: true)
                #expect(head.status == get.status)
                #expect(head.value("content-length") == get.value("content-length"))
                #expect(head.value("content-type") == get.value("content-type"))
            }
            try await caller.send(gateway.request("GET", "/"))
            #expect(try await caller.readAnswer().text.contains("documentation"))
        }
    }

    @Test func `a caller that waits for leave to send its body gets it`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request(Self.sample, stream: false, headers: "Expect: 100-Continue\r\n")
            let end = try #require(request.firstRange(of: "\r\n\r\n"))
            for _ in 0..<2 {
                try await caller.send(String(request[..<end.upperBound]))
                #expect(try await caller.readHead().head == "HTTP/1.1 100 Continue\r\n\r\n")
                try await caller.send(String(request[end.upperBound...]))
                #expect(try await caller.readAnswer().text == Self.sample.answer)
            }
            // HTTP/1.0 knows no interim answers.
            try await caller.send(request.replacing("HTTP/1.1", with: "HTTP/1.0"))
            #expect(try await caller.readAnswer().status == 200)
        }
    }

    @Test func `a caller that waits for leave and is refused is disconnected`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request(
                "POST",
                Self.sample.path,
                "{}",
                token: .some(nil),
                headers: "Expect: 100-continue\r\n"
            )
            // The body is never sent: what came next on the connection could be it.
            try await caller.send(String(request.dropLast(2)))
            let answer = try await caller.readAnswer()
            #expect(answer.status == 401 && answer.value("connection") == "close")
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test func `a request that is refused early keeps the connection, its body thrown away`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let body = String(repeating: "x", count: 300_000)
            for _ in 0..<3 {
                try await caller.send(gateway.request("POST", Self.sample.path, body, token: .some(nil)))
                #expect(try await caller.readAnswer().status == 401)
            }
            try await caller.send(gateway.request(Self.sample, stream: false))
            #expect(try await caller.readAnswer().text == Self.sample.answer)
        }
    }

    @Test func `a refused body that does not end costs the connection, not the answer`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request("POST", Self.sample.path, "", token: .some(nil))
            try await caller.send(request.replacing("Content-Length: 0", with: "Content-Length: 60000000"))
            let sender = Task {
                let piece = ByteBuffer(repeating: 0x20, count: 1 << 20)
                for _ in 0..<57 { try await caller.send(piece) }
            }
            #expect(try await caller.readAnswer().status == 401)
            try await caller.waitForEnd()
            sender.cancel()
            _ = await sender.result
        }
    }

    @Test func `garbage behind a request does not cost it its answer`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(Self.sample, stream: false) + "\r\n\u{1}garbage\r\n\r\n")
            #expect(try await caller.readAnswer().text == Self.sample.answer)
            let second = try await caller.readAnswer()
            #expect(second.status == 400 && second.errorCode == "invalid-request")
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test func `a request behind one that wants an upgrade is not read`() async throws {
        try await Self.run { gateway in
            let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            for (request, status) in [
                (gateway.request("GET", "/v1/responses", headers: upgrade), 426),
                (gateway.request("POST", "/v1/responses", "{}", headers: upgrade), 400),
                (gateway.request("GET", "/v1/responses", token: .some(nil), headers: upgrade), 401),
                (gateway.request("GET", "/", headers: upgrade), 426),
            ] {
                let caller = try await gateway.connect()
                try await caller.send(request + gateway.request("GET", "/"))
                let answer = try await caller.readAnswer()
                #expect(answer.status == status)
                #expect(answer.head.contains("\r\nconnection: close"))
                #expect(answer.value("upgrade") == (status == 426 ? "HTTP/1.1" : nil))
                #expect(answer.head.contains("\r\nconnection: upgrade") == (status == 426))
                #expect(try await caller.readToEnd().isEmpty)
            }
        }
    }

    @Test(arguments: [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA\r\n",
        "Connection: upgrade\r\nUpgrade: TLS/1.0\r\n",
        "Connection: keep-alive\r\nConnection: Upgrade\r\nUpgrade: x\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket\r\n", "Proxy-Connection: Upgrade\r\nUpgrade: h2c\r\n",
        "Upgrade: h2c\r\nConnection: upgrade,\u{301}\r\n",
    ])
    func `a request that offers an upgrade is answered, and is the connection's last`(_ headers: String) async throws {
        try await Self.run { gateway in
            let body = Self.sample.request(stream: false)
            let whole = gateway.request(Self.sample, stream: false, headers: headers)
            let chunked = gateway.request("POST", Self.sample.path, headers: headers + "Transfer-Encoding: chunked\r\n")
            for request in [whole, chunked + Framed.chunk(body) + "0\r\n\r\n"] {
                for (head, tail) in [
                    (request + gateway.request("GET", "/"), ""), (request, gateway.request("GET", "/")),
                    (String(request.dropLast(20)), request.suffix(20) + gateway.request("GET", "/")),
                ] {
                    let caller = try await gateway.connect()
                    try await caller.send(head)
                    try await gateway.turn()
                    try await caller.send(String(tail))
                    let answer = try await caller.readAnswer()
                    #expect(answer.text == Self.sample.answer && answer.value("connection") == "close")
                    #expect(try await caller.readToEnd().isEmpty)
                }
            }
        }
    }

    @Test(arguments: [
        "Upgrade: h2c\r\n", "Upgrade: websocket\r\nConnection: keep-alive\r\n", "Connection: Upgrade\r\n",
    ])
    func `an upgrade that is not whole means nothing`(_ headers: String) async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            for _ in 0..<2 {
                try await caller.send(gateway.request(Self.sample, stream: false, headers: headers))
                let answer = try await caller.readAnswer()
                #expect(answer.text == Self.sample.answer && answer.value("connection") == nil)
            }
        }
    }

    @Test(arguments: [false, true])
    func `a caller beyond the limit of connections is closed at once`(isPerAddress: Bool) async throws {
        let options = GatewayOptions { options in
            if isPerAddress { options.limits.connectionsPerAddress = 2 } else { options.limits.connections = 2 }
        }
        try await Self.run(options) { gateway in
            let first = try await gateway.connect()
            let second = try await gateway.connect()
            for caller in [first, second] {
                try await caller.send(gateway.request("GET", "/"))
                #expect(try await caller.readAnswer().status == 200)
            }
            let third = try await gateway.connect()
            try await third.waitForEnd()
            await first.close()
            #expect(gateway.server.connections <= 2)
            // Its place is free once the server has seen it go.
            while true {
                let next = try await gateway.connect()
                try? await next.send(gateway.request("GET", "/"))
                if let answer = try? await next.readAnswer() {
                    #expect(answer.status == 200)
                    break
                }
            }
        }
    }
}
