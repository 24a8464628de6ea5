import Canonical
import Dialects
import Exchange
import Identity
import Sealing
import Testing
import Wire

/// What callers are told of what a target of another dialect was not told, on the wire.
@Suite(.timeLimit(.minutes(5))) struct LossTests {
    private static let strict = "x-router-strict: true\r\n"

    /// Answers in the dialect that was asked for.
    private static let upstream = ScriptedUpstream.serving { request in
        let dialect = Dialect.allCases.first { request.line.contains(Sample($0).path) } ?? .openAIChat
        return Framed.json(Sample(dialect).answer)
    }

    private static func codex(_ more: String = "") -> String {
        #"""
        {"model":"chat","input":"hi","store":false,"include":["reasoning.encrypted_content"],"prompt_cache_key":"k",
        "client_metadata":{"x-codex-window-id":"w"},"parallel_tool_calls":true,"tool_choice":"auto",
        "tools":[{"type":"function","name":"look","parameters":{"type":"object"},"strict":false}\#(more)]}
        """#
    }

    @Test func `harmless losses are told and borne by a strict request`() async throws {
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request("POST", "/v1/responses", LossTests.codex(), headers: LossTests.strict)
            )
            #expect(answer.status == 200)
            #expect(answer.value("x-router-dropped") == "client_metadata")
            #expect(try await gateway.journal.record().dropped == "client_metadata")
        }
    }

    @Test func `a hosted tool that is lost is told, and a strict request refused for it`() async throws {
        let body = LossTests.codex(#",{"type":"web_search","external_web_access":false}"#)
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            let told = try await gateway.answer(to: gateway.request("POST", "/v1/responses", body))
            #expect(told.status == 200)
            #expect(told.value("x-router-dropped") == "client_metadata,tools.web_search")
            let refused = try await gateway.answer(
                to: gateway.request("POST", "/v1/responses", body, headers: LossTests.strict)
            )
            #expect(refused.status == 400)
            let error = try JSONReader.read(Array(refused.text.utf8))["error"]
            #expect(error?["code"] == "unsupported-parameter" && error?["param"] == "tools.web_search")
        }
    }

    @Test func `names of a caller's choice neither break the header nor make it long`() async throws {
        let members = (0..<200).map { #""a\r\nx-evil: \#($0),é\#(String(repeating: "b", count: 60))":1"# }
        let messages = (0..<200).map { #"{"role":"user","content":"x","\r\nx-evil-\#($0)":1}"# }
        let body =
            #"{"model":"m","messages":[\#(messages.joined(separator: ","))],\#(members.joined(separator: ","))}"#
            .replacing(#""model":"m""#, with: #""model":"mixed""#)
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            // To a target of its own dialect the body goes as it is.
            let same = try await gateway.answer(to: gateway.request("POST", "/v1/chat/completions", body))
            #expect(same.status == 200 && same.value("x-router-dropped") == nil)
            let messages = body.replacing(#""model":"mixed""#, with: #""model":"chat","max_tokens":9"#)
            let other = try await gateway.answer(to: gateway.request("POST", "/v1/messages", messages))
            #expect(other.status == 200)
            let dropped = try #require(other.value("x-router-dropped"))
            #expect(dropped.utf8.count <= 1_024)
            #expect(dropped.contains(",+"))
            #expect(other.value("x-evil") == nil)
        }
    }

    @Test func `Claude Code's user reaches a provider under a pseudonym, the same in every session`() async throws {
        func body(_ session: String) -> String {
            let user = #"{\"device_id\":\"secret-device\",\"account_uuid\":\"secret\",\"session_id\":\"\#(session)\"}"#
            return #"""
                {"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"x"}],
                "metadata":{"user_id":"\#(user)"}}
                """#
        }
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            for session in ["s-1", "s-2"] {
                let request = gateway.request("POST", "/v1/messages", body(session), headers: LossTests.strict)
                let answer = try await gateway.answer(to: request)
                #expect(answer.status == 200)
                #expect(answer.value("x-router-dropped") == "metadata.user_id")
            }
            let sent = try await gateway.upstream.requests(2).map { try JSONReader.read(Array($0.bodyText.utf8)) }
            let names = sent.map { $0["user"]?.stringValue ?? "" }
            #expect(names[0] == names[1] && names[0].utf8.count == 32)
            #expect(sent.map { $0["prompt_cache_key"] } == ["s-1", "s-2"])
            #expect(!sent.contains { JSONWriter.text($0).contains("secret") })
        }
    }

    @Test func `another target's thoughts are told under the caller's name, and missed by a strict request`()
        async throws
    {
        let body = #"""
            {"model":"mixed","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[
            {"type":"thinking","thinking":"hm","signature":"rs1.a.b"},{"type":"text","text":"y"}]},
            {"role":"user","content":"z"}]}
            """#
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            let told = try await gateway.answer(to: gateway.request("POST", "/v1/messages", body))
            #expect(told.status == 200)
            #expect(told.value("x-router-dropped") == "messages.content.thinking")
            #expect(try await !gateway.upstream.requests(1)[0].bodyText.contains("rs1."))
            let refused = try await gateway.answer(
                to: gateway.request("POST", "/v1/messages", body, headers: LossTests.strict)
            )
            #expect(refused.status == 400)
            #expect(refused.text.contains("messages.content.thinking"))
        }
    }

    private static let blob = #""rs1.a.b""#

    /// In a group where nobody can be asked in another dialect, as when who made the reasoning is held back.
    @Test(arguments: [
        (
            Dialect.openAIChat, "messages.reasoning_details",
            #""messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning_details":["#
                + #"{"type":"reasoning.encrypted","data":\#(blob)}]},{"role":"user","content":"z"}]"#
        ),
        (
            .openAIResponses, "input.reasoning",
            #""store":false,"input":[{"role":"user","content":"x"},{"type":"reasoning","summary":[],"#
                + #""encrypted_content":\#(blob)},{"role":"assistant","content":"y"},{"role":"user","content":"z"}]"#
        ),
        (
            .anthropicMessages, "messages.content.thinking",
            #""max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":["#
                + #"{"type":"thinking","thinking":"hm","signature":\#(blob)},{"type":"text","text":"y"}]},"#
                + #"{"role":"user","content":"z"}]"#
        ),
    ])
    func `sealed thoughts go to nobody as they are, whoever is left to be asked`(
        _ dialect: Dialect,
        _ field: String,
        _ members: String
    ) async throws {
        let body = #"{"model":"main",\#(members)}"#
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            let path = Sample(dialect).path
            let refused = try await gateway.answer(
                to: gateway.request("POST", path, body, headers: LossTests.strict)
            )
            #expect(refused.status == 400)
            #expect(refused.text.contains(field))
            let told = try await gateway.answer(to: gateway.request("POST", path, body))
            #expect(told.status == 200)
            #expect(told.value("x-router-dropped") == field)
            // The strict one came to nobody, so this is the first.
            let sent = try await gateway.upstream.requests(1)
            #expect(sent.count == 1 && !sent[0].bodyText.contains("rs1.") && sent[0].bodyText.contains("z"))
        }
    }

    /// What a target of Chat thought has no blob, and no signature of Anthropic's: on the next turn it stays here.
    @Test func `thoughts that another dialect told in plain text are known again in the caller's own`() async throws {
        let chat = Sample(.openAIChat).answer
            .replacing(#""content":"ok""#, with: #""reasoning_content":"hm","content":"ok""#)
        let upstream = ScriptedUpstream.serving { request in
            Framed.json(request.line.contains("/messages") ? Sample(.anthropicMessages).answer : chat)
        }
        let asked = #""max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":2048}"#
        try await Gateway.run(upstream: upstream) { gateway in
            let first = #"{"model":"chat",\#(asked),"messages":[{"role":"user","content":"x"}]}"#
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/messages", first))
            let content = try #require(JSONReader.read(Array(answer.text.utf8))["content"])
            #expect(JSONWriter.text(content).contains("hm"))
            let second = #"""
                {"model":"main",\#(asked),"messages":[{"role":"user","content":"x"},
                {"role":"assistant","content":\#(JSONWriter.text(content))},{"role":"user","content":"z"}]}
                """#
            let told = try await gateway.answer(to: gateway.request("POST", "/v1/messages", second))
            #expect(told.status == 200)
            #expect(told.value("x-router-dropped") == "messages.content.thinking")
            let sent = try await gateway.upstream.requests(2)[1].bodyText
            #expect(sent.contains("ok") && !sent.contains("hm") && !sent.contains("rs1."))
            let refused = try await gateway.answer(
                to: gateway.request("POST", "/v1/messages", second, headers: LossTests.strict)
            )
            #expect(refused.status == 400 && refused.text.contains("messages.content.thinking"))
        }
    }

    @Test func `tokens are counted without sealed thoughts`() async throws {
        let body = #"""
            {"model":"main","messages":[{"role":"user","content":"x"},{"role":"assistant","content":[
            {"type":"thinking","thinking":"hm","signature":"rs1.a.b"},{"type":"text","text":"y"}]},
            {"role":"user","content":"z"}]}
            """#
        let upstream = ScriptedUpstream.serving { _ in Framed.json(#"{"input_tokens":7}"#) }
        try await Gateway.run(upstream: upstream) { gateway in
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/messages/count_tokens", body))
            #expect(answer.status == 200 && answer.text == #"{"input_tokens":7}"#)
            #expect(try await !gateway.upstream.requests(1)[0].bodyText.contains("rs1."))
        }
    }

    @Test func `a budget for thinking goes with another target's thoughts in a loop of tools`() async throws {
        let body = #"""
            {"model":"mixed","max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":2048},"messages":[
            {"role":"user","content":"x"},{"role":"assistant","content":[
            {"type":"thinking","thinking":"hm","signature":"rs1.a.b"},{"type":"tool_use","id":"t","name":"n","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"z"}]}]}
            """#
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            let told = try await gateway.answer(to: gateway.request("POST", "/v1/messages", body))
            #expect(told.status == 200)
            #expect(told.value("x-router-dropped") == "messages.content.thinking,thinking")
            let sent = try await gateway.upstream.requests(1)[0]
            #expect(sent.line.contains("/v1/messages") && !sent.bodyText.contains("budget_tokens"))
            let refused = try await gateway.answer(
                to: gateway.request("POST", "/v1/messages", body, headers: LossTests.strict)
            )
            #expect(refused.status == 400)
        }
    }

    @Test(arguments: [("mono", "/chat/completions"), ("up", "/messages")])
    func `who made the thoughts of a conversation is asked first`(_ maker: String, _ path: String) async throws {
        let binding = ReasoningBinding(
            provider: try #require(Slug(maker)),
            model: try #require(Slug("m"))
        )
        let key = ReasoningKey(Tokens.pepper)
        let sealed = ReasoningEnvelope.seal(.encryptedContent, "blob", by: binding) { key.code(of: $0) }
        // The target of the caller's own dialect comes before the other otherwise.
        let body = #"""
            {"model":"mixed","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[
            {"type":"thinking","thinking":"hm","signature":"\#(sealed)"},{"type":"text","text":"y"}]},
            {"role":"user","content":"z"}]}
            """#
        try await Gateway.run(upstream: LossTests.upstream) { gateway in
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/messages", body))
            #expect(answer.status == 200)
            #expect(try await gateway.upstream.requests(1)[0].line.contains(path))
        }
    }
}
