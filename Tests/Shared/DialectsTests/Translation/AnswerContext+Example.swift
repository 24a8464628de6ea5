import Canonical
import Dialects

extension AnswerContext {
    /// What is told of an exchange with this request.
    static func example(of request: ModelRequest) -> AnswerContext {
        AnswerContext(
            requestID: "r-1",
            model: "fast",
            createdAt: 1_790_000_000,
            request: request,
            estimatedInputTokens: 11
        )
    }
}
