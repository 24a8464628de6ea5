package import Canonical
package import Contract
package import Dialects
package import Identity
import Wire

/// One question that shows whether a model can do one thing, written by the codecs that write callers' requests.
package struct ProbeRequest: Sendable {
    package let `case`: CapabilityCase
    package let dialect: Dialect
    /// The body, and what the answer is read with.
    package let encoded: EncodedRequest
    package let isStreamed: Bool
    /// What a right answer says, in this order.
    let expected: [String]

    /// The most tokens of an answer that is to be cut; the least that all dialects take.
    static let shortCap = 16
    /// Enough for an answer of one line after long thoughts.
    static let amplyCapped = 2048

    static let tool = "record_code"
    static let pair = ["measure_north", "measure_south"]
    static let camera = "take_picture"

    /// Throws where the dialect has no words for the question.
    ///
    /// `code` is what has to be said back: upper-case letters and digits, drawn anew for each ask. Cases about images
    /// need a `picture`, which is theirs alone. `ask` counts from 0.
    package init(
        _ asked: CapabilityCase,
        in dialect: Dialect,
        of model: ModelRecord,
        code: String,
        picture: ProbePicture? = nil,
        ask: Int = 0
    ) throws(TranslationRefusal) {
        var request = ModelRequest(model: model.upstreamModel)
        request.maximumOutputTokens = ProbeRequest.amplyCapped
        var expected = [code]
        func say(_ blocks: Block...) { request.turns.append(Turn(.user, blocks)) }
        switch asked {
        case .text: say(.line("Reply with exactly: \(code)"))
        case .stream:
            say(.line("Reply with exactly: \(code)"))
            request.stream = true
        case .usageReported:
            say(.line("Reply with exactly: \(code)"))
            // Whole answers and streams report it in different ways.
            request.stream = ask % 2 == 1
        case .tools:
            request.tools = [ProbeRequest.recorder(code)]
            say(.line("Call the tool \(ProbeRequest.tool) with the code \(code). Do not answer in words."))
        case .forcedTool:
            request.tools = [ProbeRequest.recorder(code)]
            request.toolChoice = .named(ToolName(ProbeRequest.tool))
            say(.line("The code is \(code). Good morning!"))
        case .parallelTools:
            request.tools = ProbeRequest.pair.map { ProbeRequest.function($0, "Measures once.") }
            request.parallelTools = true
            say(
                .line(
                    "Call \(ProbeRequest.pair[0]) and \(ProbeRequest.pair[1]) in parallel: both tools, once each, "
                        + "in this one turn."
                )
            )
        case .toolResultTurn:
            request.tools = [ProbeRequest.function("read_code", "Gives the code of today.")]
            say(.line("Fetch the code of today with read_code, and then reply with that code and nothing else."))
            request.turns += ProbeRequest.round("read_code", [.line(code)])
        case .structuredOutput:
            request.outputFormat = .jsonSchema(
                name: "report",
                schema: ProbeRequest.schema(code),
                strict: true,
                description: nil
            )
            say(.line("Report the code \(code) as JSON."))
        case .imageURL, .imageInline:
            expected = picture?.tokens ?? [code]
            let image = picture.map { [Block.image(ImageBlock($0.source))] } ?? []
            request.turns.append(Turn(.user, image + [.line(ProbeRequest.readingTask)]))
        case .imageInToolResult:
            expected = picture?.tokens ?? [code]
            request.tools = [ProbeRequest.function(ProbeRequest.camera, "Takes a picture and gives it.")]
            say(.line("Take a picture with \(ProbeRequest.camera). \(ProbeRequest.readingTask)"))
            request.turns += ProbeRequest.round(
                ProbeRequest.camera,
                picture.map { [.image(ImageBlock($0.source))] } ?? []
            )
        case .maxTokensHonored:
            request.maximumOutputTokens = ProbeRequest.shortCap
            say(
                .line(
                    "Count from one to one hundred in words, all of them, with commas between. Begin at once, say "
                        + "nothing else, and do not stop before one hundred. This is probe \(code) of a row of many."
                )
            )
        case .reasoning:
            request.reasoning.effort = .low
            request.reasoning.wantsSummary = true
            request.reasoning.wantsOpaque = true
            request.maximumOutputTokens = 4 * ProbeRequest.amplyCapped
            say(
                .line("How many of the characters of \(code) are digits? Think it through, then reply with the number.")
            )
        }
        let declared = model.declared[dialect]
        let traits = TargetTraits(
            model: model.upstreamModel,
            maximumOutputTokens: model.maxOutputTokens,
            quirks: model.quirks,
            // What is to be proven is asked for whatever is declared.
            reasons: asked == .reasoning || declared?.reasoning ?? false,
            takesOutputSchema: asked == .structuredOutput || declared?.structuredOutput ?? false
        )
        self.case = asked
        self.dialect = dialect
        var encoded = try ProbeRequest.encode(request, in: dialect, for: traits)
        if asked == .imageInToolResult, dialect == .openAIChat, let picture {
            encoded.body = ProbeRequest.inToolMessage(picture, encoded.body)
        }
        self.encoded = encoded
        self.isStreamed = request.stream
        self.expected = expected
    }

    /// Puts the picture where callers of Chat put it who have one in a result, which is passed on as it came.
    ///
    /// The codec would move it to a user's message behind, where it is a picture like any other: OpenAI's own models
    /// take it nowhere else. What takes it in the tool's message, and sees it there, is to be told from that.
    private static func inToolMessage(_ picture: ProbePicture, _ body: JSONValue) -> JSONValue {
        guard var rest = body.objectValue, let messages = rest["messages"]?.arrayValue,
            let place = messages.lastIndex(where: { $0["role"] == "tool" }),
            var message = messages[place].objectValue
        else { return body }
        message["content"] = [["type": "image_url", "image_url": ["url": .string(picture.source.address)]]]
        rest["messages"] = .array(messages[..<place] + [.object(message)])
        return .object(rest)
    }

    private static let readingTask = "Write down exactly the text that the picture shows, and nothing else."

    private static func encode(
        _ request: ModelRequest,
        in dialect: Dialect,
        for traits: TargetTraits
    ) throws(TranslationRefusal) -> EncodedRequest {
        var losses = LossReport()
        return switch dialect {
        case .openAIChat: try OpenAIChat.encodeRequest(request, for: traits, losses: &losses)
        case .openAIResponses: try OpenAIResponses.encodeRequest(request, for: traits, losses: &losses)
        case .anthropicMessages: try AnthropicMessages.encodeRequest(request, for: traits, losses: &losses)
        }
    }

    /// An object with the code, which nothing else fits.
    private static func schema(_ code: String) -> JSONValue {
        [
            "type": "object", "properties": ["code": ["type": "string", "enum": [.string(code), "NONE"]]],
            "required": ["code"], "additionalProperties": false,
        ]
    }

    private static func recorder(_ code: String) -> ToolDefinition {
        ToolDefinition(
            ToolName(ProbeRequest.tool),
            description: "Records a code.",
            kind: .function(parameters: ProbeRequest.schema(code), strict: nil)
        )
    }

    private static func function(_ name: String, _ description: JSONText) -> ToolDefinition {
        let none: JSONValue = ["type": "object", "properties": [:], "additionalProperties": false]
        return ToolDefinition(
            ToolName(name),
            description: description,
            kind: .function(parameters: none, strict: nil)
        )
    }

    /// A call of a tool, as the model would have made it, and what came of it.
    private static func round(_ tool: String, _ result: [Block]) -> [Turn] {
        let id = "call_1"
        return [
            Turn(.assistant, [.toolCall(ToolCall(id: id, name: ToolName(tool), arguments: "{}"))]),
            Turn(.user, [.toolResult(ToolResult(callID: id, blocks: result))]),
        ]
    }
}

extension Block {
    fileprivate static func line(_ text: String) -> Block { .text(TextBlock(text)) }
}
