import Canonical
import Wire

/// The `usage` of Messages as it is reported: `input_tokens` leaves out what was read from and written to the
/// cache, and an event may report any part of it.
struct AnthropicMessagesUsage: Hashable, Sendable {
    private var uncachedInput: Int?
    private var cacheRead: Int?
    private var cacheWrite: Int?
    private var output: Int?
    private var thinking: Int?

    init() {}

    /// Members that are missing, null or no count are not reported.
    init(_ value: JSONValue) {
        self.uncachedInput = value["input_tokens"]?.tokenCount
        self.cacheRead = value["cache_read_input_tokens"]?.tokenCount
        self.cacheWrite = value["cache_creation_input_tokens"]?.tokenCount
        self.output = value["output_tokens"]?.tokenCount
        self.thinking = value["output_tokens_details"]?["thinking_tokens"]?.tokenCount
    }

    /// Later reports are cumulative; what they do not name stands as it was told before.
    mutating func update(with later: AnthropicMessagesUsage) {
        self.uncachedInput = later.uncachedInput ?? self.uncachedInput
        self.cacheRead = later.cacheRead ?? self.cacheRead
        self.cacheWrite = later.cacheWrite ?? self.cacheWrite
        self.output = later.output ?? self.output
        self.thinking = later.thinking ?? self.thinking
    }

    /// The same in the convention of all dialects.
    var tokenUsage: TokenUsage {
        TokenUsage(
            input: self.uncachedInput.map { $0 + (self.cacheRead ?? 0) + (self.cacheWrite ?? 0) },
            output: self.output,
            cachedInput: self.cacheRead,
            cacheWrite: self.cacheWrite,
            reasoning: self.thinking
        )
    }
}
