/// What a model thought: text that people may read, and a blob that only its maker understands.
package struct ReasoningBlock: Hashable, Sendable {
    /// Summaries, in order; what Messages calls thinking is a summary too.
    package var summary: [String]
    /// The thoughts themselves, where a model tells them (open models, `reasoning_content`).
    package var text: String?
    package var opaque: OpaqueReasoning?

    package init(summary: [String] = [], text: String? = nil, opaque: OpaqueReasoning? = nil) {
        self.summary = summary
        self.text = text
        self.opaque = opaque
    }
}
