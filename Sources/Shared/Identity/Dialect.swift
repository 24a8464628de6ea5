/// One of the three APIs that callers speak and providers offer.
package enum Dialect: String, Hashable, Sendable, CaseIterable, Comparable {
    /// OpenAI Chat Completions, `POST /v1/chat/completions`.
    case openAIChat = "openai-chat"
    /// OpenAI Responses, `POST /v1/responses`.
    case openAIResponses = "openai-responses"
    /// Anthropic Messages, `POST /v1/messages`.
    case anthropicMessages = "anthropic-messages"

    /// By case: what the standard library gives to an enumeration with texts would hash the text.
    package func hash(into hasher: inout Hasher) {
        let number: UInt8 =
            switch self {
            case .openAIChat: 0
            case .openAIResponses: 1
            case .anthropicMessages: 2
            }
        hasher.combine(number)
    }

    package static func < (left: Dialect, right: Dialect) -> Bool { left.rawValue < right.rawValue }
}
