/// Why an answer ended.
package enum StopReason: Hashable, Sendable {
    /// The model had said all.
    case endTurn
    /// One of the caller's texts came up; nil where the provider does not say which.
    case stopSequence(String?)
    /// The cap on output tokens.
    case maximumTokens
    /// The model's context was full.
    case contextFull
    /// Tools were called.
    case toolCalls
    /// A filter cut the answer.
    case contentFilter
    /// The model declined, in its own words where there are some.
    case refusal
    /// The provider paused a turn of its own tools.
    case pause
}
