/// One of the three APIs that callers speak and providers offer.
package enum Dialect: String, Hashable, Sendable, CaseIterable, Comparable {
    /// OpenAI Chat Completions, `POST /v1/chat/completions`.
    case openAIChat = "openai-chat"
    /// OpenAI Responses, `POST /v1/responses`.
    case openAIResponses = "openai-responses"
    /// Anthropic Messages, `POST /v1/messages`.
    case anthropicMessages = "anthropic-messages"

    package static func < (left: Dialect, right: Dialect) -> Bool { left.rawValue < right.rawValue }
}
