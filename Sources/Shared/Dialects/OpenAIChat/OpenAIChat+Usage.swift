import Canonical
import Wire

extension TokenUsage {
    /// The `usage` of Chat Completions; `prompt_tokens` already includes cached ones.
    init(openAIChat value: JSONValue) {
        let prompt = value["prompt_tokens_details"]
        self.init(
            input: value["prompt_tokens"]?.tokenCount,
            output: value["completion_tokens"]?.tokenCount,
            cachedInput: prompt?["cached_tokens"]?.tokenCount,
            cacheWrite: prompt?["cache_write_tokens"]?.tokenCount,
            reasoning: value["completion_tokens_details"]?["reasoning_tokens"]?.tokenCount
        )
    }
}
