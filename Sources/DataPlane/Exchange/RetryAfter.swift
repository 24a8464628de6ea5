/// The `Retry-After` header (RFC 9110 §10.2.3) of a provider, as far as it can be believed.
package enum RetryAfter {
    /// Longer waits are passed on as this: agents sleep as told.
    package static let maximumSeconds = 3600

    /// Seconds from a number; nil for dates and anything else.
    package static func seconds(_ value: String) -> Int? {
        guard let seconds = Int(value), seconds >= 0 else { return nil }
        return min(seconds, RetryAfter.maximumSeconds)
    }
}
