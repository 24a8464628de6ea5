package import Canonical
import Wire

extension OpenAIResponses {
    package static func encodeRequest(
        _ request: ModelRequest,
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> EncodedRequest {
        let aliases = try ToolAliases(request.tools)
        var writer = OpenAIResponsesItemWriter()
        for turn in request.turns { try writer.write(turn, losses: &losses) }
        if request.turns.last?.role == .assistant {
            // There is no prefill: the model begins a message of its own.
            losses.approximate(.lastTurn)
        }
        var body = JSONObject()
        body["model"] = .string(target.model)
        body["input"] = .array(writer.items)
        let outputTool = try OpenAIResponses.writeTools(of: request, for: target, into: &body, losses: &losses)
        if outputTool == nil { OpenAIResponses.writeOutputFormat(request.outputFormat, into: &body) }
        OpenAIResponses.writeOutputCap(request.maximumOutputTokens, for: target, into: &body, losses: &losses)
        OpenAIResponses.writeSampling(request.sampling, for: target, into: &body, losses: &losses)
        OpenAIResponses.writeReasoning(request.reasoning, for: target, into: &body, losses: &losses)
        OpenAIOptions.writeKeys(of: request, for: target, into: &body, losses: &losses)
        // The conversation is the caller's to keep, and its reasoning with it.
        body["store"] = false
        if target.reasons { body["include"] = ["reasoning.encrypted_content"] }
        body["stream"] = .bool(request.stream)
        return EncodedRequest(
            body: .object(body),
            aliases: aliases,
            outputTool: outputTool,
            emulatedStops: request.stopSequences.filter { !$0.isEmpty }
        )
    }

    private static func writeOutputFormat(_ format: OutputFormat, into body: inout JSONObject) {
        switch format {
        case .text: return
        case .jsonObject: body["text"] = ["format": ["type": "json_object"]]
        case .jsonSchema(let name, let schema, let strict, let description):
            var inner = JSONObject([("type", "json_schema")])
            OpenAIOptions.describe(name: name, schema: schema, strict: strict, description: description, in: &inner)
            body["text"] = ["format": .object(inner)]
        }
    }

    private static func writeOutputCap(
        _ wanted: Int?,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        guard let wanted else { return }
        // A model with a lower cap would refuse more, and the dialect refuses less than its least.
        let cap = max(target.maximumOutputTokens.map { min(wanted, $0) } ?? wanted, OpenAIResponses.minimumOutputTokens)
        if cap != wanted { losses.approximate(.outputCap) }
        body["max_output_tokens"] = .int(cap)
    }

    private static func writeSampling(
        _ sampling: SamplingOptions,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        OpenAIOptions.writeSampling(
            [(.temperature, "temperature", sampling.temperature), (.topP, "top_p", sampling.topP)],
            for: target,
            into: &body,
            losses: &losses
        )
        // The dialect has none of these; what some servers take beyond it, others refuse.
        losses.dropUnusual([
            (.topK, sampling.topK), (.seed, sampling.seed), (.frequencyPenalty, sampling.frequencyPenalty),
            (.presencePenalty, sampling.presencePenalty),
        ])
    }
}
