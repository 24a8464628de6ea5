import Canonical
import Contract
import Dialects
import Exchange
import Identity
import Testing
import Wire

@testable import Ingress

/// What callers can ask about the way of their requests, before and after.
@Suite(.timeLimit(.minutes(5))) struct DecisionTests {
    /// The first target fails, the spare one answers.
    private static let failing = ScriptedUpstream.serving { request in
        guard request.line.contains("/spare/") else { return Framed.json("{}", status: "500 No") }
        return Framed.json(Sample(.openAIChat).answer)
    }

    /// A request that every dialect can be told.
    private static func plain(_ dialect: Dialect, model: String) -> String {
        switch dialect {
        case .openAIChat: #"{"model":"\#(model)","messages":[{"role":"user","content":"a"}]}"#
        case .openAIResponses: #"{"model":"\#(model)","input":"a"}"#
        case .anthropicMessages: #"{"model":"\#(model)","max_tokens":9,"messages":[{"role":"user","content":"a"}]}"#
        }
    }

    @Test func `a caller is told how its request went, without names`() async throws {
        try await Gateway.run(upstream: Self.failing) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "pair")
            )
            let id = try #require(answer.value("x-request-id"))
            for path in ["/v1/requests/\(id)", "/anthropic/v1/requests/\(id)"] {
                let told = try await gateway.answer(to: gateway.request("GET", path))
                #expect(told.status == 200 && told.value("cache-control") == "no-store")
                let decision = try #require(told.json)
                #expect(decision["request_id"]?.stringValue == id && decision["object"] == "router.request")
                #expect(decision["model"] == "pair" && decision["status"] == 200 && decision["complete"] == true)
                let attempts = try #require(decision["attempts"]?.arrayValue)
                #expect(attempts.map { $0["outcome"] } == ["status-5xx", "answered"])
                #expect(attempts.map { $0["target"] } == [0, 1])
                #expect(decision["timings"]?["total_ms"] != nil)
                #expect(!told.text.contains("provider") && !told.text.contains("spare"))
            }
        }
    }

    @Test func `what a failed attempt cost is kept, apart from what the answer cost`() async throws {
        let failure = #"{"error":{"message":"no"},"usage":{"prompt_tokens":1000,"completion_tokens":500}}"#
        let upstream = ScriptedUpstream.serving { request in
            Framed.json(request.line.contains("/spare/") ? Sample(.openAIChat).answer : failure)
        }
        try await Gateway.run(upstream: upstream) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "pair")
            )
            let record = try #require(try await gateway.journal.settled().first)
            #expect(record.usage == TokenUsage(input: 11, output: 7) && !record.isUsageEstimated)
            #expect(record.failedAttempts.map(\.usage) == [TokenUsage(input: 1000, output: 500)])
            #expect(record.sends == 2 && record.attempts == 2)
            let id = try #require(answer.value("x-request-id"))
            let told = try await gateway.answer(to: gateway.request("GET", "/v1/requests/\(id)"))
            #expect(told.json?["attempts"]?.arrayValue?.first?["usage"]?["input_tokens"] == 1000)
            #expect(told.json?["usage"]?["input_tokens"] == 11 && told.json?["usage_estimated"] == false)
        }
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(failure) }) { gateway in
            _ = try await gateway.answer(to: gateway.request(Sample(.openAIChat), stream: false))
            let record = try #require(try await gateway.journal.settled().first)
            #expect(record.usage == TokenUsage(input: 1000, output: 500) && record.failedAttempts.isEmpty)
        }
    }

    @Test func `an estimate is told to be one`() async throws {
        let choice = #"{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}"#
        for usage in ["", #","usage":{"prompt_tokens":11,"completion_tokens":7}"#] {
            let answer = #"{"id":"c","object":"chat.completion","choices":[\#(choice)]\#(usage)}"#
            try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.json(answer) }) { gateway in
                let request = Self.plain(.anthropicMessages, model: "chat")
                let told = try await gateway.answer(to: gateway.request("POST", "/v1/messages", request))
                #expect(told.status == 200)
                let record = try #require(try await gateway.journal.settled().first)
                #expect(record.complete && record.usage.input != nil && record.isUsageEstimated == usage.isEmpty)
            }
        }
    }

    @Test func `another token is told nothing, and neither is who asks for nonsense`() async throws {
        try await Gateway.run(upstream: Self.failing) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "pair")
            )
            let id = try #require(answer.value("x-request-id"))
            let other = try await gateway.answer(
                to: gateway.request("GET", "/v1/requests/\(id)", token: gateway.tokens.second)
            )
            #expect(other.status == 404 && other.errorCode == "not-found")
            for nonsense in ["x", "01a21965-f708-7861-aedf-21b4a3655b0e", id.uppercased() + "0", "%00"] {
                let told = try await gateway.answer(to: gateway.request("GET", "/v1/requests/\(nonsense)"))
                #expect(told.status == 404 && told.text.contains("remembered"))
            }
            let posted = try await gateway.answer(to: gateway.request("POST", "/v1/requests/\(id)", "{}"))
            #expect(posted.status == 405)
        }
    }

    @Test func `a refused request says why of each target`() async throws {
        try await Gateway.run(upstream: Self.failing) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "lame")
            )
            #expect(answer.status == 502)
            let id = try #require(answer.value("x-request-id"))
            let told = try await gateway.answer(to: gateway.request("GET", "/v1/requests/\(id)"))
            let refused = told.json?["refused_targets"]?.arrayValue?.map { $0["reason"] }
            #expect(refused == ["dialect", "disabled", "weight-zero"])
            #expect(told.json?["error"] == "no-eligible-target")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `an explanation says who would be asked, and asks nobody`(_ dialect: Dialect) async throws {
        try await Gateway.run(upstream: Self.failing) { gateway in
            let sample = Sample(dialect)
            let path = dialect == .anthropicMessages ? "/anthropic/v1/explain" : "/v1/explain"
            let pair = try await gateway.answer(
                to: gateway.request("POST", path, sample.request(model: "pair", stream: false))
            )
            #expect(pair.status == 200)
            #expect(pair.json?["dialect"]?.stringValue == dialect.rawValue)
            #expect(pair.json?["would_serve"] == true)
            #expect(pair.json?["targets"]?.arrayValue?.map { $0["target"] } == [0, 1])
            #expect(pair.json?["targets"]?.arrayValue?.allSatisfy { $0["translated"] == false } == true)

            let chat = try await gateway.answer(
                to: gateway.request("POST", path, Self.plain(dialect, model: "chat"))
            )
            #expect(chat.json?["targets"]?.arrayValue?.map { $0["dialect"] } == ["openai-chat"])
            #expect(chat.json?["targets"]?.arrayValue?.first?["translated"] == .bool(dialect != .openAIChat))

            let lame = try await gateway.answer(
                to: gateway.request("POST", path, sample.request(model: "lame", stream: false))
            )
            #expect(lame.status == 200 && lame.json?["would_serve"] == false)
            #expect(lame.json?["error"]?["code"] == "no-eligible-target")
            #expect(lame.json?["refused_targets"]?.arrayValue?.count == 3)
            #expect(gateway.upstream.requests.isEmpty)
        }
    }

    @Test func `an explanation is remembered, without names for who asked`() async throws {
        try await Gateway.run(upstream: Self.failing) { gateway in
            let body = Self.plain(.openAIChat, model: "pair")
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/explain", body))
            let id = try #require(answer.value("x-request-id"))
            let told = try await gateway.answer(to: gateway.request("GET", "/v1/requests/\(id)"))
            #expect(
                told.json?["would_ask"]
                    == [["target": 0, "dialect": "openai-chat"], ["target": 1, "dialect": "openai-chat"]]
            )
            #expect(told.json?["attempts"] == [] && gateway.upstream.requests.isEmpty)
            let refused = try await gateway.answer(to: gateway.request("POST", "/v1/explain", "{"))
            let none = try #require(refused.value("x-request-id"))
            let nothing = try await gateway.answer(to: gateway.request("GET", "/v1/requests/\(none)"))
            #expect(nothing.status == 404)
        }
    }

    @Test func `an explanation names what could not be told`() async throws {
        let body = #"{"model":"chat","input":"a","background":true,"store":true}"#
        try await Gateway.run(upstream: Self.failing) { gateway in
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/explain", body))
            #expect(answer.json?["would_serve"] == false)
            #expect(answer.json?["refused_targets"] == [["target": 0, "reason": "translation", "field": "background"]])
            #expect(answer.json?["error"]?["status"] == 400)
            let bad = try await gateway.answer(to: gateway.request("POST", "/v1/explain", "{"))
            #expect(bad.status == 400)
            let none = try await gateway.answer(to: gateway.request("POST", "/v1/explain", #"{"model":"forbidden"}"#))
            #expect(none.status == 403 && none.errorCode == "model-not-allowed")
        }
    }
}
