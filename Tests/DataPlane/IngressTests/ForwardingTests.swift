import Canonical
import Contract
import Dialects
import Exchange
import Identity
import Testing
import Wire

/// What goes to the provider and what comes back, in the caller's own dialect.
@Suite(.timeLimit(.minutes(5))) struct ForwardingTests {
    @Test(arguments: Dialect.allCases)
    func `a whole answer is forwarded byte for byte, a request but for the model's name`(
        _ dialect: Dialect
    ) async throws {
        let sample = Sample(dialect)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(sample.answer) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: false))
            #expect(answer.status == 200)
            #expect(answer.text == sample.answer)
            #expect(answer.value("content-type") == "application/json")
            let request = try await gateway.upstream.requests(1)[0]
            #expect(request.line == "POST /base\(sample.path) HTTP/1.1")
            #expect(request.bodyText == sample.request(stream: false).replacing("\"main\"", with: #""up/1 \"é\"""#))
            let record = try await gateway.journal.record()
            #expect(record.requestID == answer.value("x-request-id"))
            #expect(request.values("x-request-id") == [record.requestID])
            #expect(record.endpoint == dialect.rawValue)
            #expect(record.tokenID == "rtr_metrum_alice_demo_test_good")
            #expect(record.group == "main" && record.target == "t" && record.provider == "up" && record.model == "m")
            #expect(!record.stream && record.status == 200 && record.complete && record.errorCode == nil)
            #expect(record.attempts == 1 && record.attemptFailure == nil && record.snapshotVersion == 42)
            #expect(record.usage == TokenUsage(input: 11, output: 7, cachedInput: nil, cacheWrite: nil))
            #expect(record.requestBytes == sample.request(stream: false).utf8.count)
            #expect(record.responseBytes == sample.answer.utf8.count)
            let times = [
                record.startedAt, record.bodyReadAt, record.attemptStartedAt, record.firstByteAt, record.endedAt,
            ].compactMap(\.self)
            #expect(times.count == 5 && times == times.sorted())
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a stream is forwarded byte for byte, without the usage that only the gateway asked for`(
        _ dialect: Dialect
    ) async throws {
        let sample = Sample(dialect)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(sample.events) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.status == 200)
            #expect(answer.text == sample.visibleEvents.joined())
            #expect(answer.value("content-type") == "text/event-stream; charset=utf-8")
            #expect(answer.value("cache-control") == "no-cache")
            #expect(answer.chunks != nil)
            var sent = sample.request(stream: true).replacing("\"main\"", with: #""up/1 \"é\"""#)
            if dialect == .openAIChat {
                sent.replace("{", with: #"{"stream_options":{"include_usage":true},"#, maxReplacements: 1)
            }
            #expect(try await gateway.upstream.requests(1)[0].bodyText == sent)
            let record = try await gateway.journal.record()
            #expect(record.stream && record.complete && record.status == 200 && record.errorCode == nil)
            #expect(record.usage.input == 11 && record.usage.output == 7)
            #expect(record.responseBytes == sample.visibleEvents.joined().utf8.count)
            #expect(record.firstTokenAt != nil)
        }
    }

    @Test(arguments: [false, true])
    func `where two models keep responses, only the ids differ, and lead back to the model that made them`(
        _ stream: Bool
    ) async throws {
        let sample = Sample(.openAIResponses)
        let answered = stream ? Framed.stream(sample.events) : Framed.json(sample.answer)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in answered }) { gateway in
            let first = try await gateway.answer(to: gateway.request(sample, stream: stream, model: "twins"))
            let name = try #require(first.text.firstMatch(of: /resp_r1_[A-Za-z0-9_-]+/)).output
            let expected = stream ? sample.events.joined() : sample.answer
            #expect(first.text.replacing(name, with: "resp_1") == expected)
            #expect(name.utf8.count < 128)
            let model = try await gateway.journal.record().model
            // Each turn goes to one of two by chance, if it is not led: 20 in a row are not by chance.
            for _ in 0..<20 {
                let body = #"{"previous_response_id":"\#(name)" , "model":"twins","input":"hi","store":false}"#
                _ = try await gateway.answer(to: gateway.request("POST", sample.path, body))
                let request = try #require(gateway.upstream.requests.last)
                #expect(
                    request.bodyText
                        == body.replacing(name, with: "resp_1").replacing("\"twins\"", with: #""up/1 \"é\"""#)
                )
            }
            #expect(try await gateway.journal.settled().allSatisfy { $0.model == model })
        }
    }

    @Test func `usage that the caller asked for is not hidden, and its request not changed`() async throws {
        let sample = Sample(.openAIChat)
        let body = #"{"model":"main","stream_options":{ "include_usage":true },"stream":true,"messages":[]}"#
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(sample.events) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request("POST", sample.path, body))
            #expect(answer.text == sample.events.joined())
            #expect(
                try await gateway.upstream.requests(1)[0].bodyText
                    == body.replacing("\"main\"", with: #""up/1 \"é\"""#)
            )
        }
    }

    @Test(arguments: [
        (#"{"include_usage":false,"x":1.50}"#, #"{"include_usage":true,"x":1.50}"#),
        ("null", #"{"include_usage":true}"#), ("{}", #"{"include_usage":true}"#),
    ])
    func `stream options of the caller's keep their other members`(_ given: String, _ sent: String) async throws {
        let sample = Sample(.openAIChat)
        let body = #"{"stream":true,"stream_options":\#(given),"model":"main"}"#
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(sample.events) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request("POST", sample.path, body))
            #expect(answer.text == sample.visibleEvents.joined())
            #expect(
                try await gateway.upstream.requests(1)[0].bodyText
                    == #"{"stream":true,"stream_options":\#(sent),"model":"up/1 \"é\""}"#
            )
        }
    }

    @Test func `a model that knows no stream options is sent none`() async throws {
        let sample = Sample(.openAIChat)
        let options = GatewayOptions { $0.quirks = JSONObject([("no_stream_options", true)]) }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in Framed.stream(sample.events) }) {
            gateway in
            _ = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(try await !gateway.upstream.requests(1)[0].bodyText.contains("stream_options"))
        }
    }

    @Test func `a model name written with escapes names the same group`() async throws {
        let sample = Sample(.openAIChat)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(sample.answer) }) { gateway in
            let body = #"{"messages":[],"\u006dodel" : "m\u0061in","z":0}"#
            let answer = try await gateway.answer(to: gateway.request("POST", sample.path, body))
            #expect(answer.status == 200)
            #expect(
                try await gateway.upstream.requests(1)[0].bodyText
                    == #"{"messages":[],"\u006dodel" : "up/1 \"é\"","z":0}"#
            )
        }
    }

    @Test(arguments: [8 * 1024, 64 * 1024, 200_000, 3_000_000])
    func `a long body is forwarded whole`(_ size: Int) async throws {
        let sample = Sample(.anthropicMessages)
        let filler = String(repeating: "long é ", count: size / 8)
        let before = #"{"max_tokens":5,"system":"\#(filler)","#
        let after = #","messages":[{"role":"user","content":"\#(filler)"}]}"#
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(sample.answer) }) { gateway in
            let body = #"\#(before)"model":"main"\#(after)"#
            let answer = try await gateway.answer(to: gateway.request("POST", sample.path, body))
            #expect(answer.status == 200)
            let sent = Array(#"\#(before)"model":"up/1 \"é\""\#(after)"#.utf8)
            #expect(try await gateway.upstream.requests(1)[0].body == sent, "the bodies differ")
        }
    }

    @Test(arguments: [200_000, 5_000_000])
    func `a long answer is forwarded whole`(_ size: Int) async throws {
        let sample = Sample(.openAIChat)
        let long = sample.answer.replacing(#""ok""#, with: "\"\(String(repeating: "xyz é", count: size / 6))\"")
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(long) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: false))
            #expect(answer.body == Array(long.utf8), "the bodies differ")
            #expect(try await gateway.journal.record().responseBytes == long.utf8.count)
        }
    }

    @Test func `providers at public addresses are asked by the proxy, the others directly`() async throws {
        let options = GatewayOptions { $0.isProxied = true }
        let sample = Sample(.openAIChat)
        let script = ScriptedUpstream.serving { _ in Framed.json(sample.answer) }
        try await Gateway.run(options, upstream: script) { gateway in
            for model in ["far", "main"] {
                let answer = try await gateway.answer(to: gateway.request(sample, stream: false, model: model))
                #expect(answer.status == 200)
            }
            let lines = gateway.upstream.requests.map(\.line)
            #expect(lines.first?.hasPrefix("POST http://provider.invalid/base/") == true)
            #expect(lines.last?.hasPrefix("POST /base/") == true)
        }
    }

    // MARK: Headers

    private static let hostileHeaders = """
        Cookie: session=1\r
        X-Forwarded-For: 10.0.0.1\r
        X-Forwarded-Host: evil\r
        Forwarded: for=x\r
        X-Real-IP: 10.0.0.1\r
        Proxy-Authorization: Basic eA==\r
        Accept: */*\r
        Accept-Encoding: gzip\r
        User-Agent: Evil/1\r
        Origin: http://x\r
        Referer: http://x\r
        X-Request-Id: mine\r
        X-Custom-Host: evil\r
        X-Stainless-Lang: python\r
        OpenAI-Organization: org\r
        Traceparent: 00-1-2-03\r
        TE: trailers\r
        Keep-Alive: timeout=5\r
        Transfer_Encoding: chunked\r
        Content_Length: 0\r
        anthropic-dangerous-direct-browser-access: true\r
        anthropic-version: 2024-01-01\r
        anthropic-beta: a-1,b-2\r
        Anthropic-Beta: c-3\r
        OpenAI-Beta: assistants=v2\r

        """

    @Test(arguments: Dialect.allCases)
    func `nothing of a caller's head goes on but its dialect's version and features`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(sample.answer) }) { gateway in
            let key = "x-api-key: \(gateway.tokens.good)\r\n"
            let request = gateway.request(sample, stream: false, headers: Self.hostileHeaders + key)
            let answer = try await gateway.answer(to: request)
            #expect(answer.status == 200)
            let sent = try await gateway.upstream.requests(1)[0]
            var names = [
                "accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent",
                "x-request-id",
            ]
            if dialect == .anthropicMessages {
                names += ["anthropic-beta", "anthropic-beta", "anthropic-version"]
                #expect(sent.values("anthropic-version") == ["2024-01-01"])
                #expect(sent.values("anthropic-beta") == ["a-1,b-2", "c-3"])
            } else {
                names.append("openai-beta")
            }
            #expect(sent.headerNames == names.sorted())
            #expect(sent.values("authorization") == ["Bearer \(Gateway.credential)"])
            #expect(sent.values("host") == ["127.0.0.1:\(gateway.upstream.port)"])
            #expect(sent.values("user-agent") == ["llm-gateway"])
            #expect(sent.values("accept-encoding") == ["identity"])
            #expect(!sent.head.contains(gateway.tokens.good))
        }
    }

    @Test(arguments: ProviderRecord.Authentication.allCases)
    func `the provider's credential travels as the provider wants it`(
        _ scheme: ProviderRecord.Authentication
    ) async throws {
        let sample = Sample(.anthropicMessages)
        let options = GatewayOptions {
            $0.authentication = scheme
            $0.headers = ["anthropic-version": "2099-01-01", "user-agent": "mine", "x-extra": "a b"]
        }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in Framed.json(sample.answer) }) {
            gateway in
            let request = gateway.request(sample, stream: false, headers: "anthropic-version: 2024-01-01\r\n")
            _ = try await gateway.answer(to: request)
            let sent = try await gateway.upstream.requests(1)[0]
            #expect(sent.values("authorization") == (scheme == .bearer ? ["Bearer \(Gateway.credential)"] : []))
            #expect(sent.values("x-api-key") == (scheme == .xAPIKey ? [Gateway.credential] : []))
            #expect(sent.values("api-key") == (scheme == .apiKey ? [Gateway.credential] : []))
            // What the deployment sets stands above what the caller says.
            #expect(sent.values("anthropic-version") == ["2099-01-01"])
            #expect(sent.values("user-agent") == ["mine"])
            #expect(sent.values("x-extra") == ["a b"])
        }
    }

    @Test func `a Messages request without a version gets one`() async throws {
        let sample = Sample(.anthropicMessages)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(sample.answer) }) { gateway in
            _ = try await gateway.answer(to: gateway.request(sample, stream: false))
            #expect(try await gateway.upstream.requests(1)[0].values("anthropic-version") == ["2023-06-01"])
        }
    }

    @Test(arguments: [false, true])
    func `nothing of a provider's head reaches the caller`(_ stream: Bool) async throws {
        let sample = Sample(.openAIChat)
        let extra =
            "Set-Cookie: a=b\r\nX-Request-Id: theirs\r\nServer: secret\r\nX-Upstream: 1\r\nX-Secret: \(Gateway.credential)\r\n"
        let framed =
            stream
            ? Framed.stream(sample.events).replacing("Transfer-Encoding", with: extra + "Transfer-Encoding")
            : Framed.json(sample.answer, headers: extra)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in framed }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: stream))
            let names = answer.head.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != ":" } }
            let expected =
                stream
                ? ["x-request-id", "date", "content-type", "transfer-encoding", "cache-control", "x-accel-buffering"]
                : ["x-request-id", "date", "content-type", "content-length"]
            #expect(names.map(String.init) == expected)
            #expect(answer.value("x-request-id") != "theirs")
        }
    }
}
