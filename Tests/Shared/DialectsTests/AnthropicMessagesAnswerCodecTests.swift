import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// Whole answers of Messages providers, and those that Messages callers get.
@Suite struct AnthropicMessagesAnswerCodecTests {
    private typealias Story = AnthropicMessagesCodecStory
    private static let names = CodecStory.folder.names(in: "answers/anthropic-messages", endingWith: ".json")

    @Test func `there are answers of many kinds`() {
        #expect(AnthropicMessagesAnswerCodecTests.names.count >= 30)
    }

    @Test(arguments: names)
    func `an answer is read, and written for a caller`(_ name: String) throws {
        let body = try CodecStory.json(file: "answers/anthropic-messages/\(name).json")
        guard !name.hasPrefix("failed") else {
            let problem = #expect(throws: AnswerProblem.self) { try AnthropicMessages.decodeAnswer(body) }
            #expect(problem?.failure == (name.hasPrefix("failed-error") ? .reported : .garbage))
            return
        }
        var answer = try AnthropicMessages.decodeAnswer(body)
        var story = JSONObject()
        story["read"] = CodecStory.story(answer)
        answer.blocks = Story.sealed(answer.blocks)
        for (word, request) in [
            ("for a caller that thinks", Story.thinker()),
            ("for a caller that omits thoughts", Story.thinker(display: false)),
            ("for a caller that does not", ModelRequest(model: "fast")),
        ] {
            let written = AnthropicMessages.encodeAnswer(answer, CodecStory.context(request))
            Self.checkShape(written)
            story[word] = written
        }
        try GoldenFile("answers/anthropic-messages/goldens/\(name).json", in: CodecStory.folder).check(.object(story))
    }

    /// What anthropic-python requires of an answer when it is told to be strict.
    static func checkShape(_ body: JSONValue) {
        #expect(body["id"]?.stringValue?.hasPrefix("msg_") == true)
        #expect(body["type"] == "message" && body["role"] == "assistant")
        #expect(body["model"] == "fast")
        for block in body["content"]?.arrayValue ?? [] {
            switch block["type"] {
            case "text": #expect(block["text"]?.stringValue?.isEmpty == false)
            case "thinking": #expect(block["thinking"]?.stringValue != nil && block["signature"]?.stringValue != nil)
            case "redacted_thinking": #expect(block["data"]?.stringValue != nil)
            case "tool_use":
                #expect(block["id"]?.stringValue != nil && block["name"]?.stringValue != nil)
                #expect(block["input"]?.objectValue != nil)
            default: Issue.record("\(block)")
            }
        }
        #expect(body["content"]?.arrayValue != nil)
        let reasons: [JSONValue] = [
            "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal",
            "model_context_window_exceeded",
        ]
        #expect(reasons.contains(body["stop_reason"] ?? .null))
        #expect((body["stop_reason"] == "refusal") == (body["stop_details"]?["type"] == "refusal"))
        Self.checkUsage(body["usage"])
        #expect(body["usage"]?["cache_creation"]?["ephemeral_1h_input_tokens"]?.intValue != nil)
    }

    static func checkUsage(_ usage: JSONValue?) {
        for name in ["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"] {
            #expect((usage?[name]?.intValue ?? -1) >= 0)
        }
        let thinking = usage?["output_tokens_details"]?["thinking_tokens"]?.intValue ?? -1
        #expect(thinking >= 0 && thinking <= usage?["output_tokens"]?.intValue ?? -1)
    }

    private static func written(_ blocks: [Block], _ stop: StopReason) -> JSONValue {
        let answer = ModelResponse(blocks: blocks, stop: stop, usage: TokenUsage())
        let body = AnthropicMessages.encodeAnswer(answer, CodecStory.context())
        Self.checkShape(body)
        return body
    }

    @Test func `reasons in this dialect's words`() {
        let call = Block.toolCall(ToolCall(id: "a", name: ToolName("b"), arguments: "{}"))
        func reason(_ stop: StopReason, _ blocks: [Block] = []) -> JSONValue? {
            Self.written(blocks, stop)["stop_reason"]
        }
        #expect(reason(.endTurn) == "end_turn")
        #expect(reason(.stopSequence(nil)) == "end_turn")
        #expect(reason(.stopSequence("END")) == "stop_sequence")
        #expect(Self.written([], .stopSequence("END"))["stop_sequence"] == "END")
        #expect(reason(.maximumTokens, [call]) == "max_tokens")
        #expect(reason(.contextFull) == "model_context_window_exceeded")
        #expect(reason(.toolCalls, [call]) == "tool_use")
        #expect(reason(.endTurn, [call]) == "tool_use")
        #expect(reason(.toolCalls) == "end_turn")
        #expect(reason(.contentFilter) == "refusal")
        #expect(reason(.refusal) == "refusal")
        #expect(reason(.endTurn, [.refusal("No.")]) == "refusal")
        #expect(reason(.pause) == "pause_turn")
        let refusal = Self.written([.refusal("No.")], .refusal)
        #expect(refusal["stop_details"]?["explanation"] == "No.")
        #expect(refusal["content"]?.arrayValue?.first?["text"] == "No.")
    }

    @Test func `usage leaves out of the input what the cache took`() {
        func usage(_ usage: TokenUsage) -> JSONValue? {
            let answer = ModelResponse(blocks: [.text(TextBlock("12345"))], stop: .endTurn, usage: usage)
            let body = AnthropicMessages.encodeAnswer(answer, CodecStory.context())
            Self.checkShape(body)
            return body["usage"]
        }
        let whole = TokenUsage(input: 30, output: 9, cachedInput: 20, cacheWrite: 4, reasoning: 2)
        #expect(usage(whole)?["input_tokens"] == 6)
        #expect(usage(whole)?["cache_read_input_tokens"] == 20)
        #expect(usage(whole)?["cache_creation_input_tokens"] == 4)
        #expect(usage(TokenUsage(input: 3, output: 9, cachedInput: 20))?["input_tokens"] == 0)
        // Neither told: as it was estimated.
        #expect(usage(TokenUsage())?["input_tokens"] == 11)
        #expect(usage(TokenUsage())?["output_tokens"] == 2)
    }

    @Test func `names with a namespace and custom input are told in one object`() {
        let call = ToolCall(id: "a", name: ToolName("b", namespace: "n"), kind: .custom, arguments: "x\n\"")
        let block = Self.written([.toolCall(call)], .toolCalls)["content"]?.arrayValue?.first
        #expect(block?["name"] == "n__b")
        #expect(block?["input"] == ["input": "x\n\""])
        let broken = ToolCall(id: "a", name: ToolName("b"), arguments: "{broken")
        #expect(
            Self.written([.toolCall(broken)], .toolCalls)["content"]?.arrayValue?.first?["input"]
                == ["__raw": "{broken"]
        )
    }
}
