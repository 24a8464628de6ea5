import Wire

extension TokenUsage {
    /// The `usage` of Messages; `input_tokens` leaves out what was read from and written to the cache.
    init(anthropicMessages value: JSONValue) {
        let read = value["cache_read_input_tokens"]?.intValue
        let write = value["cache_creation_input_tokens"]?.intValue
        let uncached = value["input_tokens"]?.intValue
        self.init(
            input: uncached.map { TokenUsage.sum($0, read ?? 0, write ?? 0) },
            output: value["output_tokens"]?.intValue,
            cachedInput: read,
            cacheWrite: write,
            reasoning: value["output_tokens_details"]?["thinking_tokens"]?.intValue
        )
    }

    /// The sum, held at the largest number instead of overflowing: the terms come from a provider.
    private static func sum(_ terms: Int...) -> Int {
        terms.reduce(0) { total, term in
            let (sum, overflow) = total.addingReportingOverflow(term)
            return overflow ? Int.max : sum
        }
    }
}
