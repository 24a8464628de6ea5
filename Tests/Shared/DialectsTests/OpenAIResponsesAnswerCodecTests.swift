import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Whole answers of Responses providers, and those that are written for callers.
@Suite struct OpenAIResponsesAnswerCodecTests {
    private static let folder = CodecStory.folder
    static let names = OpenAIResponsesAnswerCodecTests.folder.names(in: "answers/openai-responses", endingWith: ".json")

    @Test(arguments: OpenAIResponsesAnswerCodecTests.names.filter { !$0.hasPrefix("failed") })
    func `an answer is read, written and read again`(_ name: String) throws {
        let body = try CodecStory.json(file: "answers/openai-responses/\(name).json")
        let answer = try OpenAIResponses.decodeAnswer(body)
        var request = ModelRequest(model: "fast")
        request.reasoning.wantsOpaque = true
        let context = CodecStory.context(request)
        let written = OpenAIResponses.encodeAnswer(OpenAIResponsesAnswerCodecTests.sealed(answer), context)
        try OpenAIResponsesShape.check(response: written)
        try GoldenFile("answers/openai-responses/goldens/\(name).json", in: OpenAIResponsesAnswerCodecTests.folder)
            .check(["read": OpenAIResponsesCodecStory.story(answer), "written": written])

        var again = try OpenAIResponses.decodeAnswer(written)
        #expect(again.id == "resp_r-1")
        again.id = answer.id
        if answer.usage.input != nil { again.usage = answer.usage }
        var expected = answer
        if answer.usage.input == nil { expected.usage = again.usage }
        #expect(again == expected)
    }

    /// As the gateway hands it to an encoder.
    static func sealed(_ answer: ModelResponse) -> ModelResponse {
        var sealed = answer
        sealed.blocks = answer.blocks.map { block in
            guard case .reasoning(var reasoning) = block, case .native(_, let blob) = reasoning.opaque else {
                return block
            }
            reasoning.opaque = .sealed(blob)
            return .reasoning(reasoning)
        }
        return sealed
    }

    @Test(arguments: OpenAIResponsesAnswerCodecTests.names.filter { $0.hasPrefix("failed") })
    func `what is no answer is a failure`(_ name: String) throws {
        let body = try CodecStory.json(file: "answers/openai-responses/\(name).json")
        let problem = #expect(throws: AnswerProblem.self) { try OpenAIResponses.decodeAnswer(body) }
        let expected: StreamFailure =
            switch name {
            case "failed-status", "failed-error", "failed-error-object", "failed-cancelled": .reported
            case "failed-in-progress": .truncated
            default: .garbage
            }
        #expect(problem?.failure == expected)
    }

    @Test func `an answer repeats what was asked`() throws {
        let (request, _) = try OpenAIResponsesCodecStory.decode(
            try CodecStory.json(file: "requests/openai-responses/everything.json")
        )
        let answer = ModelResponse(blocks: [.text(TextBlock("ok"))], stop: .endTurn, usage: TokenUsage())
        let body = OpenAIResponses.encodeAnswer(answer, CodecStory.context(request))
        try OpenAIResponsesShape.check(response: body)
        for name in ["metadata", "instructions", "temperature", "top_p", "reasoning", "user", "tool_choice"] {
            #expect(body[name] == request.echo[name] && body[name] != nil, "\(name)")
        }
        #expect(
            body["tools"]?.arrayValue?.compactMap { $0["type"] } == ["function", "function", "web_search", "namespace"]
        )
        #expect(body["store"] == false)
        // Estimated where the provider said nothing.
        #expect(body["usage"]?["input_tokens"] == 11)
        #expect(body["usage"]?["total_tokens"] == 12)
    }

    @Test(
        arguments: [
            (StopReason.endTurn, "completed", nil), (.stopSequence("x"), "completed", nil),
            (.toolCalls, "completed", nil),
            (.maximumTokens, "incomplete", "max_output_tokens"), (.contextFull, "incomplete", "max_output_tokens"),
            (.pause, "incomplete", "max_output_tokens"), (.contentFilter, "incomplete", "content_filter"),
            (.refusal, "completed", nil),
        ] as [(StopReason, String, String?)]
    )
    func `an end has its word`(_ stop: StopReason, _ status: String, _ reason: String?) throws {
        let answer = ModelResponse(
            blocks: [.text(TextBlock("Once"))],
            stop: stop,
            usage: TokenUsage(input: 1, output: 1)
        )
        let body = OpenAIResponses.encodeAnswer(answer, CodecStory.context())
        try OpenAIResponsesShape.check(response: body)
        #expect(body["status"]?.stringValue == status)
        #expect(body["incomplete_details"]?["reason"]?.stringValue == reason)
        let item = body["output"]?.arrayValue?.last
        #expect(item?["status"]?.stringValue == status)
        // Who declines without words says so in ours: a filter's cut would be sent again and again.
        let parts = item?["content"]?.arrayValue ?? []
        #expect(parts.compactMap { $0["type"] } == (stop == .refusal ? ["output_text", "refusal"] : ["output_text"]))
    }

    @Test(
        arguments: [
            (.function, "", "incomplete"), (.function, #"{"a":"#, "incomplete"), (.function, #"{"a":1}"#, "completed"),
            (.custom, "*** Beg", "incomplete"), (.toolSearch, #"{"query":"x"}"#, "completed"),
        ] as [(ToolCall.Kind, JSONText, String)]
    )
    func `a call that the cap cut short is incomplete`(
        _ kind: ToolCall.Kind,
        _ arguments: JSONText,
        _ status: String
    ) throws {
        let call = ToolCall(id: "c", name: ToolName("f"), kind: kind, arguments: arguments)
        func statuses(_ stop: StopReason) throws -> [String?] {
            let answer = ModelResponse(blocks: [.toolCall(call), .toolCall(call)], stop: stop, usage: TokenUsage())
            let body = OpenAIResponses.encodeAnswer(answer, CodecStory.context())
            try OpenAIResponsesShape.check(response: body)
            return (body["output"]?.arrayValue ?? []).map { $0["status"]?.stringValue }
        }
        #expect(try statuses(.maximumTokens) == ["completed", status])
        #expect(try statuses(.toolCalls) == ["completed", "completed"])
    }

    @Test func `calls keep their namespaces apart and searches their objects`() throws {
        let calls = [
            ToolCall(id: "c1", name: ToolName("lookup", namespace: "mcp__docs"), arguments: #"{"q":1}"#),
            ToolCall(id: "c2", name: ToolName("tool_search"), kind: .toolSearch, arguments: #"{"query":"x"}"#),
            ToolCall(id: "c3", name: ToolName("tool_search"), kind: .toolSearch, arguments: "x"),
            ToolCall(id: "c4", name: ToolName("exec", namespace: "functions"), kind: .custom, arguments: "ls"),
        ]
        let answer = ModelResponse(blocks: calls.map { .toolCall($0) }, stop: .toolCalls, usage: TokenUsage())
        let body = OpenAIResponses.encodeAnswer(answer, CodecStory.context())
        #expect(
            body["output"] == [
                [
                    "id": "fc_r-1_0", "type": "function_call", "status": "completed", "call_id": "c1",
                    "name": "lookup", "namespace": "mcp__docs", "arguments": #"{"q":1}"#,
                ],
                [
                    "id": "tsc_r-1_1", "type": "tool_search_call", "status": "completed", "call_id": "c2",
                    "execution": "client", "arguments": ["query": "x"],
                ],
                [
                    "id": "tsc_r-1_2", "type": "tool_search_call", "status": "completed", "call_id": "c3",
                    "execution": "client", "arguments": ["__raw": "x"],
                ],
                [
                    "id": "ctc_r-1_3", "type": "custom_tool_call", "status": "completed", "call_id": "c4",
                    "name": "exec", "namespace": "functions", "input": "ls",
                ],
            ]
        )
    }

    @Test func `reasoning is told unless it was declined, and always what is sealed of it`() throws {
        let block = ReasoningBlock(summary: ["Why."], text: "Thinking.", opaque: .sealed("blob"))
        let answer = ModelResponse(blocks: [.reasoning(block)], stop: .endTurn, usage: TokenUsage())
        var request = ModelRequest(model: "fast")
        func item() -> JSONValue? {
            OpenAIResponses.encodeAnswer(answer, CodecStory.context(request))["output"]?.arrayValue?.first
        }
        #expect(item()?["encrypted_content"] == "blob")
        #expect(item()?["summary"] == [["type": "summary_text", "text": "Why."]])
        #expect(item()?["content"] == [["type": "reasoning_text", "text": "Thinking."]])
        request.reasoning.wantsSummary = false
        #expect(item()?["encrypted_content"] == "blob")
        #expect(item()?["summary"] == [])
        #expect(item()?["content"] == nil)
    }
}
