import Wire

extension TokenUsage {
    /// The `usage` of Chat Completions; `prompt_tokens` already includes cached ones.
    init(openAIChat value: JSONValue) {
        let prompt = value["prompt_tokens_details"]
        self.init(
            input: value["prompt_tokens"]?.intValue,
            output: value["completion_tokens"]?.intValue,
            cachedInput: prompt?["cached_tokens"]?.intValue,
            cacheWrite: prompt?["cache_write_tokens"]?.intValue,
            reasoning: value["completion_tokens_details"]?["reasoning_tokens"]?.intValue
        )
    }
}
