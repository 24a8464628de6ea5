package import Identity
import Wire

/// What a data plane knows of one caller token: never the secret, only its code under the pepper.
package struct TokenRecord: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        case active
        case revoked
    }

    package var id: TokenID
    /// HMAC-SHA256 of the whole token under the pepper `pepper`.
    package var code: Digest
    /// Which pepper the code was made with.
    package var pepper: String
    package var state: State
    /// The groups it may use; sorted, without twins.
    package var allow: [Slug]
    /// The dialects it may use; nil means all.
    package var endpoints: [Dialect]?
    /// Whether a request that would lose anything in translation to a target's dialect is refused.
    package var strict: Bool
    /// Milliseconds since 1970 from which it is valid; nil means always.
    package var notBefore: Int?
    /// Milliseconds since 1970 from which it is expired; nil means never.
    package var expiresAt: Int?

    package init(
        id: TokenID,
        code: Digest,
        pepper: String,
        state: State = .active,
        allow: [Slug],
        endpoints: [Dialect]? = nil,
        strict: Bool = false,
        notBefore: Int? = nil,
        expiresAt: Int? = nil
    ) {
        self.id = id
        self.code = code
        self.pepper = pepper
        self.state = state
        self.allow = allow
        self.endpoints = endpoints
        self.strict = strict
        self.notBefore = notBefore
        self.expiresAt = expiresAt
    }

    var json: JSONValue {
        var object = JSONObject()
        object["id"] = .string(self.id.text)
        object["code"] = .string(self.code.hex)
        object["pepper"] = .string(self.pepper)
        object["state"] = .string(self.state.rawValue)
        object["allow"] = .array(self.allow.map { .string($0.text) })
        object["endpoints"] = self.endpoints.map { .array($0.map { .string($0.rawValue) }) }
        // Only when it is set, so that bodies of format 1.0 keep their bytes.
        if self.strict { object["strict"] = true }
        object["not_before"] = self.notBefore.map { .int($0) }
        object["expires_at"] = self.expiresAt.map { .int($0) }
        return .object(object)
    }

    init(_ value: JSONValue, at path: String) throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        guard let id = TokenID(try members.string("id")) else {
            throw members.error("id", "must be rtr_ and five slugs joined by _")
        }
        self.id = id
        self.code = try members.digest("code")
        self.pepper = try members.string("pepper")
        self.state = try members.choice("state", State.self)
        self.allow = try members.optionalSlugs("allow") ?? []
        self.endpoints = nil
        if let names = try members.optionalStrings("endpoints") {
            var endpoints: [Dialect] = []
            for name in names {
                guard let dialect = Dialect(rawValue: name) else {
                    throw members.error("endpoints", "holds an unknown dialect")
                }
                endpoints.append(dialect)
            }
            self.endpoints = endpoints
        }
        self.strict = try members.optionalBool("strict") ?? false
        self.notBefore = try members.optionalInt("not_before")
        self.expiresAt = try members.optionalInt("expires_at")
    }
}
