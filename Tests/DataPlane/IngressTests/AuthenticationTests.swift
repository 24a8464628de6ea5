import Exchange
import Identity
import Routing
import Testing
import Wire

/// Who may come in, for what, and what the others are told.
@Suite(.timeLimit(.minutes(5))) struct AuthenticationTests {
    private static func run(_ test: (Gateway) async throws -> Void) async throws {
        try await Gateway.run(
            upstream: ScriptedUpstream.serving { request in
                let dialect = Dialect.allCases.first { request.line.contains(Sample($0).path) } ?? .openAIChat
                return Framed.json(Sample(dialect).answer)
            },
            test
        )
    }

    @Test(arguments: Dialect.allCases)
    func `each state of a token has its own answer, in the caller's envelope`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        try await Self.run { gateway in
            let tokens = gateway.tokens
            var expected: [(String, Int, String?)] = [
                (tokens.good, 200, nil), (tokens.revoked, 403, "key-revoked"),
                (tokens.revokedLater, 403, "key-revoked"), (tokens.expired, 403, "key-expired"),
                (tokens.future, 403, "key-not-yet-valid"), (tokens.unknown, 401, "unauthorized"),
                (tokens.wrongSecret, 401, "unauthorized"), (tokens.good + "x", 401, "unauthorized"),
                (String(tokens.good.dropLast()), 401, "unauthorized"), ("sk-something", 401, "unauthorized"),
                ("", 401, "unauthorized"), (Tokens.id(of: tokens.good), 401, "unauthorized"),
            ]
            expected.append(
                dialect == .anthropicMessages
                    ? (tokens.messagesOnly, 200, nil) : (tokens.messagesOnly, 403, "endpoint-not-allowed")
            )
            let caller = try await gateway.connect()
            for (token, status, code) in expected {
                let body = sample.request(stream: false)
                try await caller.send(gateway.request("POST", sample.path, body, token: token))
                let answer = try await caller.readAnswer()
                #expect(answer.status == status && answer.errorCode == code, "\(token)")
                guard status != 200 else { continue }
                #expect(answer.isAnthropicError == (dialect == .anthropicMessages))
                #expect(answer.value("x-should-retry") == "false")
                #expect(answer.value("www-authenticate") == (status == 401 ? "Bearer" : nil))
                #expect(!token.isEmpty ? !answer.text.contains(token) : true)
            }
            #expect(gateway.upstream.requests.count == (dialect == .anthropicMessages ? 2 : 1))
            let records = try await gateway.journal.settled()
            #expect(records[0].tokenID == Tokens.id(of: tokens.good))
            #expect(records[1].tokenID == Tokens.id(of: tokens.revoked) && records[1].status == 403)
            // Whose id was presented with a wrong secret is not who it was.
            #expect(records[5].tokenID == nil && records[6].tokenID == nil)
        }
    }

    @Test func `an unknown token and a wrong secret look the same but for the request id`() async throws {
        try await Self.run { gateway in
            func normal(_ token: String) async throws -> String {
                let answer = try await gateway.answer(to: gateway.request("GET", "/v1/models", token: token))
                let id = try #require(answer.value("x-request-id"))
                #expect(answer.json?["error"]?["details"]?["request_id"]?.stringValue == id)
                let date = try #require(answer.value("date"))
                return (answer.head + answer.text).replacing(id, with: "ID").replacing(date, with: "DATE")
            }
            let unknown = try await normal(gateway.tokens.unknown)
            #expect(try await normal(gateway.tokens.wrongSecret) == unknown)
            #expect(try await normal("nonsense") == unknown)
        }
    }

    @Test func `the credential may come in either header, in both only when they agree`() async throws {
        try await Self.run { gateway in
            let good = gateway.tokens.good
            for (headers, status) in [
                ("Authorization: Bearer \(good)\r\n", 200), ("authorization: bEaReR   \(good)\r\n", 200),
                ("x-api-key: \(good)\r\n", 200), ("X-API-Key: \(good)\r\nAuthorization: Bearer \(good)\r\n", 200),
                ("Authorization: Basic \(good)\r\n", 401), ("Authorization: \(good)\r\n", 401), ("", 401),
                ("x-api-key: \(good)\r\nAuthorization: Bearer \(gateway.tokens.unknown)\r\n", 400),
                ("x-api-key: \(good)\r\nx-api-key: \(good)\r\n", 400),
                ("Authorization: Bearer \(good)\r\nAuthorization: Bearer \(good)\r\n", 400),
                ("x-api-key: Bearer \(good)\r\n", 401),
            ] {
                let request = gateway.request("GET", "/v1/models", token: .some(nil), headers: headers)
                let answer = try await gateway.answer(to: request)
                #expect(answer.status == status, "\(headers)")
                #expect(answer.errorCode == [401: "unauthorized", 400: "invalid-request"][status])
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `groups that do not exist and groups that are not allowed look the same`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        try await Self.run { gateway in
            var bodies: Set<String> = []
            for model in ["forbidden", "nowhere", "MAIN", "main ", ""] {
                let body = sample.request(model: model, stream: false)
                let answer = try await gateway.answer(to: gateway.request("POST", sample.path, body))
                #expect(answer.status == 403 && answer.errorCode == "model-not-allowed")
                let id = try #require(answer.value("x-request-id"))
                bodies.insert(answer.text.replacing(id, with: "ID"))
            }
            #expect(bodies.count == 1)
            let one = try await gateway.answer(to: gateway.request("GET", "/v1/models/forbidden"))
            #expect(one.status == 404)
            #expect(gateway.upstream.requests.isEmpty)
        }
    }

    @Test func `the list of models is what the token may use`() async throws {
        try await Self.run { gateway in
            for path in ["/v1/models", "/models", "/anthropic/v1/models", "/v1/models?limit=1"] {
                let answer = try await gateway.answer(to: gateway.request("GET", path))
                #expect(answer.status == 200)
                let ids = answer.json?["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
                #expect(ids == GatewaySnapshot.allowed)
                #expect(!answer.text.contains("up/1") && !answer.text.contains("127.0.0.1"))
            }
        }
    }

    @Test func `no target that can serve is told with each target's reason and no names`() async throws {
        let sample = Sample(.anthropicMessages)
        try await Self.run { gateway in
            let body = sample.request(model: "lame", stream: false)
            let answer = try await gateway.answer(to: gateway.request("POST", sample.path, body))
            #expect(answer.status == 502 && answer.errorCode == "no-eligible-target")
            let reasons = answer.json?["error"]?["details"]?["targets"]?.arrayValue?.compactMap {
                $0["reason"]?.stringValue
            }
            #expect(reasons == ["dialect", "disabled", "weight-zero"])
            #expect(!answer.text.contains("mute"))
            let record = try await gateway.journal.record()
            #expect(record.group == "lame" && record.target == nil && record.attempts == 0)
        }
    }

    // MARK: A gateway that cannot know

    @Test(arguments: [true, false])
    func `without a snapshot, or with one too old, nobody is refused for who he is`(_ stale: Bool) async throws {
        try await Self.run { gateway in
            gateway.serving.update { $0 = stale ? .stale : .notReady }
            let caller = try await gateway.connect()
            for token in [gateway.tokens.good, gateway.tokens.unknown, nil] {
                for (path, anthropic) in [("/v1/messages", true), ("/v1/chat/completions", false)] {
                    try await caller.send(gateway.request("POST", path, "{}", token: .some(token)))
                    let answer = try await caller.readAnswer()
                    #expect(answer.status == 503 && answer.errorCode == "not-ready")
                    #expect(answer.isAnthropicError == anthropic)
                    #expect(Int(answer.value("retry-after") ?? "") != nil)
                    #expect(answer.value("x-should-retry") != "false")
                }
            }
            try await caller.send(gateway.request("GET", "/", token: .some(nil)))
            #expect(try await caller.readAnswer().status == 200)
        }
    }

    @Test func `a token revoked while a request runs is refused at the next one`() async throws {
        let sample = Sample(.openAIChat)
        try await Self.run { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: false))
            #expect(try await caller.readAnswer().status == 200)
            let good = Tokens.id(of: gateway.tokens.good)
            gateway.serving.update { serving in
                if case .ready(let state) = serving { serving = .ready(state.revoking([good])) }
            }
            try await caller.send(gateway.request(sample, stream: false))
            let answer = try await caller.readAnswer()
            #expect(answer.status == 403 && answer.errorCode == "key-revoked")
        }
    }
}
