import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// Whole Chat answers, read from providers and written for callers.
@Suite struct OpenAIChatAnswerCodecTests {
    private static let folder = CodecStory.folder
    static let names = OpenAIChatAnswerCodecTests.folder.names(in: "answers/openai-chat", endingWith: ".json")

    @Test(arguments: OpenAIChatAnswerCodecTests.names.filter { !$0.hasPrefix("failed") })
    func `an answer is read and written`(_ name: String) throws {
        let body = try CodecStory.json(file: "answers/openai-chat/\(name).json")
        let answer = try OpenAIChat.decodeAnswer(body)
        let written = OpenAIChat.encodeAnswer(answer, CodecStory.context())
        try GoldenFile("answers/openai-chat/goldens/\(name).json", in: OpenAIChatAnswerCodecTests.folder)
            .check(["read": CodecStory.story(answer), "written": written])
        OpenAIChatAnswerCodecTests.checkShape(written)
        var again = try OpenAIChat.decodeAnswer(written)
        again.id = answer.id
        if answer.usage.isReported { #expect(again == answer) } else { #expect(again.blocks == answer.blocks) }
    }

    /// What the clients' own checks require.
    static func checkShape(_ body: JSONValue) {
        for name in ["id", "object", "model"] { #expect(body[name]?.stringValue != nil) }
        #expect(body["created"]?.intValue != nil)
        let choice = body["choices"]?.arrayValue?.first
        #expect(choice?["index"] == 0)
        #expect(choice?["logprobs"] == .null)
        #expect(choice?["finish_reason"]?.stringValue != nil)
        let message = choice?["message"]
        #expect(message?["role"] == "assistant")
        #expect(message?["content"] != nil && message?["refusal"] != nil)
        #expect(message?["tool_calls"]?.arrayValue?.isEmpty != true)
        let usage = body["usage"]
        let parts = [usage?["prompt_tokens"]?.intValue, usage?["completion_tokens"]?.intValue].compactMap { $0 }
        #expect(parts.count == 2 && usage?["total_tokens"]?.intValue == parts.reduce(0, +))
    }

    @Test(arguments: OpenAIChatAnswerCodecTests.names.filter { $0.hasPrefix("failed") })
    func `what is no answer is a failure`(_ name: String) throws {
        let body = try CodecStory.json(file: "answers/openai-chat/\(name).json")
        let expected: StreamFailure = name.contains("error") ? .reported : .garbage
        #expect(throws: AnswerProblem(expected)) { try OpenAIChat.decodeAnswer(body) }
    }

    @Test(
        arguments: [
            (.endTurn, false, "stop"), (.endTurn, true, "tool_calls"), (.stopSequence("x"), false, "stop"),
            (.maximumTokens, false, "length"), (.maximumTokens, true, "length"), (.contextFull, false, "length"),
            (.toolCalls, true, "tool_calls"), (.contentFilter, false, "content_filter"),
            (.refusal, false, "content_filter"), (.pause, false, "stop"),
        ] as [(StopReason, Bool, JSONValue)]
    )
    func `the reason of an end is told in Chat's words`(_ stop: StopReason, _ calls: Bool, _ reason: JSONValue) {
        let call = Block.toolCall(ToolCall(id: "a", name: ToolName("f"), arguments: ""))
        let answer = ModelResponse(blocks: calls ? [call] : [], stop: stop, usage: TokenUsage())
        let body = OpenAIChat.encodeAnswer(answer, CodecStory.context())
        #expect(body["choices"]?.arrayValue?[0]["finish_reason"] == reason)
        OpenAIChatAnswerCodecTests.checkShape(body)
    }

    @Test func `a refusal in words is a natural end`() {
        let answer = ModelResponse(blocks: [.refusal("No.")], stop: .refusal, usage: TokenUsage())
        let choice = OpenAIChat.encodeAnswer(answer, CodecStory.context())["choices"]?.arrayValue?[0]
        #expect(choice?["finish_reason"] == "stop")
        #expect(choice?["message"]?["refusal"] == "No.")
    }

    @Test func `a caller that speaks of functions is answered so`() throws {
        let request = try OpenAIChatCodecStory.decode(
            #"{"model":"m","messages":[{"role":"user","content":"x"}],"functions":[{"name":"f"}]}"#
        )
        #expect(request.parallelTools == false)
        let answer = ModelResponse(
            blocks: [.toolCall(ToolCall(id: "a", name: ToolName("f"), arguments: ""))],
            stop: .toolCalls,
            usage: TokenUsage()
        )
        let choice = OpenAIChat.encodeAnswer(answer, CodecStory.context(request))["choices"]?.arrayValue?[0]
        #expect(choice?["finish_reason"] == "function_call")
        #expect(choice?["message"]?["function_call"] == ["name": "f", "arguments": "{}"])
        #expect(choice?["message"]?["tool_calls"] == nil)
    }

    @Test func `sealed reasoning goes to who sends it back, and no other`() {
        let answer = ModelResponse(
            blocks: [
                .reasoning(ReasoningBlock(summary: ["One.", "Two."], opaque: .sealed("blob"))), .text(TextBlock("a")),
                .reasoning(ReasoningBlock(text: "Three.")), .text(TextBlock("b")),
            ],
            stop: .endTurn,
            usage: TokenUsage()
        )
        var request = ModelRequest(model: "fast")
        func message() -> JSONValue? {
            OpenAIChat.encodeAnswer(answer, CodecStory.context(request))["choices"]?.arrayValue?[0]["message"]
        }
        #expect(message()?["reasoning_content"] == "One.\n\nTwo.\n\nThree.")
        #expect(message()?["content"] == "a\n\nb")
        #expect(message()?["reasoning_details"] == nil)
        request.reasoning.wantsOpaque = true
        #expect(
            message()?["reasoning_details"] == [["type": "reasoning.encrypted", "data": "blob", "index": 0]]
        )
        request.reasoning.wantsSummary = false
        #expect(message()?["reasoning_content"] == nil)
    }
}
