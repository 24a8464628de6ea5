/// Why a provider's answer is none.
package enum StreamFailure: Hashable, Sendable {
    /// It reported an error in its answer.
    case reported
    /// What came cannot be an answer of its dialect.
    case garbage
    /// It ended before its end was told.
    case truncated
    /// More than we are willing to hold.
    case tooLarge
}
