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
        try fields.readSampling(into: &request)
        request.sampling.seed = try fields.number("seed")
        try OpenAIChat.readReasoning(&fields, into: &request)
        try OpenAIChat.readStreaming(&fields, into: &request)
        request.maximumOutputTokens = try fields.int("max_completion_tokens", atLeast: 1)
        // The deprecated name counts only where the other is missing, as at OpenAI.
        let deprecated = try fields.int("max_tokens", atLeast: 1)
        request.maximumOutputTokens = request.maximumOutputTokens ?? deprecated
        request.stopSequences = try OpenAIChat.stops(&fields)
        if var format = try fields.fields("response_format") {
            request.outputFormat = try format.outputFormat(schemaIn: "json_schema")
        }
        request.echo["metadata"] = try fields.readBookkeeping(into: &request, losses: &losses).metadata
        // An empty one asks for a search, too.
        if fields.value("web_search_options") != nil { losses.drop("web_search_options") }
        fields.pass(OpenAIChat.usual)
        losses.dropUnread(of: fields)
        return request
    }

    /// Values of members of this dialect and of what servers add to it that ask for what happens anyway.
    private static let usual: [(name: String, value: JSONValue)] = [
        ("verbosity", "medium"), ("min_p", 0), ("top_a", 0), ("typical_p", 1), ("repetition_penalty", 1),
        ("length_penalty", 1), ("best_of", 1), ("min_tokens", 0), ("echo", false), ("ignore_eos", false),
        ("use_beam_search", false), ("include_stop_str_in_output", false), ("skip_special_tokens", true),
    ]

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
            try reader.read(message, index, losses: &losses)
        }
        request.turns = reader.turns
        request.reasoning.wantsOpaque = reader.hasReasoningDetails
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
        if case .string(let text) = value { return text.isEmpty ? [] : [text.string] }
        guard case .array(let elements) = value else {
            throw fields.wrong("stop", "a string or an array of strings", value)
        }
        guard elements.count <= OpenAIChat.maximumStops else {
            throw TranslationRefusal("stop", "must have at most \(OpenAIChat.maximumStops) texts")
        }
        var stops: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element else { throw fields.wrong("stop[\(index)]", "a string", element) }
            if !text.isEmpty { stops.append(text.string) }
        }
        return stops
    }
}
