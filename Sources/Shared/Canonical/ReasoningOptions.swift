/// How much a model is to think, and what of it the caller wants to see.
package struct ReasoningOptions: Hashable, Sendable {
    package enum Effort: String, Hashable, Sendable, CaseIterable {
        case none
        case minimal
        case low
        case medium
        case high
        case xhigh
        case max
    }

    package enum Thinking: Hashable, Sendable {
        case disabled
        /// The model decides how much.
        case adaptive
        /// At most so many tokens, at least 1 024.
        case budget(Int)
    }

    package var effort: Effort?
    /// Messages' own switch; nil when the caller said nothing.
    package var thinking: Thinking?
    /// Whether summaries were asked for (true) or declined (false).
    package var wantsSummary: Bool?
    /// Whether the caller sends opaque reasoning back and so must get it.
    package var wantsOpaque: Bool

    package init() {
        self.wantsOpaque = false
    }
}
