import Contract
package import Identity
package import Wire

/// A request to replace a caller token by a new one of the same rights.
package struct TokenRotation: Sendable {
    /// The key name of the new token; nil takes `k` and the date.
    package var key: Slug?
    /// How long the old token goes on working, in milliseconds; 0 revokes it at once.
    package var overlap: Int
    package var expiry: TokenPolicy.RequestedExpiry

    package static let maximumOverlapSeconds = 30 * 86_400

    /// Reads the body of a POST; an empty object takes every default.
    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.key = members.optional("key") == nil ? nil : try members.slug("key")
        let range = 0...TokenRotation.maximumOverlapSeconds
        self.overlap = (try members.optionalInt("overlap_seconds", in: range) ?? 0) * 1000
        let isNever = members.has("expires_at") && members.optional("expires_at") == nil
        self.expiry = isNever ? .never : try members.optionalTime("expires_at").map { .at($0) } ?? .unspecified
        try members.refuseUnknown()
    }
}
