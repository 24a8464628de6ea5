import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Requests of callers of other dialects, written for Messages targets.
@Suite struct AnthropicMessagesRequestEncodingCodecTests {
    private typealias Story = AnthropicMessagesCodecStory

    private static func text(_ text: String) -> Block { .text(TextBlock(text)) }

    private static func request(_ turns: [Turn]) -> ModelRequest {
        var request = ModelRequest(model: "fast")
        request.turns = turns
        return request
    }

    private static let hello = Turn(.user, [text("Hello.")])
    private static var older: TargetTraits {
        var target = TargetTraits(model: "acme-haiku", maximumOutputTokens: 8_192)
        target.usesThinkingBudget = true
        target.takesOutputSchema = false
        target.takesStrictTools = false
        return target
    }

    /// Without breakpoints, which have a test of their own.
    private static func messages(_ turns: [Turn], for target: TargetTraits = TargetTraits(model: "acme")) throws
        -> (system: [JSONValue], messages: [JSONValue], losses: [String])
    {
        let (encoded, losses) = try Story.encode(Self.request(turns), for: target)
        AnthropicMessagesRequestShape.check(encoded.body, systemTurns: target.takesSystemTurns)
        func plain(_ block: JSONValue) -> JSONValue {
            var object = block.objectValue ?? JSONObject()
            object["cache_control"] = nil
            return .object(object)
        }
        let messages = (encoded.body["messages"]?.arrayValue ?? []).map { message in
            [message["role"] ?? .null] + (message["content"]?.arrayValue ?? []).map(plain)
        }
        return (
            (encoded.body["system"]?.arrayValue ?? []).map { $0["text"] ?? .null }, messages.map { .array($0) },
            Story.words(losses)
        )
    }

    private static func refusal(
        _ turns: [Turn],
        for target: TargetTraits = TargetTraits(model: "acme")
    ) -> TranslationRefusal? {
        #expect(throws: TranslationRefusal.self) { try Story.encode(Self.request(turns), for: target) }
    }

    // MARK: Whole requests

    private static let chatNames = CodecStory.folder.names(in: "requests/openai-chat", endingWith: ".json")

    @Test(arguments: chatNames)
    func `a chat request becomes one that the api takes`(_ name: String) throws {
        var losses = LossReport()
        let body = try CodecStory.json(file: "requests/openai-chat/\(name).json")
        var request = try OpenAIChat.decodeRequest(body, losses: &losses)
        request = try ConversationOrder.ordered(
            request,
            at: RequestPaths(.openAIChat, body: body),
            losses: &losses
        )
        request = ReasoningReplay.opened(request, keepsUnsigned: false, open: { _ in .foreign }, losses: &losses)
        var story = JSONObject()
        for (word, target) in [
            ("for a model of today", TargetTraits(model: "acme-opus")), ("for an older model", Self.older),
        ] {
            var losses = LossReport()
            let encoded = try AnthropicMessages.encodeRequest(request, for: target, losses: &losses)
            AnthropicMessagesRequestShape.check(encoded.body, usesBudget: target.usesThinkingBudget)
            story[word] = encoded.body
            story["\(word), lost"] = CodecStory.story(losses)
        }
        try GoldenFile("requests/anthropic-messages/from-openai-chat/\(name).json", in: CodecStory.folder)
            .check(.object(story))
    }

    // MARK: Turns

    @Test func `leading instructions are the system and later ones stay in place`() throws {
        let turns = [
            Turn(.system, [Self.text("One.")]), Turn(.developer, [Self.text("Two.")]), Self.hello,
            Turn(.developer, [Self.text("Three.")]), Turn(.assistant, [Self.text("Hi.")]),
            Turn(.system, [Self.text("Four.")]), Self.hello,
        ]
        let folded = try Self.messages(turns)
        func text(_ text: JSONValue) -> JSONValue { ["type": "text", "text": text] }
        #expect(folded.system == ["One.", "Two."])
        #expect(
            folded.messages == [
                ["user", text("Hello."), text("<system-reminder>\nThree.\n</system-reminder>")],
                ["assistant", text("Hi.")],
                ["user", text("<system-reminder>\nFour.\n</system-reminder>"), text("Hello.")],
            ]
        )
        var target = TargetTraits(model: "acme")
        target.takesSystemTurns = true
        let kept = try Self.messages(turns, for: target)
        #expect(kept.messages.map { $0.arrayValue?.first } == ["user", "system", "assistant", "system", "user"])
        #expect(folded.losses.isEmpty && kept.losses.isEmpty)
    }

    @Test func `turns of the same role in a row are one, and results lead`() throws {
        let call = ToolCall(id: "a", name: ToolName("look"), arguments: "{}")
        let result = try Self.messages([
            Self.hello, Self.hello, Turn(.assistant, [Self.text("Wait.")]), Turn(.assistant, [.toolCall(call)]),
            Turn(.user, [Self.text("Well?")]), Turn(.user, [.toolResult(ToolResult(callID: "a", blocks: []))]),
        ])
        #expect(
            result.messages == [
                ["user", ["type": "text", "text": "Hello."], ["type": "text", "text": "Hello."]],
                [
                    "assistant", ["type": "text", "text": "Wait."],
                    ["type": "tool_use", "id": "a", "name": "look", "input": [:]],
                ],
                [
                    "user",
                    [
                        "type": "tool_result", "tool_use_id": "a",
                        "content": [["type": "text", "text": "(no output)"]],
                    ],
                    ["type": "text", "text": "Well?"],
                ],
            ]
        )
    }

    @Test func `what the assistant said before the user becomes a part of the system`() throws {
        let result = try Self.messages([
            Turn(.system, [Self.text("Be kind.")]), Turn(.assistant, [Self.text("Welcome!")]), Self.hello,
        ])
        #expect(result.system.count == 2)
        #expect(result.system[1].stringValue?.contains("Welcome!") == true)
        #expect(result.messages.map { $0.arrayValue?.first } == ["user"])
        #expect(result.losses == ["approximated firstTurn"])
        let call = Turn(.assistant, [.toolCall(ToolCall(id: "a", name: ToolName("b"), arguments: "{}"))])
        #expect(Self.refusal([call, Self.hello])?.code == .unsupportedParameter)
        #expect(Self.refusal([Turn(.system, [Self.text("Alone.")])]) != nil)
        #expect(Self.refusal([]) != nil)
    }

    @Test func `a begun answer is taken by older models only`() throws {
        let turns = [Self.hello, Turn(.assistant, [Self.text("The answer is (  \n")])]
        #expect(Self.refusal(turns)?.code == .unsupportedParameter)
        let result = try Self.messages(turns, for: Self.older)
        #expect(result.messages.last == ["assistant", ["type": "text", "text": "The answer is ("]])
        #expect(result.losses == ["approximated lastTurn"])
        let call = Turn(.assistant, [.toolCall(ToolCall(id: "a", name: ToolName("b"), arguments: "{}"))])
        #expect(Self.refusal([Self.hello, call], for: Self.older)?.code == .invalidRequest)
    }

    @Test func `reasoning goes only with what the target made of it`() throws {
        let result = try Self.messages([
            Self.hello,
            Turn(
                .assistant,
                [
                    .reasoning(ReasoningBlock(opaque: .native(.signature, "s"))),
                    .reasoning(ReasoningBlock(summary: ["a", "b"], opaque: .native(.signature, "t"))),
                    .reasoning(ReasoningBlock(opaque: .native(.redacted, "r"))),
                    .reasoning(ReasoningBlock(summary: ["unsigned"])),
                    .reasoning(ReasoningBlock(opaque: .native(.encryptedContent, "e"))),
                    .reasoning(ReasoningBlock(opaque: .sealed("x"))), Self.text("Hi."),
                    .reasoning(ReasoningBlock(opaque: .native(.signature, "last"))),
                ]
            ), Turn(.assistant, [.reasoning(ReasoningBlock(opaque: .native(.signature, "alone")))]), Self.hello,
        ])
        #expect(
            result.messages[1] == [
                "assistant", ["type": "thinking", "thinking": "", "signature": "s"],
                ["type": "thinking", "thinking": "a\n\nb", "signature": "t"],
                ["type": "redacted_thinking", "data": "r"], ["type": "text", "text": "Hi."],
            ]
        )
        #expect(result.losses == ["dropped pastReasoning"])
    }

    @Test func `pictures and documents in turns and results`() throws {
        let picture = ImageBlock(.inline(mediaType: "image/png", base64: "AAAA"), detail: "high")
        let source: JSONValue = ["type": "base64", "media_type": "image/png", "data": "AAAA"]
        let call = ToolCall(id: "call 1", name: ToolName("shot", namespace: "mcp"), arguments: "{}")
        let result = try Self.messages([
            Turn(
                .user,
                [
                    .image(picture), .image(ImageBlock(.url("https://a.example/b.png"), detail: "auto")),
                    .file(FileBlock(.inline(mediaType: "application/pdf", base64: "JVBERi0="), name: "a.pdf")),
                    .file(FileBlock(.inline(mediaType: "text/csv", base64: "YSxi"))), .file(FileBlock(.text("words"))),
                    .file(FileBlock(.url("https://a.example/c.pdf"))),
                    .file(FileBlock(.inline(mediaType: "image/png", base64: "AAAA"))),
                ]
            ), Turn(.assistant, [.toolCall(call)]),
            Turn(.user, [.toolResult(ToolResult(callID: "call 1", blocks: [.image(picture)], isError: true))]),
        ])
        #expect(
            result.messages[0] == [
                "user", ["type": "image", "source": source],
                ["type": "image", "source": ["type": "url", "url": "https://a.example/b.png"]],
                [
                    "type": "document",
                    "source": ["type": "base64", "media_type": "application/pdf", "data": "JVBERi0="],
                    "title": "a.pdf",
                ],
                ["type": "document", "source": ["type": "text", "media_type": "text/plain", "data": "a,b"]],
                ["type": "document", "source": ["type": "text", "media_type": "text/plain", "data": "words"]],
                ["type": "document", "source": ["type": "url", "url": "https://a.example/c.pdf"]],
                ["type": "image", "source": source],
            ]
        )
        #expect(result.messages[1].arrayValue?[1]["name"] == "mcp__shot")
        #expect(result.messages[1].arrayValue?[1]["id"] == result.messages[2].arrayValue?[1]["tool_use_id"])
        #expect(
            result.messages[2].arrayValue?[1]["content"] == [
                ["type": "text", "text": "Error:"], ["type": "image", "source": source],
            ]
        )
        #expect(result.messages[2].arrayValue?[1]["is_error"] == nil)
        #expect(result.losses == ["dropped imageDetail"])
        for type in ["application/zip", "text/plain"] {
            let file = Block.file(FileBlock(.inline(mediaType: type, base64: "/w==")))
            #expect(Self.refusal([Turn(.user, [file])])?.code == .unsupportedParameter)
        }
        let bitmap = Block.image(ImageBlock(.inline(mediaType: "image/bmp", base64: "AAAA")))
        #expect(Self.refusal([Turn(.user, [bitmap])]) != nil)
    }

    @Test func `a call that is no json is still a call`() throws {
        func input(_ arguments: JSONText, _ kind: ToolCall.Kind = .function) throws -> JSONValue? {
            let call = ToolCall(id: "a", name: ToolName("b"), kind: kind, arguments: arguments)
            return try Self.messages([
                Self.hello, Turn(.assistant, [.toolCall(call)]),
                Turn(.user, [.toolResult(ToolResult(callID: "a", blocks: []))]),
            ]).messages[1].arrayValue?[1]["input"]
        }
        #expect(try input("") == [:])
        #expect(try input(#"{"a": 1.50}"#).map { JSONWriter.text($0) } == #"{"a":1.50}"#)
        #expect(try input("{broken") == ["__raw": "{broken"])
        #expect(try input("[1]") == ["__raw": "[1]"])
        #expect(try input("*** Begin", .custom) == ["input": "*** Begin"])
    }

    @Test func `what another provider's tool did is told in words`() throws {
        let search = Block.hosted(.openAIResponses, type: "web_search_call", ["query": "x", "encrypted_content": "y"])
        let own = Block.hosted(.anthropicMessages, type: "server_tool_use", ["type": "server_tool_use", "id": "s"])
        var losses = LossReport()
        let encoded = try AnthropicMessages.encodeRequest(
            Self.request([Self.hello, Turn(.assistant, [search, own, Self.text("a")]), Self.hello]),
            for: TargetTraits(model: "acme"),
            losses: &losses
        )
        let content = encoded.body["messages"]?.arrayValue?[1]["content"]?.arrayValue
        #expect(content?.first?["text"] == #"[web_search_call] {"query":"x"}"#)
        #expect(content?[1]["type"] == "server_tool_use")
        #expect(Story.words(losses) == ["approximated hosted.web_search_call"])
    }

    // MARK: Prompt cache

    private static func marks(_ body: JSONValue) -> [String] {
        func marked(_ blocks: JSONValue?, _ name: String) -> [String] {
            (blocks?.arrayValue ?? []).enumerated().compactMap { index, block in
                block["cache_control"] == nil ? nil : "\(name)\(index)"
            }
        }
        return marked(body["tools"], "tool") + marked(body["system"], "system")
            + (body["messages"]?.arrayValue ?? []).enumerated().flatMap { index, message in
                marked(message["content"], "message\(index).")
            }
    }

    @Test func `a caller without breakpoints gets four`() throws {
        var request = Self.request([
            Turn(.system, [Self.text("a"), Self.text("b")]), Self.hello, Turn(.assistant, [Self.text("c")]),
            Turn(.user, [Self.text("d"), Self.text("e")]), Turn(.assistant, [Self.text("f")]), Self.hello,
        ])
        request.tools = ["x", "y"].map { ToolDefinition(ToolName($0), kind: .function(parameters: .null, strict: nil)) }
        #expect(try Self.marks(Story.encode(request).request.body) == ["tool1", "system1", "message2.1", "message4.0"])
        #expect(try Self.marks(Story.encode(Self.request([Self.hello])).request.body) == ["message0.0"])
    }

    @Test func `a caller's own breakpoints are kept, the last four of them`() throws {
        func block(_ text: JSONText) -> Block {
            .text(TextBlock(text, cacheControl: ["type": "ephemeral", "ttl": "1h"]))
        }
        let few = try Story.encode(Self.request([Turn(.user, [block("a"), Self.text("b")])]))
        #expect(Self.marks(few.request.body) == ["message0.0"])
        #expect(few.losses.isEmpty)
        let many = try Story.encode(
            Self.request([Turn(.system, [block("s")]), Turn(.user, ["a", "b", "c", "d", "e"].map(block))])
        )
        #expect(Self.marks(many.request.body) == ["message0.1", "message0.2", "message0.3", "message0.4"])
        #expect(Story.words(many.losses) == ["dropped contentMarks"])
    }

    // MARK: Options

    @Test func `sampling is told as far as the api takes it`() throws {
        func written(
            temperature: Double? = nil,
            topP: Double? = nil,
            topK: Int? = nil,
            thinks: Bool = false,
            takesSampling: Bool = true
        ) throws -> String {
            var request = Self.request([Self.hello])
            request.sampling.temperature = temperature.flatMap { JSONNumber($0) }
            request.sampling.topP = topP.flatMap { JSONNumber($0) }
            request.sampling.topK = topK.map { JSONNumber($0) }
            if thinks { request.reasoning.effort = .low }
            var target = TargetTraits(model: "acme")
            target.takesSampling = takesSampling
            let (encoded, losses) = try Story.encode(request, for: target)
            let told = ["temperature", "top_p", "top_k"].compactMap { name in
                encoded.body[name].map { "\(name)=\(JSONWriter.text($0))" }
            }
            return (told + Story.words(losses)).joined(separator: " ")
        }
        #expect(try written(temperature: 0.5) == "temperature=0.5")
        #expect(try written(temperature: 1.7) == "temperature=1 approximated temperature")
        #expect(try written(topP: 0.5, topK: 3) == "top_p=0.5 top_k=3")
        #expect(try written(temperature: 0.5, topP: 0.5) == "temperature=0.5 dropped topP")
        #expect(try written(temperature: 0.5, topP: 1) == "temperature=0.5")
        #expect(
            try written(temperature: 1, topP: 0.96, topK: 3, thinks: true)
                == "temperature=1.0 dropped topP dropped topK"
        )
        #expect(try written(temperature: 0.2, topP: 0.96, thinks: true) == "top_p=0.96 dropped temperature")
        #expect(try written(topP: 0.5, thinks: true) == "dropped topP")
        #expect(
            try written(temperature: 0.5, topP: 0.5, topK: 1, takesSampling: false)
                == "dropped temperature dropped topP dropped topK"
        )
        var request = Self.request([Self.hello])
        request.sampling.seed = JSONNumber(1)
        request.sampling.frequencyPenalty = JSONNumber(0)
        request.sampling.presencePenalty = JSONNumber(1)
        #expect(try Story.words(Story.encode(request).losses) == ["dropped presencePenalty", "dropped seed"])
    }

    @Test func `stops of white space are the gateway's`() throws {
        var request = Self.request([Self.hello])
        request.stopSequences = ["END", "\n\n", ""]
        let encoded = try Story.encode(request).request
        #expect(encoded.body["stop_sequences"] == ["END"])
        #expect(encoded.emulatedStops == ["\n\n"])
    }

    @Test func `the cap is the caller's, the target's or a large one`() throws {
        func cap(_ wanted: Int?, _ limit: Int?) throws -> Int? {
            var request = Self.request([Self.hello])
            request.maximumOutputTokens = wanted
            let target = TargetTraits(model: "acme", maximumOutputTokens: limit)
            return try Story.encode(request, for: target).request.body["max_tokens"]?.intValue
        }
        #expect(try cap(nil, nil) == 32_000)
        #expect(try cap(nil, 8_000) == 8_000)
        #expect(try cap(9, 8_000) == 9)
        #expect(try cap(9_000, 8_000) == 8_000)
        #expect(try cap(64_000, nil) == 64_000)
    }

    @Test func `a schema is closed and what is not enforced becomes words`() throws {
        var request = Self.request([Self.hello])
        let schema = try CodecStory.json(
            #"""
            {"$schema":"x","type":"object","properties":{"n":{"type":"integer","minimum":1,"description":"A number."},
            "e":{"oneOf":[{"type":"null"},{"type":"object","properties":{}}]},"f":{"type":"string","format":"uri"},
            "g":{"type":"string","format":"phone","pattern":"^x"},"l":{"type":"array","items":{"$ref":"#/$defs/d"},"minItems":2}},
            "$defs":{"d":{"type":"object","properties":{"additionalProperties":{"type":"string"}}}},
            "required":["n"]}
            """#
        )
        request.outputFormat = .jsonSchema(name: "answer", schema: schema, strict: false, description: "All of it.")
        let (encoded, losses) = try Story.encode(request)
        #expect(
            try encoded.body["output_config"]?["format"]?["schema"]
                == CodecStory.json(
                    #"""
                    {"type":"object","properties":{"n":{"type":"integer","description":"A number. (minimum: 1)"},
                    "e":{"anyOf":[{"type":"null"},{"type":"object","properties":{},"additionalProperties":false}]},
                    "f":{"type":"string","format":"uri"},
                    "g":{"type":"string","description":"(format: \"phone\", pattern: \"^x\")"},
                    "l":{"type":"array","items":{"$ref":"#/$defs/d"},"description":"(minItems: 2)"}},
                    "$defs":{"d":{"type":"object","properties":{"additionalProperties":{"type":"string"}},"additionalProperties":false}},
                    "required":["n"],"additionalProperties":false,"description":"All of it."}
                    """#
                )
        )
        #expect(losses.isEmpty && encoded.outputTool == nil)
        let (emulated, _) = try Story.encode(request, for: Self.older)
        #expect(emulated.outputTool == "answer")
        #expect(emulated.body["output_config"] == nil)
        #expect(emulated.body["tool_choice"] == ["type": "tool", "name": "answer"])
        request.tools = [ToolDefinition(ToolName("answer"), kind: .function(parameters: .null, strict: nil))]
        let beside = try Story.encode(request, for: Self.older).request
        #expect(beside.outputTool == "answer_output")
        #expect(beside.body["tool_choice"] == ["type": "any"])
        request.outputFormat = .jsonObject
        let object = try Story.encode(request)
        #expect(Story.words(object.losses) == ["approximated outputFormat"])
        #expect(object.request.body["system"]?.arrayValue?.last?["text"]?.stringValue?.contains("JSON object") == true)
    }

    @Test(arguments: [
        #"{"type":"object","properties":{"m":{"type":"object","additionalProperties":{"type":"number"}}}}"#,
        #"{"type":"object","properties":{"m":{"type":"array","items":{"type":"object"}}}}"#,
        ##"{"type":"object","properties":{"m":{"$ref":"#/$defs/d"}},"$defs":{"d":{"additionalProperties":{}}}}"##,
        #"{"type":"object","properties":{"m":{}},"additionalProperties":true}"#,
        #"{"type":"object","properties":{},"patternProperties":{"^x":{}},"additionalProperties":false}"#,
    ])
    func `a schema whose members are not all named is that of a tool, which need not be closed`(
        _ text: String
    ) throws {
        let schema = try CodecStory.json(text)
        func encoded(strict: Bool?) throws -> (request: EncodedRequest, losses: LossReport) {
            var request = Self.request([Self.hello])
            request.outputFormat = .jsonSchema(name: "n", schema: schema, strict: strict, description: nil)
            return try Story.encode(request)
        }
        let loose = try encoded(strict: nil)
        #expect(loose.request.outputTool == "n" && loose.request.body["output_config"] == nil)
        #expect(loose.request.body["tools"]?.arrayValue?.first?["input_schema"] == schema)
        #expect(loose.losses.isEmpty)
        #expect(try Story.words(encoded(strict: true).losses) == ["approximated outputFormat"])
    }

    @Test func `a list of maps is closed, which is told`() throws {
        var request = Self.request([Self.hello])
        let schema = try CodecStory.json(#"{"type":"array","items":{"type":"object"}}"#)
        request.outputFormat = .jsonSchema(name: "n", schema: schema, strict: nil, description: nil)
        let (encoded, losses) = try Story.encode(request)
        #expect(encoded.outputTool == nil)
        #expect(encoded.body["output_config"]?["format"]?["schema"]?["items"]?["additionalProperties"] == false)
        #expect(Story.words(losses) == ["approximated outputFormat"])
    }
}
