import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Requests, answers and steps of a stream in words, for the goldens of the Messages codec.
enum AnthropicMessagesCodecStory {
    static let folder = FixtureFolder()

    static func json(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    static func json(file name: String) throws -> JSONValue {
        try JSONReader.read(AnthropicMessagesCodecStory.folder.bytes(of: name))
    }

    /// A request with this content of its one user message, and these other members.
    static func body(_ content: String, _ members: String = "") throws -> JSONValue {
        try AnthropicMessagesCodecStory.json(
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
        let body = try AnthropicMessagesCodecStory.json(file: "requests/anthropic-messages/\(name).json")
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
