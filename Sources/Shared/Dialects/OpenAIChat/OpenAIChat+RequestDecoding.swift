package import Canonical
package import Wire

extension OpenAIChat {
    package static func decodeRequest(
        _ body: JSONValue,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        var fields = try RequestFields(body, at: "")
        var request = ModelRequest(model: try fields.requiredString("model"))
        try OpenAIChat.refuseWhatNoOtherDialectHas(&fields)
        try OpenAIChat.readConversation(&fields, into: &request, losses: &losses)
        try OpenAIChat.readTools(&fields, into: &request)
        try OpenAIChat.readSampling(&fields, into: &request)
        try OpenAIChat.readReasoning(&fields, into: &request)
        try OpenAIChat.readStreaming(&fields, into: &request)
        request.maximumOutputTokens = try fields.int("max_completion_tokens", atLeast: 1)
        // The deprecated name counts only where the other is missing, as at OpenAI.
        let deprecated = try fields.int("max_tokens", atLeast: 1)
        request.maximumOutputTokens = request.maximumOutputTokens ?? deprecated
        request.stopSequences = try OpenAIChat.stops(&fields)
        request.outputFormat = try OpenAIChat.outputFormat(&fields)
        request.cacheKey = try fields.string("prompt_cache_key")
        try OpenAIChat.readBookkeeping(&fields, into: &request, losses: &losses)
        losses.dropUnread(of: fields, in: "")
        return request
    }

    private static func refuseWhatNoOtherDialectHas(_ fields: inout RequestFields) throws(TranslationRefusal) {
        try fields.refuseSeveralAnswersAndBias()
        if try fields.bool("logprobs") == true {
            throw fields.unsupported("logprobs", "is not supported by the model behind this name")
        }
        try fields.refuseProbabilities()
        if fields.value("audio") != nil { throw fields.unsupported("audio", "audio is not supported") }
        for (index, modality) in (try fields.array("modalities") ?? []).enumerated() where modality != "text" {
            throw fields.unsupported("modalities[\(index)]", "only text is supported")
        }
    }

    private static func readConversation(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        guard let messages = try fields.array("messages") else { throw fields.missing("messages") }
        guard !messages.isEmpty else { throw TranslationRefusal("messages", "must not be empty") }
        var reader = OpenAIChatMessageReader()
        for (index, message) in messages.enumerated() {
            try reader.read(message, at: "messages[\(index)]", losses: &losses)
        }
        request.turns = reader.turns
        request.reasoning.wantsOpaque = reader.hasReasoningDetails
    }

    private static func readSampling(
        _ fields: inout RequestFields,
        into request: inout ModelRequest
    ) throws(TranslationRefusal) {
        request.sampling.temperature = try fields.number("temperature")
        request.sampling.topP = try fields.number("top_p")
        request.sampling.topK = try fields.number("top_k")
        request.sampling.frequencyPenalty = try fields.number("frequency_penalty")
        request.sampling.presencePenalty = try fields.number("presence_penalty")
        request.sampling.seed = try fields.number("seed")
    }

    private static func readStreaming(
        _ fields: inout RequestFields,
        into request: inout ModelRequest
    ) throws(TranslationRefusal) {
        request.stream = try fields.bool("stream") ?? false
        guard var options = try fields.fields("stream_options") else { return }
        let includesUsage = try options.bool("include_usage") ?? false
        request.includesUsage = request.stream && includesUsage
    }

    private static func stops(_ fields: inout RequestFields) throws(TranslationRefusal) -> [String] {
        guard let value = fields.value("stop") else { return [] }
        if case .string(let text) = value { return text.isEmpty ? [] : [text] }
        guard case .array(let elements) = value else {
            throw fields.wrong("stop", "a string or an array of strings", value)
        }
        guard elements.count <= OpenAIChat.maximumStops else {
            throw TranslationRefusal("stop", "must have at most \(OpenAIChat.maximumStops) texts")
        }
        var stops: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element else { throw fields.wrong("stop[\(index)]", "a string", element) }
            if !text.isEmpty { stops.append(text) }
        }
        return stops
    }

    private static func outputFormat(_ fields: inout RequestFields) throws(TranslationRefusal) -> OutputFormat {
        guard var format = try fields.fields("response_format") else { return .text }
        switch try format.requiredString("type") {
        case "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            guard var schema = try format.fields("json_schema") else { throw format.missing("json_schema") }
            let value = schema.value("schema") ?? ["type": "object"]
            guard case .object = value else { throw schema.wrong("schema", "an object", value) }
            return .jsonSchema(
                name: try schema.string("name"),
                schema: value,
                strict: try schema.bool("strict"),
                description: try schema.string("description")
            )
        default: throw format.unsupported("type", "must be `text`, `json_object` or `json_schema`")
        }
    }

    /// What matters to the answer alone or to OpenAI's own books.
    private static func readBookkeeping(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        if let metadata = fields.value("metadata") {
            guard case .object = metadata else { throw fields.wrong("metadata", "an object", metadata) }
            request.echo["metadata"] = metadata
        }
        if try fields.bool("store") == true { losses.drop("store") }
        // These two ask for what happens anyway.
        if let tier = try fields.string("service_tier"), tier != "auto", tier != "default" {
            losses.drop("service_tier")
        }
    }
}
