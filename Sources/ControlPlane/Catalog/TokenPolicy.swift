package import Wire

/// How long caller tokens may live in this deployment.
package struct TokenPolicy: Hashable, Sendable {
    /// What a request says about the end of a token.
    package enum RequestedExpiry: Hashable, Sendable {
        /// Nothing: the default lifetime.
        case unspecified
        /// An explicit null.
        case never
        /// Milliseconds since 1970.
        case at(Int)
    }

    package static let millisecondsPerDay = 86_400_000

    /// In milliseconds.
    package var defaultLifetime: Int
    /// In milliseconds.
    package var maximumLifetime: Int
    /// Whether `expires_at: null` is allowed.
    package var allowsUnlimited: Bool

    package init(
        defaultLifetime: Int = 90 * TokenPolicy.millisecondsPerDay,
        maximumLifetime: Int = 365 * TokenPolicy.millisecondsPerDay,
        allowsUnlimited: Bool = false
    ) {
        self.defaultLifetime = defaultLifetime
        self.maximumLifetime = maximumLifetime
        self.allowsUnlimited = allowsUnlimited
    }

    /// When a token with that request ends, in milliseconds since 1970; nil means never.
    package func expiry(_ requested: RequestedExpiry, field: String, now: Int) throws(JSONShapeError) -> Int? {
        switch requested {
        case .unspecified: return now + min(self.defaultLifetime, self.maximumLifetime)
        case .never:
            guard self.allowsUnlimited else {
                throw JSONShapeError(field: field, problem: "must be set: this deployment allows no unlimited tokens")
            }
            return nil
        case .at(let time):
            guard time > now else { throw JSONShapeError(field: field, problem: "must be in the future") }
            guard time <= now + self.maximumLifetime else {
                let days = self.maximumLifetime / TokenPolicy.millisecondsPerDay
                throw JSONShapeError(field: field, problem: "must be at most \(days) days ahead")
            }
            return time
        }
    }
}
