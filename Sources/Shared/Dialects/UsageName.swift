import Identity

/// Where a dialect's `usage` object holds one count.
struct UsageName: Sendable {
    enum Count: Sendable { case input, output, total, cacheRead, cacheWrite, reasoning }

    let count: Count
    /// The member that holds the object with the count; nil = the `usage` object itself.
    let object: StaticString?
    let member: StaticString

    private init(_ count: Count, _ member: StaticString, in object: StaticString? = nil) {
        self.count = count
        self.object = object
        self.member = member
    }

    static func of(_ dialect: Dialect) -> [UsageName] {
        switch dialect {
        case .openAIChat: UsageName.openAIChat
        case .openAIResponses: UsageName.openAIResponses
        case .anthropicMessages: UsageName.anthropicMessages
        }
    }

    private static let openAIChat = [
        UsageName(.input, "prompt_tokens"),
        UsageName(.output, "completion_tokens"),
        UsageName(.total, "total_tokens"),
        UsageName(.cacheRead, "cached_tokens", in: "prompt_tokens_details"),
        UsageName(.cacheWrite, "cache_write_tokens", in: "prompt_tokens_details"),
        UsageName(.reasoning, "reasoning_tokens", in: "completion_tokens_details"),
    ]

    private static let openAIResponses = [
        UsageName(.input, "input_tokens"),
        UsageName(.output, "output_tokens"),
        UsageName(.total, "total_tokens"),
        UsageName(.cacheRead, "cached_tokens", in: "input_tokens_details"),
        UsageName(.cacheWrite, "cache_write_tokens", in: "input_tokens_details"),
        UsageName(.reasoning, "reasoning_tokens", in: "output_tokens_details"),
    ]

    private static let anthropicMessages = [
        UsageName(.input, "input_tokens"),
        UsageName(.output, "output_tokens"),
        UsageName(.cacheRead, "cache_read_input_tokens"),
        UsageName(.cacheWrite, "cache_creation_input_tokens"),
        UsageName(.reasoning, "thinking_tokens", in: "output_tokens_details"),
    ]
}
