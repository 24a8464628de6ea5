package import Canonical
package import Identity
package import Wire

/// A caller's request on its way to targets of other dialects: read once, written for each target that is tried.
package struct RequestTranslation: Hashable, Sendable {
    /// A request as a target is to get it.
    package struct Written: Hashable, Sendable {
        /// The body, and what the answer to it is read with.
        package var encoded: EncodedRequest
        /// All that this target is not told, or in other words, under the caller's own names.
        package var losses: LossReport
    }

    /// The request in no dialect, its conversation in order; opaque reasoning as the caller sent it.
    package let request: ModelRequest
    /// What no target of another dialect is told.
    package let losses: LossReport
    private let fields: CallerFields

    /// Reads a body that was checked for twin names and depth; throws for what is the caller's to mend.
    package init(_ caller: Dialect, body: JSONValue) throws(TranslationRefusal) {
        var losses = LossReport()
        let decoded = try RequestTranslation.decode(caller, body, losses: &losses)
        self.request = try ConversationOrder.ordered(
            decoded,
            at: RequestPaths(caller, body: body),
            losses: &losses
        )
        let fields = CallerFields(caller, body: body)
        self.losses = losses.named(by: fields.names)
        self.fields = fields
    }

    /// What the request costs in input tokens, estimated.
    package var estimatedInputTokens: Int { TokenEstimate.inputTokens(self.request) }

    /// What the body of `POST /v1/messages/count_tokens` costs in input tokens, estimated.
    ///
    /// Throws for a body that is none. A conversation out of order is counted as it is.
    package static func estimatedInputTokens(ofCountRequest body: JSONValue) throws(TranslationRefusal) -> Int {
        var losses = LossReport()
        return TokenEstimate.inputTokens(try AnthropicMessages.decodeCountRequest(body, losses: &losses))
    }

    /// The target whose reasoning the conversation carries and that should serve it on.
    ///
    /// `maker` says who sealed a blob; see ``ReasoningEnvelope/maker(of:mac:)``.
    package func affinity(maker: (String) -> ReasoningBinding?) -> ReasoningBinding? {
        ReasoningReplay.affinity(of: self.request, maker: maker)
    }

    /// Writes the request for a target.
    ///
    /// `open` opens a blob of reasoning for this target; see ``ReasoningEnvelope/open(_:for:mac:)``. `pseudonym` is
    /// for end users whose own names a target cannot be given; without one they are dropped.
    package func written(
        for target: Dialect,
        _ traits: TargetTraits,
        pseudonym: EndUser.Pseudonym = { _ in nil },
        open: (String) -> ReasoningEnvelope.Opened
    ) throws(TranslationRefusal) -> Written {
        var losses = self.losses
        var opened = ReasoningReplay.opened(
            self.request,
            keepsUnsigned: RequestTranslation.takesUnsignedReasoning(target, traits),
            open: open,
            losses: &losses
        )
        opened.endUser = opened.endUser.fitted(to: target, traits, pseudonym: pseudonym, losses: &losses)
        do throws(TranslationRefusal) {
            let encoded = try RequestTranslation.encode(target, opened, for: traits, losses: &losses)
            return Written(encoded: encoded, losses: losses.named(by: self.fields.names))
        } catch {
            throw self.fields.named(error)
        }
    }

    /// Whether a target takes thoughts that it did not sign: the two dialects with blobs refuse them.
    private static func takesUnsignedReasoning(_ target: Dialect, _ traits: TargetTraits) -> Bool {
        switch target {
        case .openAIChat: traits.takesReasoningContent
        case .openAIResponses, .anthropicMessages: false
        }
    }

    private static func decode(
        _ caller: Dialect,
        _ body: JSONValue,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        switch caller {
        case .openAIChat: try OpenAIChat.decodeRequest(body, losses: &losses)
        case .openAIResponses: try OpenAIResponses.decodeRequest(body, losses: &losses)
        case .anthropicMessages: try AnthropicMessages.decodeRequest(body, losses: &losses)
        }
    }

    private static func encode(
        _ target: Dialect,
        _ request: ModelRequest,
        for traits: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> EncodedRequest {
        switch target {
        case .openAIChat: try OpenAIChat.encodeRequest(request, for: traits, losses: &losses)
        case .openAIResponses: try OpenAIResponses.encodeRequest(request, for: traits, losses: &losses)
        case .anthropicMessages: try AnthropicMessages.encodeRequest(request, for: traits, losses: &losses)
        }
    }
}
