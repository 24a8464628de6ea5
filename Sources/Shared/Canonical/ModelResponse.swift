/// A whole answer, in no dialect.
package struct ModelResponse: Hashable, Sendable {
    /// The provider's id for it.
    package var id: String?
    /// Text, refusal, reasoning and tool-call blocks in order.
    package var blocks: [Block]
    package var stop: StopReason
    package var usage: TokenUsage

    package init(id: String? = nil, blocks: [Block], stop: StopReason, usage: TokenUsage) {
        self.id = id
        self.blocks = blocks
        self.stop = stop
        self.usage = usage
    }
}
