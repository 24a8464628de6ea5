/// What a provider reported that a request cost in tokens; nil is not reported, 0 is reported as zero.
///
/// One convention for all dialects: `input` includes what was read from and written to a prompt cache, `output`
/// includes reasoning.
package struct TokenUsage: Hashable, Sendable {
    package var input: Int?
    package var output: Int?
    package var cachedInput: Int?
    package var cacheWrite: Int?
    package var reasoning: Int?

    package init(
        input: Int? = nil,
        output: Int? = nil,
        cachedInput: Int? = nil,
        cacheWrite: Int? = nil,
        reasoning: Int? = nil
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }

    package var isReported: Bool { self != TokenUsage() }

    /// Later reports of one stream replace earlier ones, member by member: they are cumulative.
    package mutating func update(with later: TokenUsage) {
        self.input = later.input ?? self.input
        self.output = later.output ?? self.output
        self.cachedInput = later.cachedInput ?? self.cachedInput
        self.cacheWrite = later.cacheWrite ?? self.cacheWrite
        self.reasoning = later.reasoning ?? self.reasoning
    }
}
