import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Wire

/// Requests, answers and steps of a stream in words, for the goldens of the codecs.
enum CodecStory {
    static let folder = FixtureFolder()

    static func json(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    static func json(file name: String) throws -> JSONValue {
        try JSONReader.read(CodecStory.folder.bytes(of: name))
    }

    /// What a caller of this request would be answered with.
    static func context(_ request: ModelRequest = ModelRequest(model: "fast")) -> AnswerContext {
        AnswerContext(
            requestID: "r-1",
            model: "fast",
            createdAt: 1_790_000_000,
            request: request,
            estimatedInputTokens: 11
        )
    }

    static func story(_ request: ModelRequest) -> JSONValue {
        var options = JSONObject()
        func set(_ name: String, _ value: JSONValue?) { if let value { options[name] = value } }
        set("toolChoice", request.toolChoice.map { .string("\($0)") })
        set("parallelTools", request.parallelTools.map { .bool($0) })
        set("maximumOutputTokens", request.maximumOutputTokens.map { .int($0) })
        set("temperature", request.sampling.temperature.map { .number($0) })
        set("topP", request.sampling.topP.map { .number($0) })
        set("topK", request.sampling.topK.map { .number($0) })
        set("frequencyPenalty", request.sampling.frequencyPenalty.map { .number($0) })
        set("presencePenalty", request.sampling.presencePenalty.map { .number($0) })
        set("seed", request.sampling.seed.map { .number($0) })
        if !request.stopSequences.isEmpty { set("stop", .array(request.stopSequences.map { .string($0) })) }
        switch request.outputFormat {
        case .text: break
        case .jsonObject: set("outputFormat", "jsonObject")
        case .jsonSchema(let name, let schema, let strict, let description):
            set(
                "outputFormat",
                [
                    "name": name.map { .string($0) } ?? .null, "schema": schema,
                    "strict": strict.map { .bool($0) } ?? .null,
                    "description": description.map { .string($0) } ?? .null,
                ]
            )
        }
        set("effort", request.reasoning.effort.map { .string($0.rawValue) })
        set("thinking", request.reasoning.thinking.map { .string("\($0)") })
        set("wantsSummary", request.reasoning.wantsSummary.map { .bool($0) })
        if request.reasoning.wantsOpaque { set("wantsOpaque", true) }
        set("stream", .bool(request.stream))
        set("includesUsage", .bool(request.includesUsage))
        set("cacheKey", request.cacheKey.map { .string($0) })
        set("user", request.endUser.user.map { .string($0) })
        set("safetyIdentifier", request.endUser.safetyIdentifier.map { .string($0) })
        set("echo", .object(request.echo))
        return [
            "model": .string(request.model),
            "turns": .array(
                request.turns.map { turn in
                    [.string(turn.role.rawValue), .array(turn.blocks.map(CodecStory.story))]
                }
            ),
            "tools": .array(request.tools.map(CodecStory.story)), "options": .object(options),
        ]
    }

    static func story(_ tool: ToolDefinition) -> JSONValue {
        let name = JSONValue.string(tool.name.name)
        let description = tool.description.map { JSONValue.string($0) } ?? .null
        switch tool.kind {
        case .function(let parameters, let strict):
            return ["function", name, description, parameters, strict.map { .bool($0) } ?? .null]
        case .custom(let format): return ["custom", name, description, format ?? .null]
        case .toolSearch(let parameters): return ["toolSearch", name, description, parameters ?? .null]
        case .hosted(_, let type, let value): return ["hosted", name, .string(type), value]
        }
    }

    static func story(_ block: Block) -> JSONValue {
        switch block {
        case .text(let text):
            var parts: [JSONValue] = ["text", .string(text.text)]
            if let cache = text.cacheControl { parts.append(["cache": cache]) }
            if !text.annotations.isEmpty { parts.append(.array(text.annotations)) }
            return .array(parts)
        case .image(let image):
            return ["image", .string("\(image.source)"), image.detail.map { .string($0) } ?? .null]
        case .file(let file): return ["file", .string("\(file.source)"), file.name.map { .string($0) } ?? .null]
        case .reasoning(let reasoning):
            return [
                "reasoning", .array(reasoning.summary.map { .string($0) }),
                reasoning.text.map { .string($0) } ?? .null,
                reasoning.opaque.map { .string("\($0)") } ?? .null,
            ]
        case .toolCall(let call):
            return [
                "call", .string(call.id), .string(call.name.name), .string("\(call.kind)"),
                .string(call.arguments),
            ]
        case .toolResult(let result):
            return [
                "result", .string(result.callID), .string("\(result.kind)"),
                .array(result.blocks.map(CodecStory.story)),
            ]
        case .refusal(let words): return ["refusal", .string(words)]
        case .hosted(_, let type, let value): return ["hosted", .string(type), value]
        }
    }

    static func story(_ losses: LossReport) -> JSONValue {
        .array(losses.losses.map { .string("\($0.kind.rawValue) \($0.field)") })
    }

    static func story(_ usage: TokenUsage) -> JSONValue {
        func number(_ value: Int?) -> String { value.map { "\($0)" } ?? "-" }
        return .string(
            "in \(number(usage.input)) out \(number(usage.output)) cached \(number(usage.cachedInput)) "
                + "written \(number(usage.cacheWrite)) thought \(number(usage.reasoning))"
        )
    }

    static func story(_ answer: ModelResponse) -> JSONValue {
        [
            "id": answer.id.map { .string($0) } ?? .null,
            "blocks": .array(answer.blocks.map(CodecStory.story)),
            "stop": .string("\(answer.stop)"), "usage": CodecStory.story(answer.usage),
        ]
    }

    static func story(_ events: [ModelEvent]) -> JSONValue {
        .array(
            events.map { event in
                switch event {
                case .started(let id): return ["started", id.map { .string($0) } ?? .null]
                case .blockStarted(.text): return ["begin", "text"]
                case .blockStarted(.refusal): return ["begin", "refusal"]
                case .blockStarted(.reasoning): return ["begin", "reasoning"]
                case .blockStarted(.toolCall(let id, let name, let kind)):
                    return ["begin", "call", .string(id), .string(name.name), .string("\(kind)")]
                case .delta(.text(let text)): return ["text", .string(text)]
                case .delta(.refusal(let text)): return ["refusal", .string(text)]
                case .delta(.summary(let text, let part)): return ["summary", .string(text), .int(part)]
                case .delta(.reasoningText(let text)): return ["reasoning", .string(text)]
                case .delta(.opaque(let opaque)): return ["opaque", .string("\(opaque)")]
                case .delta(.arguments(let text)): return ["arguments", .string(text)]
                case .delta(.annotation(let value)): return ["annotation", value]
                case .blockEnded: return ["end"]
                case .usage(let usage): return ["usage", CodecStory.story(usage)]
                case .finished(let stop): return ["finished", .string("\(stop)")]
                case .failed(let failure): return ["failed", .string("\(failure)")]
                }
            }
        )
    }
}
