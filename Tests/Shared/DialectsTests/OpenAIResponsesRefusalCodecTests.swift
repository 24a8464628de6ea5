import Canonical
import Dialects
import Identity
import Testing
import Wire

/// Responses requests that cannot be served in another dialect, and what is passed over.
@Suite struct OpenAIResponsesRefusalCodecTests {
    /// A member of a request, the field that is refused, and whether it is one that others lack.
    typealias Case = (member: String, json: String, field: String, isUnsupported: Bool)

    static let cases: [Case] = [
        ("previous_response_id", #""resp_1""#, "previous_response_id", true),
        ("conversation", #""conv_1""#, "conversation", true),
        ("conversation", #"{"id":"conv_1"}"#, "conversation", true),
        ("prompt", #"{"id":"p"}"#, "prompt", true),
        ("background", "true", "background", true),
        ("background", "1", "background", false),
        ("top_logprobs", "2", "top_logprobs", true),
        ("n", "2", "n", true),
        ("logit_bias", #"{"1":2}"#, "logit_bias", true),
        ("include", #"["reasoning.encrypted_content","message.output_text.logprobs"]"#, "include[1]", true),
        ("include", "[7]", "include[0]", false),
        ("input", "7", "input", false),
        ("input", "null", "input", false),
        ("input", "[7]", "input[0]", false),
        ("input", "[{}]", "input[0].type", false),
        ("input", #"[{"type":"item_reference","id":"x"}]"#, "input[0].type", true),
        ("input", #"[{"type":"compaction","encrypted_content":"x"}]"#, "input[0].type", true),
        ("input", #"[{"type":"computer_call_output"}]"#, "input[0].type", true),
        ("input", #"[{"type":"from_the_future"}]"#, "input[0].type", true),
        ("input", #"[{"role":"tool","content":"x"}]"#, "input[0].role", true),
        ("input", #"[{"role":"user"}]"#, "input[0].content", false),
        ("input", #"[{"role":"user","content":7}]"#, "input[0].content", false),
        ("input", #"[{"role":"user","content":[{"type":"input_audio"}]}]"#, "input[0].content[0].type", true),
        ("input", #"[{"role":"user","content":[{"type":"video"}]}]"#, "input[0].content[0].type", true),
        ("input", #"[{"role":"user","content":[{"type":"refusal"}]}]"#, "input[0].content[0].type", false),
        ("input", #"[{"role":"system","content":[{"type":"input_image"}]}]"#, "input[0].content[0].type", false),
        ("input", #"[{"role":"user","content":[{"type":"input_text"}]}]"#, "input[0].content[0].text", false),
        (
            "input", #"[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]"#,
            "input[0].content[0].file_id", true
        ),
        (
            "input", #"[{"role":"user","content":[{"type":"input_image","image_url":"ftp://x"}]}]"#,
            "input[0].content[0].image_url", false
        ),
        (
            "input", #"[{"role":"user","content":[{"type":"input_image","image_url":"data:image/tiff;base64,AA"}]}]"#,
            "input[0].content[0].image_url", false
        ),
        (
            "input", #"[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}]"#,
            "input[0].content[0].file_id", true
        ),
        (
            "input", #"[{"role":"user","content":[{"type":"input_file","file_data":""}]}]"#,
            "input[0].content[0].file_data", false
        ),
        ("input", #"[{"type":"function_call","name":"f","arguments":"{}"}]"#, "input[0].call_id", false),
        ("input", #"[{"type":"function_call","call_id":"","name":"f"}]"#, "input[0].call_id", false),
        ("input", #"[{"type":"function_call","call_id":"c","arguments":"{}"}]"#, "input[0].name", false),
        ("input", #"[{"type":"function_call","call_id":"c","name":"f","arguments":[]}]"#, "input[0].arguments", false),
        ("input", #"[{"type":"function_call_output","call_id":"c","output":{}}]"#, "input[0].output", false),
        (
            "input", #"[{"type":"function_call_output","call_id":"c","output":[{"type":"x"}]}]"#,
            "input[0].output[0].type", true
        ),
        ("input", #"[{"type":"reasoning","summary":["x"]}]"#, "input[0].summary[0]", false),
        ("input", #"[{"type":"reasoning","encrypted_content":7}]"#, "input[0].encrypted_content", false),
        ("input", #"[{"type":"additional_tools","tools":[{}]}]"#, "input[0].tools[0].type", false),
        (
            "input", #"[{"type":"agent_message","content":[{"type":"encrypted_content"}]}]"#,
            "input[0].content[0].type", true
        ),
        ("tools", "{}", "tools", false),
        ("tools", #"[{"type":"function"}]"#, "tools[0].name", false),
        ("tools", #"[{"type":"function","name":"f","parameters":[]}]"#, "tools[0].parameters", false),
        (
            "tools", #"[{"type":"function","name":"f","parameters":{"type":"array"}}]"#, "tools[0].parameters.type",
            false
        ),
        ("tools", #"[{"type":"custom","name":"f","format":{"type":"x"}}]"#, "tools[0].format.type", true),
        ("tools", #"[{"type":"mcp","server_url":"https://x"}]"#, "tools[0].type", true),
        ("tools", #"[{"type":"namespace","tools":[]}]"#, "tools[0].name", false),
        ("tools", #"[{"type":"namespace","name":"a","tools":[{"type":"mcp"}]}]"#, "tools[0].tools[0].type", true),
        ("tool_choice", #""must""#, "tool_choice", false),
        ("tool_choice", #"{"type":"function","name":"f"}"#, "tool_choice", false),
        ("tool_choice", #"{"type":"allowed_tools","mode":"x","tools":[]}"#, "tool_choice.mode", false),
        ("tool_choice", #"{"type":"allowed_tools","tools":[{"type":"web_search"}]}"#, "tool_choice.tools", true),
        (
            "tool_choice", #"{"type":"allowed_tools","tools":[{"type":"function","name":"f"}]}"#,
            "tool_choice.tools[0]", false
        ),
        ("reasoning", #"{"effort":"most"}"#, "reasoning.effort", false),
        ("reasoning", #"{"summary":"long"}"#, "reasoning.summary", false),
        ("text", #"{"format":{"type":"json_schema","name":"x"}}"#, "text.format.schema", false),
        ("text", #"{"format":{"type":"xml"}}"#, "text.format.type", true),
        ("text", #"{"format":{}}"#, "text.format.type", false),
        ("max_output_tokens", "0", "max_output_tokens", false),
        ("temperature", #""hot""#, "temperature", false),
        ("metadata", "[]", "metadata", false),
        ("stream", #""yes""#, "stream", false),
        ("instructions", "[]", "instructions", false),
    ]

    @Test(arguments: OpenAIResponsesRefusalCodecTests.cases.indices)
    func `what cannot be told another dialect is refused by its field`(_ index: Int) throws {
        let (member, json, field, isUnsupported) = OpenAIResponsesRefusalCodecTests.cases[index]
        let value = try CodecStory.json(json)
        let refusal = #expect(throws: TranslationRefusal.self) {
            try OpenAIResponsesCodecStory.decode(member, value)
        }
        #expect(refusal?.field == field)
        #expect(refusal?.code == (isUnsupported ? .unsupportedParameter : .invalidRequest))
    }

    @Test func `a body that is no object and one without a model are refused`() {
        for (body, field) in [([] as JSONValue, "body"), (["input": "x"], "model"), (["model": 7], "model")] {
            let refusal = #expect(throws: TranslationRefusal.self) { try OpenAIResponsesCodecStory.decode(body) }
            #expect(refusal?.field == field)
        }
    }

    @Test(arguments: [
        #"{"role":"user","content":"x","status":null,"junk":[1]}"#,
        #"{"type":"message","role":"assistant","content":null}"#,
        #"{"type":"reasoning","id":"rs","summary":[],"content":null,"encrypted_content":null}"#,
        #"{"type":"additional_tools","role":"developer"}"#,
    ])
    func `what clients copy from answers is passed over`(_ item: String) throws {
        let (request, losses) = try OpenAIResponsesCodecStory.items([
            try CodecStory.json(item), ["role": "user", "content": "go"],
        ])
        #expect(losses.isEmpty)
        #expect(request.turns.last == Turn(.user, [.text(TextBlock("go"))]))
    }

    @Test func `state is asked for by the words that mean none`() throws {
        let (request, losses) = try OpenAIResponsesCodecStory.decode(
            try CodecStory.json(
                """
                {"model":"m","input":"x","previous_response_id":null,"conversation":null,"prompt":null,"background":false,
                "store":false,"truncation":"disabled","service_tier":"auto","top_logprobs":0,"n":1,"logit_bias":{},
                "text":{"verbosity":"medium","format":{"type":"text"}},"include":[]}
                """
            )
        )
        #expect(losses.isEmpty)
        #expect(request.reasoning.wantsOpaque)
        #expect(request.outputFormat == .text)
    }

    @Test func `blobs are wanted by who asks for them or stores nothing`() throws {
        #expect(try !OpenAIResponsesCodecStory.decode("top_p", 1).request.reasoning.wantsOpaque)
        #expect(try !OpenAIResponsesCodecStory.decode("store", true).request.reasoning.wantsOpaque)
        #expect(try OpenAIResponsesCodecStory.decode("store", false).request.reasoning.wantsOpaque)
        let asked: JSONValue = ["reasoning.encrypted_content"]
        #expect(try OpenAIResponsesCodecStory.decode("include", asked).request.reasoning.wantsOpaque)
    }

    @Test func `tools are strict where nothing is said and their schema allows it`() throws {
        let fitting: JSONValue = [
            "type": "object", "required": ["a"], "additionalProperties": false,
            "properties": [
                "a": ["type": "array", "items": ["type": "object", "properties": [:], "additionalProperties": false]]
            ],
        ]
        let loose: JSONValue = [
            "type": "object", "properties": ["a": ["type": "string"]], "additionalProperties": false,
        ]
        for (schema, told, strict) in [
            (fitting, nil, true), (loose, nil, false), (loose, true, true), (fitting, false, false),
        ] as [(JSONValue, Bool?, Bool)] {
            var tool = JSONObject([("type", "function"), ("name", "f"), ("parameters", schema)])
            tool["strict"] = told.map { .bool($0) }
            let (request, losses) = try OpenAIResponsesCodecStory.decode("tools", [.object(tool)])
            #expect(request.tools.map(\.kind) == [.function(parameters: schema, strict: strict)])
            #expect(losses.losses.map(\.field) == (told == nil && !strict ? ["tools.strict"] : []))
        }
    }

    @Test func `a choice finds its tool in a namespace`() throws {
        let tools: JSONValue = [
            [
                "type": "namespace", "name": "a",
                "tools": [["type": "function", "name": "x"], ["type": "custom", "name": "y"]],
            ],
            ["type": "namespace", "name": "b", "tools": [["type": "function", "name": "x"]]],
            ["type": "tool_search", "execution": "client"], ["type": "tool_search"], ["type": "web_search"],
        ]
        func choice(_ choice: JSONValue) throws -> ToolChoice? {
            try OpenAIResponsesCodecStory.decode(["model": "m", "input": "x", "tools": tools, "tool_choice": choice])
                .request.toolChoice
        }
        let y = ToolName("y", namespace: "a")
        #expect(try choice(["type": "custom", "name": "y"]) == .named(y))
        #expect(
            try choice(["type": "function", "name": "x", "namespace": "b"]) == .named(ToolName("x", namespace: "b"))
        )
        #expect(throws: TranslationRefusal.self) { try choice(["type": "function", "name": "x"]) }
        #expect(try choice(["type": "tool_search"]) == .named(ToolName("tool_search")))
        #expect(try choice(["type": "web_search"]) == .hosted(type: "web_search"))
        #expect(try choice("none") == ToolChoice.none)
        let allowed: JSONValue = [
            "type": "allowed_tools", "mode": "auto",
            "tools": [["type": "namespace", "name": "b"], ["type": "custom", "name": "y"]],
        ]
        #expect(try choice(allowed) == .allowed([ToolName("x", namespace: "b"), y], required: false))
    }

    // MARK: Targets

    private static func encode(_ change: (inout ModelRequest) -> Void) throws -> (body: JSONValue, losses: [String]) {
        var request = ModelRequest(model: "fast")
        request.turns = [Turn(.user, [.text(TextBlock("x"))])]
        change(&request)
        let encoded = try OpenAIResponsesRequestCodecTests.encode(request)
        return (encoded.request.body, encoded.losses.losses.map { "\($0.kind.rawValue) \($0.field)" })
    }

    private static func hosted(_ type: String) -> ToolDefinition {
        ToolDefinition(ToolName(type), kind: .hosted(.anthropicMessages, type: type, ["type": .string(type)]))
    }

    private static let function = ToolDefinition(
        ToolName("f"),
        kind: .function(parameters: ["type": "object"], strict: nil)
    )

    @Test func `a search that another provider runs goes missing beside other tools`() throws {
        let (body, losses) = try OpenAIResponsesRefusalCodecTests.encode {
            $0.tools = [
                OpenAIResponsesRefusalCodecTests.hosted("web_search_20250305"),
                OpenAIResponsesRefusalCodecTests.function,
            ]
        }
        #expect(body["tools"]?.arrayValue?.count == 1)
        #expect(losses == ["dropped tools.web_search_20250305"])
    }

    @Test(arguments: ["bash_20250124", "text_editor_20250728", "computer_20250124"])
    func `tools that a caller runs by a built-in schema are refused`(_ type: String) {
        let refusal = #expect(throws: TranslationRefusal.self) {
            try OpenAIResponsesRefusalCodecTests.encode {
                $0.tools = [OpenAIResponsesRefusalCodecTests.hosted(type), OpenAIResponsesRefusalCodecTests.function]
            }
        }
        #expect(refusal?.code == .unsupportedParameter)
    }

    @Test func `a search that is all there is or that must be called is refused`() {
        for choice in [nil, ToolChoice.hosted(type: "web_search_20250305")] {
            let tools = [OpenAIResponsesRefusalCodecTests.hosted("web_search_20250305")]
            let refusal = #expect(throws: TranslationRefusal.self) {
                try OpenAIResponsesRefusalCodecTests.encode {
                    $0.tools = choice == nil ? tools : tools + [OpenAIResponsesRefusalCodecTests.function]
                    $0.toolChoice = choice
                }
            }
            #expect(refusal?.field == (choice == nil ? "tools" : "tool_choice"))
        }
    }

    @Test func `what the dialect lacks is reported and texts at which to stop are left to the gateway`() throws {
        var request = ModelRequest(model: "fast")
        request.turns = [
            Turn(.system, [.text(TextBlock("s", cacheControl: ["type": "ephemeral"]))]),
            Turn(.user, [.text(TextBlock("x", cacheControl: ["type": "ephemeral"]))]),
            Turn(
                .assistant,
                [.reasoning(ReasoningBlock(summary: ["t"], opaque: .native(.signature, "s"))), .text(TextBlock("A"))]
            ),
        ]
        request.stopSequences = ["END", "", "STOP"]
        request.sampling.topK = JSONNumber(4)
        request.sampling.seed = JSONNumber(4)
        request.maximumOutputTokens = 3
        let (encoded, losses) = try OpenAIResponsesRequestCodecTests.encode(request)
        #expect(encoded.emulatedStops == ["END", "STOP"])
        #expect(encoded.body["max_output_tokens"] == 16)
        #expect(encoded.body["store"] == false)
        #expect(encoded.body["instructions"] == nil)
        #expect(
            losses.losses.map(\.field) == [
                "instructionMarks", "contentMarks", "pastReasoning", "lastTurn", "outputCap", "topK", "seed",
            ]
        )
    }

    @Test func `results keep their kind, say that they failed and carry pictures`() throws {
        let image = ImageBlock(.inline(mediaType: "image/png", base64: "AA=="))
        let (body, _) = try OpenAIResponsesRefusalCodecTests.encode {
            $0.turns = [
                Turn(
                    .assistant,
                    [
                        .toolCall(ToolCall(id: "a b", name: ToolName("f", namespace: "n"), arguments: "")),
                        .toolCall(ToolCall(id: "c2", name: ToolName("p"), kind: .custom, arguments: "raw")),
                        .toolCall(
                            ToolCall(id: "c3", name: ToolName("tool_search"), kind: .toolSearch, arguments: "{}")
                        ),
                    ]
                ),
                Turn(
                    .user,
                    [
                        .toolResult(
                            ToolResult(callID: "a b", blocks: [.text(TextBlock("no")), .image(image)], isError: true)
                        ),
                        .toolResult(ToolResult(callID: "c2", blocks: [.image(image)], isError: true, kind: .custom)),
                        .toolResult(ToolResult(callID: "c3", blocks: [], kind: .toolSearch)),
                        .text(TextBlock("go")),
                    ]
                ),
            ]
        }
        let id = JSONValue.string(ToolAliases.wireID("a b"))
        let picture: JSONValue = ["type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "auto"]
        #expect(
            body["input"] == [
                ["type": "function_call", "call_id": id, "name": "n__f", "arguments": "{}"],
                ["type": "custom_tool_call", "call_id": "c2", "name": "p", "input": "raw"],
                ["type": "function_call", "call_id": "c3", "name": "tool_search", "arguments": "{}"],
                [
                    "type": "function_call_output", "call_id": id,
                    "output": [["type": "input_text", "text": "Error: no"], picture],
                ],
                [
                    "type": "custom_tool_call_output", "call_id": "c2",
                    "output": [["type": "input_text", "text": "Error:"], picture],
                ],
                ["type": "function_call_output", "call_id": "c3", "output": "(no output)"],
                ["type": "message", "role": "user", "content": [["type": "input_text", "text": "go"]]],
            ]
        )
    }
}
