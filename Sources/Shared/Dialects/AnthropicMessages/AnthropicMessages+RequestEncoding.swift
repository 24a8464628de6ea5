package import Canonical
import Wire

extension AnthropicMessages {
    package static func encodeRequest(
        _ request: ModelRequest,
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> EncodedRequest {
        let aliases = try ToolAliases(request.tools)
        var writer = AnthropicMessagesTurnWriter(target)
        for turn in request.turns { try writer.write(turn) }
        guard !writer.isEmpty else {
            throw TranslationRefusal("messages", "must hold at least one user message that says something")
        }
        let isPrefilled = try writer.finishPrefill()
        if case .jsonObject = request.outputFormat {
            writer.addSystem(AnthropicMessages.jsonInstruction)
            losses.approximate(.outputFormat)
        }
        losses.add(writer.losses)
        let tools = try AnthropicMessages.tools(
            of: request,
            calledNames: writer.calledNames,
            for: AnthropicMessages.traits(target, for: request.outputFormat, losses: &losses),
            losses: &losses
        )
        let thinking = AnthropicMessagesThinking(
            request,
            for: target,
            isPossible: !tools.isForced && !isPrefilled && !(target.usesThinkingBudget && writer.isInUnthinkingLoop)
        )
        losses.add(thinking.losses)
        let cached = AnthropicMessagesBreakpoints(
            tools: tools.tools,
            system: writer.system,
            messages: writer.messages
        )
        if cached.hasDropped { losses.drop(.contentMarks) }

        var body = JSONObject()
        body["model"] = .string(target.model)
        body["max_tokens"] = .int(thinking.maximumTokens)
        if !cached.system.isEmpty { body["system"] = .array(cached.system) }
        body["messages"] = .array(cached.messages)
        if !cached.tools.isEmpty { body["tools"] = .array(cached.tools) }
        body["tool_choice"] = tools.choice
        body["thinking"] = thinking.thinking
        body["output_config"] = AnthropicMessages.outputConfig(request, thinking, isEmulated: tools.outputTool != nil)
        AnthropicMessages.writeSampling(
            request.sampling,
            for: target,
            isThinking: thinking.isOn,
            into: &body,
            losses: &losses
        )
        // White space alone is refused as a stop: the gateway looks for it.
        let stops = request.stopSequences.filter { !$0.isEmpty }
        let told = stops.filter { !EmptyBlocks.isBlank($0) }
        if !told.isEmpty { body["stop_sequences"] = .array(told.map { .string($0) }) }
        body["stream"] = .bool(request.stream)
        // Its prompt cache goes by marks.
        if request.cacheKey != nil { losses.drop(.cacheKey) }
        let user = request.endUser.safetyIdentifier ?? request.endUser.untellingUser
        body["metadata"] = user.map { ["user_id": .string($0)] }
        return EncodedRequest(
            body: .object(body),
            aliases: aliases,
            outputTool: tools.outputTool,
            emulatedStops: stops.filter { EmptyBlocks.isBlank($0) }
        )
    }

    private static let jsonInstruction =
        "Answer with one JSON object and nothing else: no words before or after it, and no code fence around it."

    /// The target as one that takes no schema for its answer, where it would take this one for another.
    ///
    /// A tool's arguments need not be closed.
    private static func traits(
        _ target: TargetTraits,
        for format: OutputFormat,
        losses: inout LossReport
    ) -> TargetTraits {
        guard case .jsonSchema(_, let schema, let strict, _) = format, target.takesOutputSchema,
            !AnthropicMessagesSchema.canClose(schema)
        else { return target }
        var target = target
        target.takesOutputSchema = AnthropicMessagesSchema.arguments(schema) == nil
        // One that is no object at the top is closed after all; a tool binds less than the caller wanted.
        if target.takesOutputSchema || strict == true { losses.approximate(.outputFormat) }
        return target
    }

    private static func outputConfig(
        _ request: ModelRequest,
        _ thinking: AnthropicMessagesThinking,
        isEmulated: Bool
    ) -> JSONValue? {
        var config = JSONObject()
        config["effort"] = thinking.effort.map { .string($0) }
        if !isEmulated, case .jsonSchema(_, let schema, _, let description) = request.outputFormat {
            var binding = AnthropicMessagesSchema.binding(schema)
            if let description, binding["description"] == nil, case .object(var object) = binding {
                object["description"] = .string(description)
                binding = .object(object)
            }
            config["format"] = ["type": "json_schema", "schema": binding]
        }
        return config.isEmpty ? nil : .object(config)
    }

    private static func writeSampling(
        _ sampling: SamplingOptions,
        for target: TargetTraits,
        isThinking: Bool,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        if let temperature = sampling.temperature {
            let isHigh = (temperature.double ?? 0) > 1
            let isUsual = SamplingOptions.isUsual(temperature, of: .temperature)
            if !target.takesSampling || (isThinking && !isUsual && !isHigh) {
                if !isUsual { losses.drop(.temperature) }
            } else {
                body["temperature"] = isHigh ? 1 : .number(temperature)
                if isHigh { losses.approximate(.temperature) }
            }
        }
        if let topP = sampling.topP, !SamplingOptions.isUsual(topP, of: .topP) {
            // With a temperature it is refused by some models, and with thinking it may cut off little.
            let isTaken = target.takesSampling && body["temperature"] == nil
            if isTaken, !isThinking || (topP.double ?? 0) >= 0.95 {
                body["top_p"] = .number(topP)
            } else {
                losses.drop(.topP)
            }
        }
        if let topK = sampling.topK, !SamplingOptions.isUsual(topK, of: .topK) {
            if target.takesSampling, !isThinking { body["top_k"] = .number(topK) } else { losses.drop(.topK) }
        }
        losses.dropUnusual([
            (.frequencyPenalty, sampling.frequencyPenalty), (.presencePenalty, sampling.presencePenalty),
            (.seed, sampling.seed),
        ])
    }
}
