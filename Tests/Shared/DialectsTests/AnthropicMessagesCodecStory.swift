import Canonical
import Dialects
import Identity
import Testing
import Wire

/// Requests of Messages callers, and what becomes of them.
enum AnthropicMessagesCodecStory {
    /// A request with this content of its one user message, and these other members.
    static func body(_ content: String, _ members: String = "") throws -> JSONValue {
        try CodecStory.json(
            #"{"model":"fast","max_tokens":9,"messages":[{"role":"user","content":\#(content)}]\#(members)}"#
        )
    }

    static func decode(_ body: JSONValue) throws -> (request: ModelRequest, losses: LossReport) {
        var losses = LossReport()
        let request = try AnthropicMessages.decodeRequest(body, losses: &losses)
        return (request, losses)
    }

    /// A request is read as its path says: counts have no cap.
    static func decode(fixture name: String) throws -> (request: ModelRequest, losses: LossReport) {
        var losses = LossReport()
        let body = try CodecStory.json(file: "requests/anthropic-messages/\(name).json")
        let request =
            name.hasPrefix("count-tokens")
            ? try AnthropicMessages.decodeCountRequest(body, losses: &losses)
            : try AnthropicMessages.decodeRequest(body, losses: &losses)
        return (request, losses)
    }

    static func encode(
        _ request: ModelRequest,
        for target: TargetTraits = TargetTraits(model: "acme-opus")
    ) throws -> (request: EncodedRequest, losses: LossReport) {
        var losses = LossReport()
        let encoded = try AnthropicMessages.encodeRequest(request, for: target, losses: &losses)
        return (encoded, losses)
    }

    static func words(_ losses: LossReport) -> [String] {
        losses.losses.map { "\($0.kind.rawValue) \($0.field)" }
    }

    /// A caller that asked for thinking.
    static func thinker(display: Bool? = nil) -> ModelRequest {
        var request = ModelRequest(model: "fast")
        request.reasoning.thinking = .adaptive
        request.reasoning.wantsOpaque = true
        request.reasoning.wantsSummary = display
        return request
    }

    /// The opaque reasoning of an answer as the gateway hands it to a caller, without its seal.
    static func sealed(_ blocks: [Block]) -> [Block] {
        blocks.map { block in
            guard case .reasoning(var reasoning) = block, case .native(_, let payload) = reasoning.opaque else {
                return block
            }
            reasoning.opaque = .sealed(payload)
            return .reasoning(reasoning)
        }
    }
}
