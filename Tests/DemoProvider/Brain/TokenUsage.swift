/// The tokens that the provider reports.
struct TokenUsage: Hashable, Sendable {
    var input: Int
    /// Everything that was produced, reasoning included.
    var output: Int
    /// The part of `output` that was reasoning.
    var reasoning: Int

    var total: Int { self.input + self.output }

    /// A plausible count for a text: one token for every four characters, rounded up.
    static func tokens(in text: String) -> Int { (text.unicodeScalars.count + 3) / 4 }
}
