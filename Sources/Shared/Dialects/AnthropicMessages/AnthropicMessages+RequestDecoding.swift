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
        losses.dropUnread(of: fields, in: "")
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
        losses.dropUnread(of: fields, in: "")
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
        if let system = fields.value("system") { try reader.readSystem(system) }
        for (index, message) in messages.enumerated() { try reader.read(message, at: "messages[\(index)]") }
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
            if !text.isEmpty { stops.append(text) }
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
            if let user = try metadata.string("user_id") {
                // It names a person's device or account: of all that, only the conversation's own id is of use.
                losses.drop("metadata.user_id")
                request.cacheKey = AnthropicMessages.sessionID(in: user)
            }
            losses.dropUnread(of: metadata, in: "metadata")
        }
        // These ask for what happens anyway.
        if let tier = try fields.string("service_tier"), tier != "auto" { losses.drop("service_tier") }
        if let speed = try fields.string("speed"), speed != "standard" { losses.drop("speed") }
    }

    /// The id of the session in the two forms that Claude Code gave `user_id`: JSON, and parts joined by `_`.
    private static func sessionID(in user: String) -> String? {
        let id: String
        if let value = try? JSONReader.read(Array(user.utf8), maximumDepth: 4) {
            guard let session = value["session_id"]?.stringValue else { return nil }
            id = session
        } else {
            let parts = user.split(separator: "_", omittingEmptySubsequences: false)
            guard let place = parts.lastIndex(of: "session"), place + 2 == parts.count else { return nil }
            id = String(parts[place + 1])
        }
        // Other texts would say more than that two requests belong together.
        let isID = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isID && (1...64).contains(id.utf8.count) ? id : nil
    }
}
