package import Canonical
package import Wire

extension AnthropicMessages {
    package static func decodeRequest(
        _ body: JSONValue,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        var fields = try RequestFields(body, at: "")
        var request = try AnthropicMessages.request(&fields, losses: &losses)
        guard let cap = try fields.int("max_tokens", atLeast: 1) else { throw fields.missing("max_tokens") }
        request.maximumOutputTokens = cap
        request.stream = try fields.bool("stream") ?? false
        losses.dropUnread(of: fields)
        return request
    }

    /// Reads the body of `POST /v1/messages/count_tokens`: a request that asks for no answer and has no cap for it.
    package static func decodeCountRequest(
        _ body: JSONValue,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        var fields = try RequestFields(body, at: "")
        var request = try AnthropicMessages.request(&fields, losses: &losses)
        request.maximumOutputTokens = try fields.int("max_tokens", atLeast: 1)
        losses.dropUnread(of: fields)
        return request
    }

    private static func request(
        _ fields: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        var request = ModelRequest(model: try fields.requiredString("model"))
        try AnthropicMessages.refuseWhatIsKeptElsewhere(&fields)
        request.turns = try AnthropicMessages.turns(&fields, losses: &losses)
        try AnthropicMessages.readTools(&fields, into: &request, losses: &losses)
        try AnthropicMessages.readThinking(&fields, into: &request, losses: &losses)
        try AnthropicMessages.readOutput(&fields, into: &request, losses: &losses)
        request.sampling.temperature = try fields.number("temperature")
        request.sampling.topP = try fields.number("top_p")
        request.sampling.topK = try fields.number("top_k")
        request.stopSequences = try AnthropicMessages.stopSequences(&fields)
        try AnthropicMessages.readBookkeeping(&fields, into: &request, losses: &losses)
        return request
    }

    private static func turns(
        _ fields: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> [Turn] {
        guard let messages = try fields.array("messages") else { throw fields.missing("messages") }
        guard !messages.isEmpty else { throw TranslationRefusal("messages", "must not be empty") }
        var reader = AnthropicMessagesTurnReader()
        try reader.readSystem(&fields)
        for (index, message) in messages.enumerated() { try reader.read(message, index) }
        losses.add(reader.losses)
        return reader.turns
    }

    /// What stands for content that only the provider that holds it can know.
    private static func refuseWhatIsKeptElsewhere(_ fields: inout RequestFields) throws(TranslationRefusal) {
        if let servers = fields.value("mcp_servers"), servers != .array([]) {
            throw fields.unsupported("mcp_servers", "are not supported by the model behind this name")
        }
        if fields.value("container") != nil {
            throw fields.unsupported("container", "is not supported by the model behind this name")
        }
        if fields.value("thread") != nil {
            throw fields.unsupported("thread", "is not supported by the model behind this name; send all messages")
        }
    }

    private static func stopSequences(_ fields: inout RequestFields) throws(TranslationRefusal) -> [String] {
        var stops: [String] = []
        for (index, element) in (try fields.array("stop_sequences") ?? []).enumerated() {
            guard case .string(let text) = element else {
                throw fields.wrong("stop_sequences[\(index)]", "a string", element)
            }
            if !text.isEmpty { stops.append(text.string) }
        }
        return stops
    }

    /// What matters to Anthropic's own books alone.
    private static func readBookkeeping(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        if var metadata = try fields.fields("metadata") {
            if let user = try metadata.nonEmptyString("user_id") {
                let words = AnthropicMessagesUserID(user)
                request.cacheKey = words.session
                request.endUser.user = words.user
                request.endUser.isTelling = words.isTelling
            }
            losses.dropUnread(of: metadata)
        }
        // These ask for what happens anyway.
        if let tier = try fields.string("service_tier"), tier != "auto" { losses.drop("service_tier") }
        AnthropicMessages.readContextManagement(&fields, losses: &losses)
        if let speed = try fields.string("speed"), speed != "standard" { losses.drop("speed") }
    }

    /// What is to be left out of the conversation, by its kind: one of them is harmless.
    private static func readContextManagement(_ fields: inout RequestFields, losses: inout LossReport) {
        guard let value = fields.value("context_management"), !value.saysNothing else { return }
        guard case .object(let management) = value, let edits = management["edits"]?.arrayValue, management.count == 1
        else { return losses.drop("context_management") }
        for edit in edits {
            let type = edit["type"]?.stringValue.map { ".\(FieldName.printable($0))" } ?? ""
            losses.drop("context_management.edits\(type)")
        }
    }
}
