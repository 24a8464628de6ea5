import Canonical
import Wire

extension TokenUsage {
    /// The `usage` of Responses; `input_tokens` already includes cached ones.
    init(openAIResponses value: JSONValue) {
        let input = value["input_tokens_details"]
        self.init(
            input: value["input_tokens"]?.tokenCount,
            output: value["output_tokens"]?.tokenCount,
            cachedInput: input?["cached_tokens"]?.tokenCount,
            cacheWrite: input?["cache_write_tokens"]?.tokenCount,
            reasoning: value["output_tokens_details"]?["reasoning_tokens"]?.tokenCount
        )
    }
}
