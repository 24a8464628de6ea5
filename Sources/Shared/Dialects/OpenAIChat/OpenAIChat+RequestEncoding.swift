package import Canonical
import Wire

extension OpenAIChat {
    package static func encodeRequest(
        _ request: ModelRequest,
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> EncodedRequest {
        let aliases = try ToolAliases(request.tools)
        var writer = OpenAIChatMessageWriter(target)
        for turn in request.turns { try writer.write(turn, losses: &losses) }
        if request.turns.last?.role == .assistant {
            // Chat has no prefill: some servers go on with the text, others answer to it.
            losses.approximate(.lastTurn)
        }
        var body = JSONObject()
        body["model"] = .string(target.model)
        body["messages"] = .array(writer.messages)
        let outputTool = try OpenAIChat.writeTools(of: request, for: target, into: &body, losses: &losses)
        if outputTool == nil { OpenAIChat.writeOutputFormat(request.outputFormat, into: &body) }
        if let wanted = request.maximumOutputTokens {
            // A model with a lower cap would refuse more.
            let cap = target.maximumOutputTokens.map { min(wanted, $0) } ?? wanted
            if cap < wanted { losses.approximate(.outputCap) }
            body[target.usesMaximumCompletionTokens ? "max_completion_tokens" : "max_tokens"] = .int(cap)
        }
        OpenAIChat.writeSampling(request.sampling, for: target, into: &body, losses: &losses)
        OpenAIChat.writeReasoning(request.reasoning, for: target, into: &body, losses: &losses)
        let stops = request.stopSequences.filter { !$0.isEmpty }
        if !stops.isEmpty { body["stop"] = .array(stops.prefix(OpenAIChat.maximumStops).map { .string($0) }) }
        OpenAIOptions.writeKeys(of: request, for: target, into: &body, losses: &losses)
        body["stream"] = .bool(request.stream)
        // Asked for whether or not the caller wants to see it: the request is billed by it.
        if request.stream, target.takesStreamOptions { body["stream_options"] = ["include_usage": true] }
        return EncodedRequest(
            body: .object(body),
            aliases: aliases,
            outputTool: outputTool,
            emulatedStops: Array(stops.dropFirst(OpenAIChat.maximumStops))
        )
    }

    private static func writeOutputFormat(_ format: OutputFormat, into body: inout JSONObject) {
        switch format {
        case .text: return
        case .jsonObject: body["response_format"] = ["type": "json_object"]
        case .jsonSchema(let name, let schema, let strict, let description):
            var inner = JSONObject()
            OpenAIOptions.describe(name: name, schema: schema, strict: strict, description: description, in: &inner)
            body["response_format"] = ["type": "json_schema", "json_schema": .object(inner)]
        }
    }

    private static func writeSampling(
        _ sampling: SamplingOptions,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        OpenAIOptions.writeSampling(
            [
                (.temperature, "temperature", sampling.temperature), (.topP, "top_p", sampling.topP),
                (.frequencyPenalty, "frequency_penalty", sampling.frequencyPenalty),
                (.presencePenalty, "presence_penalty", sampling.presencePenalty),
            ],
            for: target,
            into: &body,
            losses: &losses
        )
        body["seed"] = sampling.seed.map { .number($0) }
        // An extension that strict providers refuse.
        losses.dropUnusual([(.topK, sampling.topK)])
    }

    /// Writes how much the model is to think.
    ///
    /// | wanted | sent |
    /// |---|---|
    /// | an effort that the model takes | itself |
    /// | none, thinking disabled | nothing |
    /// | minimal | low |
    /// | xhigh, max | the highest that the model takes |
    /// | at most 4 096 tokens, 16 384, more | low, medium, high |
    /// | adaptive | nothing |
    private static func writeReasoning(
        _ options: ReasoningOptions,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        guard let wanted = options.wantedEffort else {
            if options.thinking == .adaptive, !target.reasons { losses.drop(.reasoning) }
            return
        }
        guard target.reasons else {
            // Not to think is what such a model does.
            if wanted != .none { losses.drop(.reasoning) }
            return
        }
        let sent = wanted.nearest(in: target.efforts ?? [.low, .medium, .high])
        if sent != wanted { losses.approximate(.effort) }
        body["reasoning_effort"] = sent.map { .string($0.rawValue) }
    }
}
