import Canonical
import Dialects
import Identity
import Testing
import Wire

/// Tools of callers of other dialects, written for Messages targets.
@Suite struct AnthropicMessagesToolEncodingCodecTests {
    private typealias Story = AnthropicMessagesCodecStory

    private static func request(_ turns: [Turn]) -> ModelRequest {
        var request = ModelRequest(model: "fast")
        request.turns = turns
        return request
    }

    private static let hello = Turn(.user, [.text(TextBlock("Hello."))])

    private static func tools(
        _ tools: [ToolDefinition],
        _ choice: ToolChoice? = nil,
        parallel: Bool? = nil,
        target: TargetTraits = TargetTraits(model: "acme")
    ) throws -> (tools: [JSONValue], choice: JSONValue?, losses: [String]) {
        var request = Self.request([Self.hello])
        request.tools = tools
        request.toolChoice = choice
        request.parallelTools = parallel
        let (encoded, losses) = try Story.encode(request, for: target)
        AnthropicMessagesRequestShape.check(encoded.body)
        return (encoded.body["tools"]?.arrayValue ?? [], encoded.body["tool_choice"], Story.words(losses))
    }

    private static func function(_ name: String, _ schema: JSONValue = .null, strict: Bool? = nil) -> ToolDefinition {
        ToolDefinition(ToolName(name), kind: .function(parameters: schema, strict: strict))
    }

    @Test func `arguments are an object at the top`() throws {
        func schema(_ schema: JSONValue) throws -> (JSONValue?, [String]) {
            let result = try Self.tools([Self.function("f", schema)])
            return (result.tools.first?["input_schema"], result.losses)
        }
        let empty: JSONValue = ["type": "object", "properties": [:]]
        for odd in [.null, [:], ["type": "object"], ["type": ["object", "null"]]] as [JSONValue] {
            let (written, losses) = try schema(odd)
            #expect(written == empty && losses.isEmpty)
        }
        let forms = try schema([
            "anyOf": [
                ["properties": ["a": [:], "b": [:]], "required": ["a", "b"], "additionalProperties": false],
                ["properties": ["b": [:]], "required": ["b"]],
            ]
        ])
        #expect(forms.0 == ["type": "object", "properties": ["a": [:], "b": [:]], "required": ["b"]])
        #expect(forms.1 == ["approximated toolParameters"])
        #expect(throws: TranslationRefusal.self) { try schema(["type": "string"]) }
    }

    @Test func `strict is told to who takes it`() throws {
        let tool = Self.function("f", ["type": "object", "properties": ["a": ["type": "string"]]], strict: true)
        let strict = try Self.tools([tool])
        #expect(strict.tools.first?["strict"] == true && strict.losses.isEmpty)
        var target = TargetTraits(model: "acme")
        target.takesStrictTools = false
        let loose = try Self.tools([tool], target: target)
        #expect(loose.tools.first?["strict"] == nil && loose.losses == ["dropped toolStrictness"])
        #expect(try Self.tools([Self.function("f", strict: false)]).tools.first?["strict"] == nil)
    }

    @Test func `choices in this dialect's words`() throws {
        let all = [Self.function("a"), Self.function("b")]
        #expect(try Self.tools(all).choice == nil)
        #expect(try Self.tools(all, .auto).choice == ["type": "auto"])
        #expect(try Self.tools(all, ToolChoice.none).choice == ["type": "none"])
        #expect(try Self.tools(all, .required).choice == ["type": "any"])
        #expect(try Self.tools(all, .named(ToolName("b"))).choice == ["type": "tool", "name": "b"])
        let some = try Self.tools(all, .allowed([ToolName("b")], required: true))
        #expect(some.choice == ["type": "any"] && some.tools.map { $0["name"] } == ["b"])
        #expect(try Self.tools(all, parallel: false).choice == ["type": "auto", "disable_parallel_tool_use": true])
        #expect(
            try Self.tools(all, .required, parallel: false).choice
                == ["type": "any", "disable_parallel_tool_use": true]
        )
        #expect(try Self.tools(all, ToolChoice.none, parallel: false).choice == ["type": "none"])
        #expect(try Self.tools(all, parallel: true).choice == nil)
        #expect(try Self.tools([], .auto, parallel: false).choice == nil)
        #expect(throws: TranslationRefusal.self) { try Self.tools(all, .named(ToolName("c"))) }
    }

    @Test func `hosted tools of others go missing, unless they are what is wanted`() throws {
        func hosted(_ type: String) -> ToolDefinition {
            ToolDefinition(ToolName(type), kind: .hosted(.openAIResponses, type: type, ["type": .string(type)]))
        }
        let result = try Self.tools([Self.function("a"), hosted("web_search")])
        #expect(result.tools.count == 1 && result.losses == ["dropped tools.web_search"])
        for (tools, choice) in [
            ([hosted("web_search")], nil), ([Self.function("a"), hosted("web_search")], .hosted(type: "web_search")),
            ([Self.function("a"), hosted("mcp")], nil),
        ] as [([ToolDefinition], ToolChoice?)] {
            let refusal = #expect(throws: TranslationRefusal.self) { try Self.tools(tools, choice) }
            #expect(refusal?.code == .unsupportedParameter)
        }
    }

    @Test func `free input, searches and namespaces are functions`() throws {
        let tools = [
            ToolDefinition(
                ToolName("apply_patch"),
                description: "Patches.",
                kind: .custom(format: ["type": "grammar", "syntax": "lark", "definition": "start: x"])
            ), ToolDefinition(ToolName("tool_search"), kind: .toolSearch(parameters: nil)),
            ToolDefinition(ToolName("read", namespace: "mcp__docs"), kind: .function(parameters: .null, strict: nil)),
        ]
        let written = try Self.tools(tools, .named(ToolName("read", namespace: "mcp__docs")))
        #expect(written.tools.map { $0["name"] } == ["apply_patch", "tool_search", "mcp__docs__read"])
        #expect(written.tools[0]["description"]?.stringValue?.hasSuffix("(lark):\nstart: x") == true)
        #expect(written.tools[0]["input_schema"]?["required"] == ["input"])
        #expect(written.choice?["name"] == "mcp__docs__read")
    }

    @Test func `a history with calls has tools even when none are left`() throws {
        let call = ToolCall(id: "a", name: ToolName("look"), arguments: "{}")
        let encoded = try Story.encode(
            Self.request([
                Self.hello, Turn(.assistant, [.toolCall(call)]),
                Turn(.user, [.toolResult(ToolResult(callID: "a", blocks: []))]),
            ])
        )
        AnthropicMessagesRequestShape.check(encoded.request.body)
        #expect(encoded.request.body["tools"]?.arrayValue?.first?["name"] == "look")
        #expect(encoded.request.body["tool_choice"] == ["type": "none"])
        #expect(encoded.losses.isEmpty)
    }
}
