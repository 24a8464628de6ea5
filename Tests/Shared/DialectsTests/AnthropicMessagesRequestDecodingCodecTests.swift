import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Messages requests as real clients write them.
@Suite struct AnthropicMessagesRequestDecodingCodecTests {
    private typealias Story = AnthropicMessagesCodecStory
    static let names = CodecStory.folder
        .names(in: "requests/anthropic-messages", endingWith: ".json")

    /// A target of today that takes system turns, and one of 2023.
    static var targets: [(word: String, target: TargetTraits)] {
        var today = TargetTraits(model: "acme-opus", maximumOutputTokens: 64_000)
        today.takesSystemTurns = true
        today.takesSampling = false
        var older = TargetTraits(model: "acme-haiku", maximumOutputTokens: 8_192)
        older.usesThinkingBudget = true
        older.takesOutputSchema = false
        older.takesStrictTools = false
        return [("for a model of today", today), ("for an older model", older)]
    }

    @Test func `there are requests of every client`() {
        #expect(AnthropicMessagesRequestDecodingCodecTests.names.count >= 19)
    }

    @Test(arguments: AnthropicMessagesRequestDecodingCodecTests.names)
    func `a request is read and written`(_ name: String) throws {
        let (request, losses) = try Story.decode(fixture: name)
        var story = JSONObject()
        story["read"] = CodecStory.story(request)
        story["lost"] = CodecStory.story(losses)
        for (word, target) in AnthropicMessagesRequestDecodingCodecTests.targets {
            guard name != "claude-code-nested-search" else { continue }
            var written = LossReport()
            let paths = RequestPaths(
                .anthropicMessages,
                body: try CodecStory.json(file: "requests/anthropic-messages/\(name).json")
            )
            var ordered = try ConversationOrder.ordered(request, at: paths, losses: &written)
            ordered = ReasoningReplay.opened(
                ordered,
                keepsUnsigned: false,
                open: { $0.hasPrefix("blob") ? .native(.redacted, $0) : .native(.signature, $0) },
                losses: &written
            )
            let encoded = try AnthropicMessages.encodeRequest(ordered, for: target, losses: &written)
            if name != "everything" {
                AnthropicMessagesRequestShape.check(
                    encoded.body,
                    systemTurns: target.takesSystemTurns,
                    usesBudget: target.usesThinkingBudget
                )
            }
            story[word] = encoded.body
            story["\(word), lost"] = CodecStory.story(written)
        }
        try GoldenFile("requests/anthropic-messages/goldens/\(name).json", in: CodecStory.folder).check(.object(story))
    }

    @Test(arguments: AnthropicMessagesRequestDecodingCodecTests.names)
    func `what a client of this dialect wrote reaches a chat target`(_ name: String) throws {
        var (request, losses) = try Story.decode(fixture: name)
        let paths = RequestPaths(
            .anthropicMessages,
            body: try CodecStory.json(file: "requests/anthropic-messages/\(name).json")
        )
        request = try ConversationOrder.ordered(request, at: paths, losses: &losses)
        if name == "claude-code-nested-search" {
            let refusal = #expect(throws: TranslationRefusal.self) {
                try OpenAIChat.encodeRequest(request, for: TargetTraits(model: "acme"), losses: &losses)
            }
            #expect(refusal?.code == .unsupportedParameter)
            return
        }
        guard name != "everything" else { return }
        let encoded = try OpenAIChat.encodeRequest(request, for: TargetTraits(model: "acme"), losses: &losses)
        let text = JSONWriter.text(encoded.body)
        #expect(!text.contains("billing-header") && !text.contains("device_id") && !text.contains("Placeholder"))
        #expect(!text.contains("cache_control") && !text.contains("defer_loading"))
    }

    // MARK: What Claude Code sends

    @Test func `a system message stays where it stood`() throws {
        let request = try Story.decode(fixture: "claude-code-tool-result").request
        #expect(request.turns.map(\.role) == [.system, .user, .system, .assistant, .user])
        #expect(request.turns[0].blocks.count == 2)
        #expect(request.turns[2].blocks.count == 1)
    }

    @Test func `the note to anthropic is dropped and told`() throws {
        let (request, losses) = try Story.decode(fixture: "claude-code-session-title")
        #expect(losses.losses.contains(Loss("system.x-anthropic-billing-header")))
        #expect(request.turns[0].blocks.count == 2)
        let only = try Story.decode(
            Story.body(#""x""#, #","system":[{"type":"text","text":"x-anthropic-billing-header: a"}]"#)
        )
        #expect(only.request.turns.map(\.role) == [.user])
        let later = #","system":[{"type":"text","text":"a"},{"type":"text","text":"x-anthropic-billing-header: a"}]"#
        #expect(try Story.decode(Story.body(#""x""#, later)).losses.isEmpty)
    }

    @Test(arguments: [
        (#""x-anthropic-billing-header: a\nBe kind.\nBe brief.""#, "Be kind.\nBe brief."),
        (#"[{"type":"text","text":"x-anthropic-billing-header: a\u000aBe kind."}]"#, "Be kind."),
        (#""x-anthropic-billing-header: a\n ""#, nil), (#""x-anthropic-billing-header:""#, nil),
    ])
    func `a prompt behind the note to anthropic stays`(_ system: String, _ prompt: String?) throws {
        let (request, losses) = try Story.decode(Story.body(#""x""#, #","system":\#(system)"#))
        #expect(losses.losses == [Loss("system.x-anthropic-billing-header")])
        let turns = request.turns.filter { $0.role == .system }
        #expect(turns == (prompt.map { [Turn(.system, [.text(TextBlock(JSONText($0)))])] } ?? []))
    }

    @Test(arguments: [
        (#"{"device_id":"d","session_id":"0-1"}"#, "0-1", #"{"device_id":"d"}"#, true),
        ("user_a_account_b_session_0-1", "0-1", "user_a_account_b", true), ("", nil, nil, false),
        ("alice", nil, "alice", false), ("a@b.example", nil, "a@b.example", false), ("{}", nil, nil, true),
        (#"{"session_id":7}"#, nil, nil, true), (#"{"session_id":"a b"}"#, nil, nil, true),
        ("_session_", nil, nil, true),
        ("session_1", "1", nil, true), ("[1]", nil, "[1]", false),
        (#"{"session_id":"\#(String(repeating: "a", count: 65))"}"#, nil, nil, true),
    ])
    func `a user id is whom it names and the session that it names`(
        _ text: String,
        _ session: String?,
        _ user: String?,
        _ isTelling: Bool
    ) throws {
        let member = JSONWriter.text(["user_id": .string(text)])
        let (request, losses) = try Story.decode(Story.body(#""x""#, #","metadata":\#(member)"#))
        #expect(losses.isEmpty)
        #expect(request.cacheKey == session)
        #expect(request.endUser.user == user)
        #expect(request.endUser.isTelling == isTelling)
    }

    @Test func `encoders tell nobody of a device or an account`() throws {
        let (request, _) = try Story.decode(fixture: "claude-code-unknown-model")
        #expect(request.endUser.user?.contains("device_id") == true)
        for target in Dialect.allCases {
            var losses = LossReport()
            let traits = TargetTraits(model: "acme")
            let encoded =
                switch target {
                case .openAIChat: try OpenAIChat.encodeRequest(request, for: traits, losses: &losses)
                case .openAIResponses: try OpenAIResponses.encodeRequest(request, for: traits, losses: &losses)
                case .anthropicMessages: try AnthropicMessages.encodeRequest(request, for: traits, losses: &losses)
                }
            #expect(!JSONWriter.text(encoded.body).contains("device_id"))
        }
    }

    @Test func `the tool that must never be called is no tool`() throws {
        let (request, losses) = try Story.decode(fixture: "claude-code-unknown-model")
        #expect(!request.tools.contains { $0.name.name == "DeferredToolPlaceholder" })
        #expect(losses.losses.contains(Loss("tools.DeferredToolPlaceholder")))
        #expect(losses.losses.contains(Loss("context_management.edits.clear_thinking_20251015")))
        #expect(request.cacheKey == "00000000-0000-4000-8000-000000000001")
    }

    @Test func `a forced search is a forced hosted tool`() throws {
        let request = try Story.decode(fixture: "claude-code-nested-search").request
        #expect(request.toolChoice == .hosted(type: "web_search_20250305"))
    }

    @Test(arguments: [
        "bash_20250124", "text_editor_20250728", "memory_20250818", "computer_20251124", "web_fetch_20250910",
        "code_execution_20250825", "tool_search_tool_bm25_20251119",
    ])
    func `a tool that only anthropic knows is kept as it was written`(_ type: String) throws {
        let tool = #"{"type":"\#(type)","name":"n","x":1}"#
        let request = try Story.decode(Story.body(#""x""#, #","tools":[\#(tool)]"#)).request
        #expect(request.tools.map(\.kind) == [.hosted(.anthropicMessages, type: type, try CodecStory.json(tool))])
    }

    // MARK: Reasoning

    @Test func `thinking with nothing but a signature is kept`() throws {
        let body = try CodecStory.json(
            #"""
            {"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[
            {"type":"thinking","thinking":"","signature":"s"},{"type":"redacted_thinking","data":"d"},
            {"type":"thinking","thinking":"t"},{"type":"text","text":"y"}]}]}
            """#
        )
        let request = try Story.decode(body).request
        #expect(
            request.turns[1].blocks.dropLast() == [
                .reasoning(ReasoningBlock(opaque: .sealed("s"))), .reasoning(ReasoningBlock(opaque: .sealed("d"))),
                .reasoning(ReasoningBlock(summary: ["t"])),
            ]
        )
        #expect(request.reasoning.wantsOpaque)
    }

    @Test func `thinking is told to who asked for it`() throws {
        func reasoning(_ thinking: String) throws -> ReasoningOptions {
            try Story.decode(Story.body(#""x""#, #","thinking":\#(thinking)"#)).request.reasoning
        }
        let budget = try reasoning(#"{"type":"enabled","budget_tokens":1024}"#)
        #expect(budget.thinking == .budget(1_024) && budget.wantsOpaque && budget.wantsSummary == true)
        #expect(try reasoning(#"{"type":"enabled","budget_tokens":1024,"display":"omitted"}"#).wantsSummary == false)
        #expect(try reasoning(#"{"type":"adaptive"}"#).wantsSummary == nil)
        let omitted = try reasoning(#"{"type":"adaptive","display":"omitted"}"#)
        #expect(omitted.thinking == .adaptive && omitted.wantsOpaque && omitted.wantsSummary == false)
        #expect(try reasoning(#"{"type":"adaptive","display":"summarized"}"#).wantsSummary == true)
        #expect(try reasoning(#"{"type":"adaptive","display":"updates"}"#).wantsSummary == true)
        let disabled = try reasoning(#"{"type":"disabled"}"#)
        #expect(disabled.thinking == .disabled && !disabled.wantsOpaque)
        #expect(try !Story.decode(Story.body(#""x""#)).request.reasoning.wantsOpaque)
    }

    @Test func `the older place of the output format is read`() throws {
        let schema = #"{"type":"json_schema","schema":{"type":"object","properties":{},"additionalProperties":false}}"#
        let old = try Story.decode(Story.body(#""x""#, #","output_format":\#(schema)"#)).request
        let new = try Story.decode(Story.body(#""x""#, #","output_config":{"format":\#(schema)}"#)).request
        #expect(old.outputFormat == new.outputFormat)
        guard case .jsonSchema(_, _, let strict, _) = old.outputFormat else {
            Issue.record("\(old.outputFormat)")
            return
        }
        #expect(strict == true)
    }

    @Test(arguments: [
        #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
        #"{"type":"object","properties":{},"required":[]}"#,
        #"{"type":"object","properties":{"a":{"type":"integer","minimum":1}},"required":["a"],"additionalProperties":false}"#,
        #"{"type":"object","properties":{"a":{"type":"object","properties":{}}},"required":["a"],"additionalProperties":false}"#,
    ])
    func `a schema that others may not enforce is not called strict`(_ schema: String) throws {
        let member = #","output_config":{"format":{"type":"json_schema","schema":\#(schema)}}"#
        let (request, losses) = try Story.decode(Story.body(#""x""#, member))
        guard case .jsonSchema(_, let read, nil, _) = request.outputFormat else {
            Issue.record("strict")
            return
        }
        // It bound here, and that is told.
        #expect(losses.losses == [Loss(.outputFormat, .approximated)])
        #expect(try read == CodecStory.json(schema))
    }

    // MARK: Refusals

    @Test func `a request needs its cap and a count does not`() throws {
        let body = try CodecStory.json(#"{"model":"m","messages":[{"role":"user","content":"x"}]}"#)
        var losses = LossReport()
        let refusal = #expect(throws: TranslationRefusal.self) {
            try AnthropicMessages.decodeRequest(body, losses: &losses)
        }
        #expect(refusal?.field == "max_tokens")
        #expect(try AnthropicMessages.decodeCountRequest(body, losses: &losses).maximumOutputTokens == nil)
    }

    private static let unfitMembers: [(members: String, field: String, code: TranslationRefusal.Code)] = [
        (#","max_tokens":0"#, "max_tokens", .invalidRequest), (#","max_tokens":"9""#, "max_tokens", .invalidRequest),
        (#","mcp_servers":[{"url":"x"}]"#, "mcp_servers", .unsupportedParameter),
        (#","container":"c""#, "container", .unsupportedParameter),
        (#","thread":{"id":"t"}"#, "thread", .unsupportedParameter),
        (#","tools":[{"type":"mcp_toolset","mcp_server_name":"x"}]"#, "tools[0].type", .unsupportedParameter),
        (#","tools":[{"input_schema":{}}]"#, "tools[0].name", .invalidRequest),
        (#","tools":[{"name":"a","input_schema":[]}]"#, "tools[0].input_schema", .invalidRequest),
        (#","tools":[{"name":"a"},{"name":"a"}]"#, "tools[1].name", .invalidRequest),
        (#","tool_choice":{"type":"tool","name":"a"}"#, "tool_choice.name", .invalidRequest),
        (#","tool_choice":{"type":"some"}"#, "tool_choice.type", .invalidRequest),
        (#","tool_choice":"auto""#, "tool_choice", .invalidRequest),
        (#","thinking":{"type":"enabled"}"#, "thinking.budget_tokens", .invalidRequest),
        (#","thinking":{"type":"enabled","budget_tokens":1023}"#, "thinking.budget_tokens", .invalidRequest),
        (#","thinking":{"type":"deep"}"#, "thinking.type", .invalidRequest),
        (#","output_config":{"effort":"none"}"#, "output_config.effort", .invalidRequest),
        (#","output_config":{"format":{"type":"json"}}"#, "output_config.format.type", .invalidRequest),
        (#","output_config":{"format":{"type":"json_schema"}}"#, "output_config.format.schema", .invalidRequest),
        (#","stop_sequences":"END""#, "stop_sequences", .invalidRequest),
        (#","stop_sequences":["a",1]"#, "stop_sequences[1]", .invalidRequest),
        (#","stream":"yes""#, "stream", .invalidRequest), (#","temperature":"1""#, "temperature", .invalidRequest),
        (#","system":1"#, "system", .invalidRequest),
        (#","system":[{"type":"image"}]"#, "system[0].type", .unsupportedParameter),
        (#","system":[{"type":"text"}]"#, "system[0].text", .invalidRequest),
    ]

    @Test(arguments: unfitMembers.indices)
    func `a member that is wrong is named`(_ index: Int) throws {
        let (members, field, code) = Self.unfitMembers[index]
        let text = #"{"model":"m","messages":[{"role":"user","content":"x"}]\#(members)"#
        let body = try CodecStory.json(text + (members.contains("max_tokens") ? "}" : #","max_tokens":9}"#))
        let refusal = #expect(throws: TranslationRefusal.self) { try Story.decode(body) }
        #expect(refusal?.field == field)
        #expect(refusal?.code == code)
    }

    private static let unfitMessages: [(messages: String, field: String, code: TranslationRefusal.Code)] = [
        ("[]", "messages", .invalidRequest), ("7", "messages", .invalidRequest),
        ("[7]", "messages[0]", .invalidRequest), ("[{}]", "messages[0].role", .invalidRequest),
        (#"[{"role":"tool","content":"x"}]"#, "messages[0].role", .invalidRequest),
        (#"[{"role":"user"}]"#, "messages[0].content", .invalidRequest),
        (#"[{"role":"user","content":7}]"#, "messages[0].content", .invalidRequest),
        (#"[{"role":"user","content":[7]}]"#, "messages[0].content[0]", .invalidRequest),
        (#"[{"role":"user","content":[{}]}]"#, "messages[0].content[0].type", .invalidRequest),
        (
            #"[{"role":"user","content":[{"type":"hologram"}]}]"#, "messages[0].content[0].type",
            .unsupportedParameter
        ),
        (
            #"[{"role":"user","content":"a"},{"role":"system","content":[{"type":"image"}]}]"#,
            "messages[1].content[0].type", .unsupportedParameter
        ),
        (
            #"[{"role":"user","content":[{"type":"tool_use","id":"a","name":"b","input":{}}]}]"#,
            "messages[0].content[0].type", .invalidRequest
        ),
        (
            #"[{"role":"assistant","content":[{"type":"tool_result","tool_use_id":"a"}]}]"#,
            "messages[0].content[0].type", .invalidRequest
        ),
        (
            #"[{"role":"assistant","content":[{"type":"document","source":{"type":"text","data":"x"}}]}]"#,
            "messages[0].content[0].type", .invalidRequest
        ),
        (
            #"[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"b","input":"{}"}]}]"#,
            "messages[0].content[0].input", .invalidRequest
        ),
        (
            #"[{"role":"user","content":[{"type":"tool_result"}]}]"#, "messages[0].content[0].tool_use_id",
            .invalidRequest
        ),
        (
            #"[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"x"}]}]}]"#,
            "messages[0].content[0].content[0].type", .unsupportedParameter
        ),
        (
            #"[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","is_error":1}]}]"#,
            "messages[0].content[0].is_error", .invalidRequest
        ),
        (
            #"[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]"#,
            "messages[0].content[0].source.file_id", .unsupportedParameter
        ),
        (
            #"[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}]"#,
            "messages[0].content[0].source.file_id", .unsupportedParameter
        ),
        (
            #"[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"x"}}]}]"#,
            "messages[0].content[0].source.media_type", .invalidRequest
        ),
        (
            #"[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"file:///etc/passwd"}}]}]"#,
            "messages[0].content[0].source.url", .invalidRequest
        ),
        (
            #"[{"role":"user","content":[{"type":"container_upload","file_id":"f"}]}]"#,
            "messages[0].content[0].type", .unsupportedParameter
        ),
        (
            #"[{"role":"user","content":[{"type":"search_result","source":"a","title":"b","content":[{"type":"x"}]}]}]"#,
            "messages[0].content[0].content[0].type", .unsupportedParameter
        ),
    ]

    @Test(arguments: unfitMessages.indices)
    func `a message that is wrong is named`(_ index: Int) throws {
        let (messages, field, code) = Self.unfitMessages[index]
        let body = try CodecStory.json(#"{"model":"m","max_tokens":9,"messages":\#(messages)}"#)
        let refusal = #expect(throws: TranslationRefusal.self) { try Story.decode(body) }
        #expect(refusal?.field == field)
        #expect(refusal?.code == code)
    }
}
