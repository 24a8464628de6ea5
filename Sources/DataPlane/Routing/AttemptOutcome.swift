/// How an attempt on a target ended, as far as the target's health is concerned.
package enum AttemptOutcome: Hashable, Sendable {
    case success
    /// The target is at fault: it was not there, did not answer in time, or answered what is none.
    case fault
    /// The provider limits the rate; `retryAfter` is in seconds.
    case rateLimited(retryAfter: Int?)
    /// The provider's account is out of credit or quota.
    case quotaExhausted(retryAfter: Int?)
    /// The provider does not take the credential.
    case unauthenticated
    /// The provider takes the credential, but not for this model.
    case accessDenied
    /// The request was at fault, the caller left, or the gateway stopped: it says nothing about the target.
    case neutral
}
