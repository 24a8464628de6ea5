import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Chat requests as real clients write them, read and written for targets.
@Suite struct OpenAIChatRequestCodecTests {
    private static let folder = CodecStory.folder
    static let names = OpenAIChatRequestCodecTests.folder.names(in: "requests/openai-chat", endingWith: ".json")

    /// A server of today and one that takes little.
    static let older = TargetTraits.poor(maximumOutputTokens: 4)

    static func encode(
        _ request: ModelRequest,
        for target: TargetTraits = TargetTraits(model: "acme")
    ) throws -> (request: EncodedRequest, losses: LossReport) {
        var losses = LossReport()
        let encoded = try OpenAIChat.encodeRequest(request, for: target, losses: &losses)
        return (encoded, losses)
    }

    static func messages(
        _ turns: [Turn],
        for target: TargetTraits = TargetTraits(model: "acme")
    ) throws -> (messages: [JSONValue], losses: LossReport) {
        var request = ModelRequest(model: "fast")
        request.turns = turns
        let encoded = try OpenAIChatRequestCodecTests.encode(request, for: target)
        return (encoded.request.body["messages"]?.arrayValue ?? [], encoded.losses)
    }

    @Test func `there are requests of every client`() {
        #expect(OpenAIChatRequestCodecTests.names.count >= 19)
    }

    @Test(arguments: OpenAIChatRequestCodecTests.names)
    func `a request is read and written`(_ name: String) throws {
        var losses = LossReport()
        let body = try CodecStory.json(file: "requests/openai-chat/\(name).json")
        let request = try OpenAIChat.decodeRequest(body, losses: &losses)
        var story = JSONObject()
        story["read"] = CodecStory.story(request)
        story["lost"] = CodecStory.story(losses)
        for (word, target) in [
            ("for a model of today", TargetTraits(model: "acme")), ("for an older server", Self.older),
        ] {
            let encoded = try OpenAIChatRequestCodecTests.encode(request, for: target)
            story[word] = encoded.request.body
            story["\(word), lost"] = CodecStory.story(encoded.losses)
        }
        try GoldenFile("requests/openai-chat/goldens/\(name).json", in: OpenAIChatRequestCodecTests.folder)
            .check(.object(story))
    }

    @Test(arguments: OpenAIChatRequestCodecTests.names.filter { !["everything", "legacy-functions"].contains($0) })
    func `what a client wrote comes out as it went in`(_ name: String) throws {
        let body = try CodecStory.json(file: "requests/openai-chat/\(name).json")
        var losses = LossReport()
        let request = try OpenAIChat.decodeRequest(body, losses: &losses)
        var target = TargetTraits(model: "acme")
        target.takesReasoningContent = true
        let encoded = try OpenAIChatRequestCodecTests.encode(request, for: target).request
        var again = try OpenAIChat.decodeRequest(encoded.body, losses: &losses)
        again.model = request.model
        again.includesUsage = request.includesUsage
        if name == "openrouter-reasoning" { return }
        #expect(again == request)
        #expect(losses.isEmpty)
    }

    @Test func `images of tool results follow in one message behind all results`() throws {
        let image = Block.image(ImageBlock(.inline(mediaType: "image/png", base64: "AAAA")))
        let result = try OpenAIChatRequestCodecTests.messages([
            Turn(
                .assistant,
                [
                    .toolCall(ToolCall(id: "call_a", name: ToolName("shot"), arguments: "")),
                    .toolCall(ToolCall(id: "call b", name: ToolName("shot", namespace: "mcp"), arguments: "{}")),
                ]
            ),
            Turn(
                .user,
                [
                    .toolResult(
                        ToolResult(callID: "call_a", blocks: [.text(TextBlock("before")), image, image])
                    ),
                    .toolResult(ToolResult(callID: "call b", blocks: [image], isError: true)),
                    .text(TextBlock("Well?")),
                ]
            ),
        ])
        let messages = result.messages
        #expect(messages.map { $0["role"] } == ["assistant", "tool", "tool", "user"])
        #expect(messages[0]["content"] == .null)
        #expect(messages[0]["tool_calls"]?.arrayValue?[0]["function"]?["arguments"] == "{}")
        #expect(messages[0]["tool_calls"]?.arrayValue?[1]["function"]?["name"] == "mcp__shot")
        let id = messages[0]["tool_calls"]?.arrayValue?[1]["id"]
        #expect(id != "call b" && id == messages[2]["tool_call_id"])
        #expect(
            messages[1]["content"]
                == "before\n[image 1 of tool result call_a follows]\n[image 2 of tool result call_a follows]"
        )
        #expect(messages[2]["content"]?.stringValue?.hasPrefix("Error: [image 1 of tool result call_") == true)
        let parts = messages[3]["content"]?.arrayValue ?? []
        #expect(parts.map { $0["type"] } == ["text", "image_url", "text", "image_url", "text", "image_url", "text"])
        #expect(parts[0]["text"] == "Image 1 of tool result call_a:")
        #expect(parts[1]["image_url"]?["url"] == "data:image/png;base64,AAAA")
        #expect(parts[6]["text"] == "Well?")
        #expect(result.losses.isEmpty)
    }

    @Test func `results that say nothing or failed still say so`() throws {
        func content(_ text: String?, _ isError: Bool?) throws -> JSONValue? {
            let blocks = text.map { [Block.text(TextBlock($0))] } ?? []
            let result = ToolResult(callID: "a", blocks: blocks, isError: isError)
            return try OpenAIChatRequestCodecTests.messages([Turn(.user, [.toolResult(result)])]).messages[0]["content"]
        }
        #expect(try content(nil, nil) == "(no output)")
        #expect(try content("x", true) == "Error: x")
        #expect(try content("Error: x", true) == "Error: x")
        #expect(try content("x", false) == "x")
        #expect(try content(nil, true) == "Error: the tool failed without output")
    }

    @Test func `free input is one argument of a function`() throws {
        var request = ModelRequest(model: "fast")
        request.tools = [
            ToolDefinition(
                ToolName("apply_patch"),
                description: "Patches files.",
                kind: .custom(format: ["type": "grammar", "syntax": "lark", "definition": "start: /.+/"])
            )
        ]
        request.toolChoice = .named(ToolName("apply_patch"))
        request.turns = [
            Turn(
                .assistant,
                [.toolCall(ToolCall(id: "a", name: ToolName("apply_patch"), kind: .custom, arguments: "*** \"x\"\n"))]
            )
        ]
        let encoded = try OpenAIChatRequestCodecTests.encode(request).request
        let function = encoded.body["tools"]?.arrayValue?[0]["function"]
        #expect(function?["description"]?.stringValue?.hasSuffix("(lark):\nstart: /.+/") == true)
        #expect(function?["parameters"]?["required"] == ["input"])
        #expect(encoded.body["tool_choice"] == ["type": "function", "function": ["name": "apply_patch"]])
        let call = encoded.body["messages"]?.arrayValue?[0]["tool_calls"]?.arrayValue?[0]
        #expect(call?["type"] == "function")
        #expect(call?["function"]?["arguments"] == #"{"input":"*** \"x\"\n"}"#)
        #expect(encoded.aliases.original(of: "apply_patch").kind == .custom)
    }

    @Test func `a schema that the model cannot be told becomes a forced function`() throws {
        var target = TargetTraits(model: "acme")
        target.takesOutputSchema = false
        var request = ModelRequest(model: "fast")
        request.turns = [Turn(.user, [.text(TextBlock("who?"))])]
        request.outputFormat = .jsonSchema(name: nil, schema: ["type": "object"], strict: true, description: nil)
        var encoded = try OpenAIChatRequestCodecTests.encode(request, for: target).request
        #expect(encoded.outputTool == "structured_output")
        #expect(encoded.body["response_format"] == nil)
        #expect(encoded.body["tool_choice"] == ["type": "function", "function": ["name": "structured_output"]])

        request.tools = [
            ToolDefinition(ToolName("structured_output"), kind: .function(parameters: ["type": "object"], strict: nil))
        ]
        request.toolChoice = .auto
        encoded = try OpenAIChatRequestCodecTests.encode(request, for: target).request
        #expect(encoded.outputTool == "structured_output_output")
        #expect(encoded.body["tool_choice"] == "required")
        #expect(encoded.body["tools"]?.arrayValue?.count == 2)

        request.toolChoice = .named(ToolName("structured_output"))
        encoded = try OpenAIChatRequestCodecTests.encode(request, for: target).request
        #expect(encoded.body["tool_choice"] == ["type": "function", "function": ["name": "structured_output"]])
    }

    @Test func `tools of other providers go missing, are refused when they are all or must be`() throws {
        func tool(_ dialect: Dialect, _ type: String) -> ToolDefinition {
            ToolDefinition(ToolName(type), kind: .hosted(dialect, type: type, ["type": .string(type)]))
        }
        let function = ToolDefinition(ToolName("f"), kind: .function(parameters: ["type": "object"], strict: nil))
        var request = ModelRequest(model: "fast")
        request.tools = [tool(.openAIResponses, "web_search"), function]
        request.toolChoice = .auto
        let encoded = try OpenAIChatRequestCodecTests.encode(request)
        #expect(encoded.request.body["tools"]?.arrayValue?.count == 1)
        #expect(encoded.losses.headerValue == "tools.web_search")

        var refused = request
        refused.toolChoice = .hosted(type: "web_search")
        #expect(throws: TranslationRefusal.self) { try OpenAIChatRequestCodecTests.encode(refused) }
        refused = request
        refused.tools = [tool(.anthropicMessages, "web_search_20250305")]
        #expect(throws: TranslationRefusal.self) { try OpenAIChatRequestCodecTests.encode(refused) }
        refused.tools = [function, tool(.anthropicMessages, "bash_20250124")]
        #expect(throws: TranslationRefusal.self) { try OpenAIChatRequestCodecTests.encode(refused) }
        refused.tools = [function, tool(.openAIResponses, "mcp")]
        #expect(throws: TranslationRefusal.self) { try OpenAIChatRequestCodecTests.encode(refused) }
    }

    @Test func `allowed tools are the only ones that are told`() throws {
        func tool(_ name: String) -> ToolDefinition {
            ToolDefinition(ToolName(name), kind: .function(parameters: ["type": "object"], strict: nil))
        }
        var request = ModelRequest(model: "fast")
        request.tools = [tool("a"), tool("b"), tool("c")]
        request.toolChoice = .allowed([ToolName("c"), ToolName("a")], required: true)
        let body = try OpenAIChatRequestCodecTests.encode(request).request.body
        #expect(body["tools"]?.arrayValue?.map { $0["function"]?["name"] } == ["a", "c"])
        #expect(body["tool_choice"] == "required")
    }

    @Test(
        arguments: [
            (nil, nil, nil, nil), (.high, nil, nil, "high"), (.xhigh, nil, nil, "high"), (.minimal, nil, nil, "low"),
            (ReasoningOptions.Effort.none, nil, nil, nil), (.max, nil, [.low, .xhigh], "xhigh"),
            (ReasoningOptions.Effort.none, nil, [ReasoningOptions.Effort.none, .low], "none"),
            (.low, .disabled, nil, nil), (nil, .adaptive, nil, nil), (nil, .budget(2_000), nil, "low"),
            (nil, .budget(16_384), nil, "medium"), (nil, .budget(31_999), nil, "high"),
            (.low, .budget(31_999), nil, "low"),
            (.low, nil, [.medium, .high], "medium"),
        ]
            as [(
                ReasoningOptions.Effort?, ReasoningOptions.Thinking?, Set<ReasoningOptions.Effort>?, JSONValue?
            )]
    )
    func `effort is told in words that the model knows`(
        _ effort: ReasoningOptions.Effort?,
        _ thinking: ReasoningOptions.Thinking?,
        _ efforts: Set<ReasoningOptions.Effort>?,
        _ expected: JSONValue?
    ) throws {
        var request = ModelRequest(model: "fast")
        request.reasoning.effort = effort
        request.reasoning.thinking = thinking
        var target = TargetTraits(model: "acme")
        target.efforts = efforts
        #expect(
            try OpenAIChatRequestCodecTests.encode(request, for: target).request.body["reasoning_effort"] == expected
        )
        target.reasons = false
        let encoded = try OpenAIChatRequestCodecTests.encode(request, for: target)
        #expect(encoded.request.body["reasoning_effort"] == nil)
        let isNothing =
            effort == nil && thinking == nil || thinking == .disabled || effort == ReasoningOptions.Effort.none
        #expect(encoded.losses.isEmpty == isNothing)
    }

    @Test func `later instructions are folded where only the first may be one`() throws {
        let turns = [
            Turn(.system, [.text(TextBlock("A"))]), Turn(.developer, [.text(TextBlock("B"))]),
            Turn(.user, [.text(TextBlock("hi"))]), Turn(.system, [.text(TextBlock("C"))]),
            Turn(.user, [.text(TextBlock("more"))]), Turn(.assistant, [.text(TextBlock("ok"))]),
            Turn(.developer, [.text(TextBlock("D"))]),
        ]
        let inPlace = try OpenAIChatRequestCodecTests.messages(turns).messages
        #expect(
            inPlace.map { $0["role"] } == ["system", "system", "user", "system", "user", "assistant", "system"]
        )
        let folded = try OpenAIChatRequestCodecTests.messages(turns, for: OpenAIChatRequestCodecTests.older).messages
        #expect(folded.map { $0["role"] } == ["system", "user", "assistant", "user"])
        #expect(folded[0]["content"] == "A\n\nB")
        #expect(
            folded[1]["content"]?.arrayValue?.map { $0["text"] }
                == ["hi", "<system-reminder>\nC\n</system-reminder>", "more"]
        )
        #expect(folded[3]["content"] == "<system-reminder>\nD\n</system-reminder>")
    }

    @Test func `what only another dialect has is reported`() throws {
        let cache: JSONValue = ["type": "ephemeral"]
        let result = try OpenAIChatRequestCodecTests.messages([
            Turn(.system, [.text(TextBlock("s", cacheControl: cache))]),
            Turn(.user, [.text(TextBlock("u", cacheControl: cache))]),
            Turn(
                .assistant,
                [
                    .reasoning(ReasoningBlock(summary: ["Hm."])), .text(TextBlock("a")),
                    .hosted(
                        .anthropicMessages,
                        type: "web_search_tool_result",
                        ["content": [["encrypted_content": "x", "url": "u"]]]
                    ), .text(TextBlock("b")),
                ],
                phase: "commentary"
            ), Turn(.user, [.text(TextBlock("u"))]),
        ])
        #expect(
            CodecStory.story(result.losses) == [
                "dropped instructionMarks", "dropped contentMarks", "dropped phase", "dropped pastReasoning",
                "approximated hosted.web_search_tool_result",
            ]
        )
        #expect(
            result.messages[2]["content"]
                == "a\n\n[web_search_tool_result] {\"content\":[{\"url\":\"u\"}]}\n\nb"
        )
    }

    @Test func `text behind a call is told before it, which is reported`() throws {
        func losses(_ blocks: Block...) throws -> JSONValue {
            let turns = [Turn(.assistant, blocks), Turn(.user, [.text(TextBlock("u"))])]
            return CodecStory.story(try OpenAIChatRequestCodecTests.messages(turns).losses)
        }
        let call = Block.toolCall(ToolCall(id: "a", name: ToolName("f"), arguments: "{}"))
        #expect(try losses(.text(TextBlock("one")), call, call) == [])
        #expect(try losses(.text(TextBlock("one")), call, .text(TextBlock(""))) == [])
        #expect(try losses(.text(TextBlock("one")), call, .text(TextBlock("two"))) == ["approximated content"])
    }

    @Test func `more texts to stop at than the dialect takes are left to the gateway`() throws {
        var request = ModelRequest(model: "fast")
        request.stopSequences = ["1", "2", "3", "4", "5", "6"]
        let encoded = try OpenAIChatRequestCodecTests.encode(request).request
        #expect(encoded.body["stop"] == ["1", "2", "3", "4"])
        #expect(encoded.emulatedStops == ["5", "6"])
    }

    @Test func `a document by its address is refused`() throws {
        #expect(throws: TranslationRefusal.self) {
            try OpenAIChatRequestCodecTests.messages([Turn(.user, [.file(FileBlock(.url("https://a.example/a.pdf")))])])
        }
        let text = try OpenAIChatRequestCodecTests.messages([Turn(.user, [.file(FileBlock(.text("x"), name: "n"))])])
        #expect(text.messages[0]["content"] == "n:\nx")
    }
}
