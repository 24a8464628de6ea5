import Exchange
import Identity
import Ingress
import NIOCore
import Testing
import Wire

/// Requests that are refused for what they are, before anybody upstream hears of them.
@Suite(.timeLimit(.minutes(5))) struct MalformedRequestTests {
    private static func run(
        _ options: GatewayOptions = GatewayOptions(),
        _ test: (Gateway) async throws -> Void
    ) async throws {
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            try await test(gateway)
            #expect(gateway.upstream.requests.isEmpty)
        }
    }

    /// Heads whose framing or meaning two parsers could see differently; `%` stands for the path.
    private static let unframeable: [(name: String, request: String)] = [
        ("no host", "POST % HTTP/1.1\r\nContent-Length: 0\r\n\r\n"),
        ("two hosts", "POST % HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("the same host twice", "POST % HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        ("a path in the host", "POST % HTTP/1.1\r\nHost: a/b?c@d\r\n\r\n"),
        ("an empty host", "POST % HTTP/1.1\r\nHost:\r\n\r\n"),
        ("a comma in the host", "POST % HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        ("absolute form", "POST http://other% HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a fragment", "POST %#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("gzip before chunked", "POST % HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (
            "identity before chunked",
            "POST % HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"
        ),
        ("chunked in HTTP/1.0", "POST % HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (
            "length and chunked",
            "POST % HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "chunked and length",
            "POST % HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        ),
        (
            "chunked twice",
            "POST % HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("xchunked", "POST % HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("chunked, identity", "POST % HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        ("a tab before chunked", "POST % HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u{b}chunked\r\n\r\n0\r\n\r\n"),
        ("two lengths", "POST % HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        ("the same length twice", "POST % HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
        ("a signed length", "POST % HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}"),
        ("a negative length", "POST % HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n{}"),
        ("a hexadecimal length", "POST % HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\n{}"),
        ("a length of 2^64", "POST % HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n{}"),
        ("a space before the colon", "POST % HTTP/1.1\r\nHost: a\r\nContent-Length : 2\r\n\r\n{}"),
        ("a folded line", "POST % HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
        ("a bare LF", "POST % HTTP/1.1\nHost: a\n\n"),
        ("a bare CR", "POST % HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
        ("a zero byte", "POST % HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n"),
        ("a name with 8 bits", "POST % HTTP/1.1\r\nHost: a\r\nXé: a\r\n\r\n"),
        ("HTTP/0.9", "GET %\r\n"),
        ("HTTP/2.0", "POST % HTTP/2.0\r\nHost: a\r\n\r\n"),
        ("the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("an unknown method", "BREW % HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a method in lower case", "post % HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n"),
        ("nothing that HTTP would be", "hello\r\n\r\n"),
    ]

    @Test(arguments: unframeable.map(\.name), [false, true])
    func `a request that cannot be framed is refused and its connection closed`(
        _ name: String,
        _ anthropic: Bool
    ) async throws {
        let template = try #require(Self.unframeable.first { $0.name == name }).request
        let request = template.replacing("%", with: anthropic ? "/v1/messages" : "/v1/responses")
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            // A second request in the same breath must not be served: where the first one ends is not known.
            try await caller.send(request + gateway.request("GET", "/v1/models"))
            let answer = try await caller.readAnswer()
            #expect(answer.status == 400 && answer.errorCode == "invalid-request")
            #expect(answer.value("connection") == "close")
            #expect(answer.value("x-should-retry") == "false")
            let hasPath = !["CONNECT", "TLS", "the HTTP/2 preface", "nothing that HTTP would be"].contains(name)
            // A target that is no path is nobody's.
            if name != "absolute form" { #expect(answer.isAnthropicError == (anthropic && hasPath)) }
            #expect(try await caller.readToEnd().isEmpty)
            #expect(try await gateway.journal.record().status == 400)
        }
    }

    @Test(arguments: ["no host", "two hosts", "a path in the host", "gzip before chunked"])
    func `what can be read of a malformed head decides the envelope`(_ name: String) async throws {
        let template = try #require(Self.unframeable.first { $0.name == name }).request
        try await Self.run { gateway in
            let openAI = try await gateway.answer(to: template.replacing("%", with: "/v1/chat/completions"))
            #expect(openAI.status == 400 && !openAI.isAnthropicError)
            let anthropic = try await gateway.answer(to: template.replacing("%", with: "/anthropic/v1/messages"))
            #expect(anthropic.status == 400 && anthropic.isAnthropicError)
        }
    }

    @Test func `a head that is refused in pieces, or behind another request, has its caller's envelope`() async throws {
        try await Self.run { gateway in
            let pieces = try await gateway.connect()
            try await pieces.send("POST /anthropic/v1/mess")
            try await pieces.send("ages?beta=true HTTP/1.1\r\nHost: a\r\n")
            try await pieces.send("X\u{1}: 1\r\n\r\n")
            #expect(try await pieces.readAnswer().isAnthropicError)

            let second = try await gateway.connect()
            try await second.send(gateway.request("GET", "/v1/models"))
            #expect(try await second.readAnswer().status == 200)
            try await second.send("POST /v1/messages HTTP/1.1\r\nHost : a\r\n\r\n")
            let refusal = try await second.readAnswer()
            #expect(refusal.status == 400 && refusal.isAnthropicError)

            // Where a request begins that shares its packet with another is the parser's alone to know.
            let pipelined = try await gateway.connect()
            try await pipelined.send(
                gateway.request("GET", "/v1/models") + "POST /v1/messages HTTP/1.1\r\nHost : a\r\n\r\n"
            )
            #expect(try await pipelined.readAnswer().status == 200)
            let behind = try await pipelined.readAnswer()
            #expect(behind.status == 400 && !behind.isAnthropicError)
        }
    }

    @Test(arguments: [
        "5\nhello\r\n0\r\n\r\n", "5;a\nb\r\nhello\r\n", "xyz\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n",
        "fffffffffffffffff\r\n", "5\r\nhelloworld\r\n", "-1\r\n",
    ])
    func `a broken chunk in a body is refused at once`(_ chunks: String) async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let head = gateway.request("POST", "/v1/messages", headers: "Transfer-Encoding: chunked\r\n")
            try await caller.send(head + Framed.chunk("{\"model\":") + chunks)
            let answer = try await caller.readAnswer()
            #expect(answer.status == 400 && answer.isAnthropicError)
            #expect(try await caller.readToEnd().isEmpty)
            let record = try await gateway.journal.record()
            #expect(record.status == 400 && record.endpoint == "anthropic-messages")
        }
    }

    // MARK: Form

    @Test(arguments: [
        ("POST /v1/models", 405, "method-not-allowed"), ("GET /v1/chat/completions", 405, "method-not-allowed"),
        ("DELETE /v1/messages", 405, "method-not-allowed"), ("POST /", 405, "method-not-allowed"),
        ("OPTIONS /v1/responses", 405, "method-not-allowed"), ("POST /v1/nothing", 404, "not-found"),
        ("POST /v1/chat/completions/", 404, "not-found"), ("POST //v1/chat/completions", 404, "not-found"),
        ("POST /v1/chat%2fcompletions", 404, "not-found"), ("POST /V1/chat/completions", 404, "not-found"),
        ("POST /v1/chat/completions;x", 404, "not-found"), ("POST /v1/./chat/completions", 404, "not-found"),
        ("GET /v1/models/", 404, "not-found"), ("GET /v1/models/a/b", 404, "not-found"),
        ("OPTIONS *", 404, "not-found"), ("GET /livez", 404, "not-found"), ("GET /metrics", 404, "not-found"),
    ])
    func `paths and methods are taken literally`(_ line: String, _ status: Int, _ code: String) async throws {
        let parts = line.split(separator: " ").map { String($0) }
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            for _ in 0..<2 {
                try await caller.send(gateway.request(parts[0], parts[1], "{}"))
                let answer = try await caller.readAnswer()
                #expect(answer.status == status && answer.errorCode == code)
                let allowed = parts[1] == "/" || parts[1].hasPrefix("/v1/models") ? "GET, HEAD" : "POST"
                #expect(answer.value("allow") == (status == 405 ? allowed : nil))
            }
            // Nobody learns what there is without a token.
            guard parts[1] != "/" else { return }
            try await caller.send(gateway.request(parts[0], parts[1], "{}", token: .some(nil)))
            #expect(try await caller.readAnswer().status == 401)
        }
    }

    @Test(arguments: [
        ("Content-Encoding: gzip", 415, "unsupported-media-type"),
        ("Content-Encoding: br", 415, "unsupported-media-type"),
        ("Content-Encoding: identity, gzip", 415, "unsupported-media-type"),
        ("Content-Type: multipart/form-data", 415, "unsupported-media-type"),
        ("Content-Type: application/xml", 415, "unsupported-media-type"),
        ("Expect: 200-ok", 417, "invalid-request"),
    ])
    func `a body in a form that is not accepted is refused by its head`(
        _ header: String,
        _ status: Int,
        _ code: String
    ) async throws {
        let gzipped: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 5, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0,
        ]
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let head = gateway.request(
                "POST",
                "/v1/messages",
                headers: "\(header)\r\nContent-Length: \(gzipped.count)\r\n"
            )
            try await caller.send(Array(head.utf8) + gzipped)
            let answer = try await caller.readAnswer()
            #expect(answer.status == status && answer.errorCode == code && answer.isAnthropicError)
            #expect(answer.value("accept-encoding") == (header.hasPrefix("Content-Encoding") ? "identity" : nil))
        }
    }

    @Test(
        arguments: [
            ("", "invalid-request", nil), ("[]", "invalid-request", nil), ("{}", "missing-model", "model"),
            (#"{"model":null}"#, "missing-model", "model"), (#"{"model":7}"#, "invalid-request", "model"),
            (#"{"model":"main","model":"forbidden"}"#, "invalid-request", nil),
            (#"{"model":"main","m\u006fdel":"forbidden"}"#, "invalid-request", nil),
            (#"{"model":"main","a":{"b":1,"b":2}}"#, "invalid-request", nil),
            (#"{"model":"main"}x"#, "invalid-request", nil), ("\u{feff}{\"model\":\"main\"}", "invalid-request", nil),
            (#"{"model":"main",}"#, "invalid-request", nil),
            (#"{"model":"main","stream":"yes"}"#, "invalid-request", "stream"),
            (#"{"model":"main","stream":true,"stream_options":[]}"#, "invalid-request", "stream_options"),
            (#"{"model":"main","a":01}"#, "invalid-request", nil), (#"{"model":"ma"#, "invalid-request", nil),
            (#"{"model":"main","a":"# + String(repeating: "[", count: 10_000), "invalid-request", nil),
            (
                #"{"model":"main","a":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}",
                "invalid-request", nil
            ),
        ] as [(String, String, String?)]
    )
    func `a body that is not usable is refused with the field that is wrong, and the connection lives on`(
        _ body: String,
        _ code: String,
        _ parameter: String?
    ) async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            for dialect in Dialect.allCases {
                try await caller.send(gateway.request("POST", Sample(dialect).path, body))
                let answer = try await caller.readAnswer()
                #expect(answer.status == 400 && answer.errorCode == code)
                let error = answer.json?["error"]
                #expect((error?["param"] ?? error?["details"]?["param"])?.stringValue == parameter)
            }
        }
    }

    // MARK: Size

    private static let tooLong = 64 * 1024 * 1024 + 1

    @Test func `a body that is announced as too long is refused before it is sent`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let headers = "Expect: 100-continue\r\nContent-Length: \(Self.tooLong)\r\n"
            try await caller.send(gateway.request("POST", "/v1/messages", headers: headers))
            let answer = try await caller.readAnswer()
            #expect(answer.status == 413 && answer.errorCode == "request-too-large" && answer.isAnthropicError)
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test func `the longest body is read, and judged by what it says`() async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let head = gateway.request("POST", "/v1/messages", headers: "Content-Length: \(Self.tooLong - 1)\r\n")
            try await caller.send(head)
            try await caller.send(ByteBuffer(repeating: 0x20, count: Self.tooLong - 1))
            #expect(try await caller.readAnswer().status == 400)
        }
    }

    @Test(arguments: [false, true])
    func `a body that is too long is refused although its sender only listens at its end`(_ chunked: Bool) async throws
    {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            let framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(Self.tooLong)"
            try await caller.send(gateway.request("POST", "/v1/chat/completions", headers: framing + "\r\n"))
            let size = 4 * 1024 * 1024
            let piece = ByteBuffer(repeating: 0x20, count: size)
            for _ in 0..<16 {
                if chunked { try await caller.send("400000\r\n") }
                try await caller.send(piece)
                if chunked { try await caller.send("\r\n") }
            }
            try await caller.send(chunked ? "1\r\n \r\n0\r\n\r\n" : " ")
            let answer = try await caller.readAnswer()
            #expect(answer.status == 413 && answer.errorCode == "request-too-large")
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test(arguments: [
        String(repeating: "X-Filler: \(String(repeating: "y", count: 300))\r\n", count: 120),
        String(repeating: "X: y\r\n", count: 101), "X-Long: \(String(repeating: "y", count: 40_000))\r\n",
    ])
    func `a head that is too large is refused`(_ headers: String) async throws {
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request("GET", "/v1/models", headers: headers))
            let answer = try await caller.readAnswer()
            #expect(answer.status == 431 && answer.value("connection") == "close")
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test func `a path that is too long is refused`() async throws {
        try await Self.run { gateway in
            let path = "/v1/models/" + String(repeating: "a", count: 100_000)
            let caller = try await gateway.connect()
            try await caller.send(gateway.request("GET", path))
            #expect((400..<500).contains(try await caller.readAnswer().status))
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test func `bodies beyond the memory set aside for them are refused, and the memory comes back`() async throws {
        try await Self.run(GatewayOptions { $0.limits.bufferedBodyBytes = 1_000_000 }) { gateway in
            let first = try await gateway.connect()
            let head = gateway.request("POST", "/v1/messages", headers: "Content-Length: 900000\r\n")
            try await first.send(head + String(repeating: " ", count: 800_000))
            while try await gateway.holdings().bodyBytes < 800_000 { await Task.yield() }
            let second = try await gateway.connect()
            let other = gateway.request("POST", "/v1/messages", String(repeating: " ", count: 300_000))
            try await second.send(other)
            let refused = try await second.readAnswer()
            #expect(refused.status == 503 && refused.errorCode == "not-ready" && refused.isAnthropicError)
            #expect(refused.value("retry-after") == "1")
            await first.close()
            _ = try await gateway.journal.records(2)
            try await second.send(other)
            #expect(try await second.readAnswer().status == 400)
        }
    }
}
