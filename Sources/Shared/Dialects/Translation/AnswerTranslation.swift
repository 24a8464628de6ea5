package import Canonical
package import Identity
package import Wire

/// A provider's whole answer in the dialect of its caller.
package struct AnswerTranslation: Hashable, Sendable {
    package let body: JSONValue
    package let usage: TokenUsage
    /// Whether the provider told no usage, or only a part, and numbers of our own stand in for it.
    package let isUsageEstimated: Bool

    /// `seal` seals a provider's blob of reasoning; blobs themselves are kept from a caller that does not want them.
    ///
    /// Throws when what came is no answer.
    package init(
        of answer: JSONValue,
        from target: Dialect,
        to caller: Dialect,
        request: EncodedRequest,
        context: AnswerContext,
        seal: @escaping AnswerRestoration.Seal
    ) throws(AnswerProblem) {
        let decoded = try AnswerTranslation.decode(target, answer)
        var restored = AnswerRestoration.restored(
            decoded,
            to: request,
            requestID: context.requestID,
            seal: context.request.reasoning.wantsOpaque ? seal : nil,
            mark: AnswerRestoration.mark(for: caller, context.request, seal)
        )
        self.isUsageEstimated = restored.usage.fill(
            input: context.estimatedInputTokens,
            output: TokenEstimate.outputTokens(decoded.blocks)
        )
        self.usage = restored.usage
        self.body = AnswerTranslation.encode(caller, restored, context)
    }

    private static func decode(_ target: Dialect, _ answer: JSONValue) throws(AnswerProblem) -> ModelResponse {
        switch target {
        case .openAIChat: try OpenAIChat.decodeAnswer(answer)
        case .openAIResponses: try OpenAIResponses.decodeAnswer(answer)
        case .anthropicMessages: try AnthropicMessages.decodeAnswer(answer)
        }
    }

    private static func encode(_ caller: Dialect, _ answer: ModelResponse, _ context: AnswerContext) -> JSONValue {
        switch caller {
        case .openAIChat: OpenAIChat.encodeAnswer(answer, context)
        case .openAIResponses: OpenAIResponses.encodeAnswer(answer, context)
        case .anthropicMessages: AnthropicMessages.encodeAnswer(answer, context)
        }
    }
}

extension TokenUsage {
    /// Fills the numbers that clients cannot do without from an estimate; whether any was missing.
    ///
    /// Each estimate is made only where it is needed.
    mutating func fill(input: @autoclosure () -> Int, output: @autoclosure () -> Int) -> Bool {
        let isMissing = self.input == nil || self.output == nil
        self.input = self.input ?? input()
        self.output = self.output ?? output()
        return isMissing
    }
}
