import Contract
package import Identity
package import Wire

/// A request for a new caller token.
package struct TokenCreation: Sendable {
    package var user: Slug
    package var project: Slug
    package var environment: Slug
    /// Nil takes `k` and the date.
    package var key: Slug?
    package var spec: TokenSpec

    /// Reads the body of a POST; `now` in milliseconds since 1970.
    package init(_ value: JSONValue, policy: TokenPolicy, now: Int) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.user = try members.slug("user")
        self.project = try members.slug("project")
        self.environment = try members.slug("environment")
        self.key = members.optional("key") == nil ? nil : try members.slug("key")
        let isNever = members.has("expires_at") && members.optional("expires_at") == nil
        self.spec = try TokenSpec(&members)
        try members.refuseUnknown()
        let requested: TokenPolicy.RequestedExpiry =
            isNever ? .never : self.spec.expiresAt.map { .at($0) } ?? .unspecified
        self.spec.expiresAt = try policy.expiry(requested, field: "expires_at", now: now)
        if let start = self.spec.notBefore, let end = self.spec.expiresAt, start >= end {
            throw members.error("not_before", "must be before expires_at")
        }
    }

    /// The id of the new token, with the first free key name.
    ///
    /// Key names are `k20260131`, `k20260131-2`, and so on.
    ///
    /// Nil when a key was asked for that is taken.
    package func id(deployment: Slug, now: Int, isTaken: (TokenID) -> Bool) -> TokenID? {
        TokenCreation.freeID(
            deployment: deployment,
            user: self.user,
            project: self.project,
            environment: self.environment,
            key: self.key,
            now: now,
            isTaken: isTaken
        )
    }

    package static func freeID(
        deployment: Slug,
        user: Slug,
        project: Slug,
        environment: Slug,
        key: Slug?,
        now: Int,
        isTaken: (TokenID) -> Bool
    ) -> TokenID? {
        func id(_ key: Slug) -> TokenID {
            TokenID(deployment: deployment, user: user, project: project, environment: environment, key: key)
        }
        if let key {
            let id = id(key)
            return isTaken(id) ? nil : id
        }
        let base = "k\(RFC3339.compactDate(now))"
        for number in 1...10_000 {
            guard let key = Slug(number == 1 ? base : "\(base)-\(number)") else { return nil }
            let id = id(key)
            if !isTaken(id) { return id }
        }
        return nil
    }
}
