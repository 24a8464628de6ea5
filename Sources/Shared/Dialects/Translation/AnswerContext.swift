package import Canonical
import Wire

/// What an encoder of answers must know beside the answer.
package struct AnswerContext: Hashable, Sendable {
    /// The request id as text without a prefix: ids of answers and items are derived from it.
    package var requestID: String
    /// The name under which the caller asked for the model.
    package var model: String
    /// Seconds since 1970.
    package var createdAt: Int
    /// The caller's request without its conversation and tools: whether it wants usage, summaries and opaque
    /// reasoning, and what is echoed.
    package let request: ModelRequest
    /// Used where input tokens must be told before the provider tells them, or the provider never does.
    package var estimatedInputTokens: Int

    package init(
        requestID: String,
        model: String,
        createdAt: Int,
        request: ModelRequest,
        estimatedInputTokens: Int
    ) {
        self.requestID = requestID
        self.model = model
        self.createdAt = createdAt
        self.request = request.withoutConversation
        self.estimatedInputTokens = estimatedInputTokens
    }
}
