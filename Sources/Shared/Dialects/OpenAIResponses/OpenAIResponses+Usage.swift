import Wire

extension TokenUsage {
    /// The `usage` of Responses; `input_tokens` already includes cached ones.
    init(openAIResponses value: JSONValue) {
        let input = value["input_tokens_details"]
        self.init(
            input: value["input_tokens"]?.intValue,
            output: value["output_tokens"]?.intValue,
            cachedInput: input?["cached_tokens"]?.intValue,
            cacheWrite: input?["cache_write_tokens"]?.intValue,
            reasoning: value["output_tokens_details"]?["reasoning_tokens"]?.intValue
        )
    }
}
