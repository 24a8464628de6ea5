import Canonical
import Dialects
import Identity
import Wire

/// Requests, answers and steps of a stream in words, for the goldens of the Responses codec.
///
/// As those of all codecs, with namespaces before the names that belong to them, and phases.
enum OpenAIResponsesCodecStory {
    static func decode(_ body: JSONValue) throws -> (request: ModelRequest, losses: LossReport) {
        var losses = LossReport()
        let request = try OpenAIResponses.decodeRequest(body, losses: &losses)
        return (request, losses)
    }

    /// A request of one member besides `model` and `input`.
    static func decode(_ name: String, _ value: JSONValue) throws -> (request: ModelRequest, losses: LossReport) {
        try OpenAIResponsesCodecStory.decode(
            .object(JSONObject([("model", "fast"), ("input", "x"), (name, value)]))
        )
    }

    static func items(_ items: JSONValue) throws -> (request: ModelRequest, losses: LossReport) {
        try OpenAIResponsesCodecStory.decode("input", items)
    }

    static func story(_ request: ModelRequest) -> JSONValue {
        var flat = request
        flat.tools = request.tools.map { tool in
            var tool = tool
            tool.name = OpenAIResponsesCodecStory.flat(tool.name)
            return tool
        }
        flat.turns = request.turns.map { turn in
            Turn(turn.role, turn.blocks.map(OpenAIResponsesCodecStory.flat), phase: turn.phase)
        }
        guard var story = CodecStory.story(flat).objectValue else { return .null }
        let phases = request.turns.compactMap { $0.phase.map { .string($0) } as JSONValue? }
        if !phases.isEmpty { story["phases"] = .array(phases) }
        return .object(story)
    }

    static func story(_ answer: ModelResponse) -> JSONValue {
        var flat = answer
        flat.blocks = answer.blocks.map(OpenAIResponsesCodecStory.flat)
        return CodecStory.story(flat)
    }

    static func story(_ events: [ModelEvent]) -> JSONValue {
        CodecStory.story(
            events.map { event in
                guard case .blockStarted(.toolCall(let id, let name, let kind)) = event else { return event }
                return .blockStarted(.toolCall(id: id, name: OpenAIResponsesCodecStory.flat(name), kind: kind))
            }
        )
    }

    private static func flat(_ block: Block) -> Block {
        guard case .toolCall(var call) = block else { return block }
        call.name = OpenAIResponsesCodecStory.flat(call.name)
        return .toolCall(call)
    }

    private static func flat(_ name: ToolName) -> ToolName {
        ToolName(name.namespace.map { "\($0)/\(name.name)" } ?? name.name)
    }
}
