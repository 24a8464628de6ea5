package import Contract
package import Identity
package import Wire

/// A caller token as administrators see it: what it may do, never its secret.
package struct TokenSpec: Hashable, Sendable {
    /// The groups it may use; sorted, without twins.
    package var allow: [Slug]
    /// The dialects it may use, sorted; nil means all.
    package var endpoints: [Dialect]?
    /// Whether a request that would lose anything in translation to a target's dialect is refused.
    package var strict: Bool
    /// Milliseconds since 1970; nil means always.
    package var notBefore: Int?
    /// Milliseconds since 1970; nil means never.
    package var expiresAt: Int?
    package var description: String?
    package var state: TokenRecord.State
    /// Milliseconds since 1970.
    package var revokedAt: Int?

    package static let maximumAllowed = 1000

    package init(
        allow: [Slug],
        endpoints: [Dialect]? = nil,
        strict: Bool = false,
        notBefore: Int? = nil,
        expiresAt: Int? = nil,
        description: String? = nil,
        state: TokenRecord.State = .active,
        revokedAt: Int? = nil
    ) {
        self.allow = allow
        self.endpoints = endpoints
        self.strict = strict
        self.notBefore = notBefore
        self.expiresAt = expiresAt
        self.description = description
        self.state = state
        self.revokedAt = revokedAt
    }

    /// The members that a request may set.
    private var settable: JSONObject {
        var object = JSONObject()
        object["allow"] = .array(self.allow.map { .string($0.text) })
        object["endpoints"] = self.endpoints.map { .array($0.map { .string($0.rawValue) }) }
        object["strict"] = .bool(self.strict)
        object["limits"] = [:]
        object["budgets"] = [:]
        object["not_before"] = self.notBefore.map { .string(RFC3339.format($0)) }
        object["expires_at"] = self.expiresAt.map { .string(RFC3339.format($0)) }
        object["description"] = self.description.map { .string($0) }
        return object
    }

    package var json: JSONValue {
        var object = self.settable
        // An answer says "never" instead of leaving it to be guessed.
        object["expires_at"] = self.expiresAt.map { .string(RFC3339.format($0)) } ?? .null
        object["state"] = .string(self.state.rawValue)
        object["revoked_at"] = self.revokedAt.map { .string(RFC3339.format($0)) }
        return .object(object)
    }

    package func record(id: TokenID, credential: TokenCredential) -> TokenRecord {
        TokenRecord(
            id: id,
            code: credential.code,
            pepper: credential.pepper,
            state: self.state,
            // What is revoked may do nothing, and must not hold a group that somebody wants to delete.
            allow: self.state == .revoked ? [] : self.allow,
            endpoints: self.endpoints,
            strict: self.strict,
            notBefore: self.notBefore,
            expiresAt: self.expiresAt
        )
    }

    /// Takes the members of a POST or a merged PATCH that describe the token; `expires_at` is left to `expiry`.
    init(_ members: inout JSONMembers) throws(JSONShapeError) {
        guard let allow = try members.optionalSlugSet("allow", maximumCount: TokenSpec.maximumAllowed) else {
            throw members.error("allow", "is missing")
        }
        self.allow = allow
        self.endpoints = nil
        if let names = try members.optionalStrings("endpoints") {
            var endpoints: Set<Dialect> = []
            for (index, name) in names.enumerated() {
                guard let dialect = Dialect(rawValue: name), endpoints.insert(dialect).inserted else {
                    throw JSONShapeError(
                        field: "\(members.path(of: "endpoints"))[\(index)]",
                        problem: "must be one of \(Dialect.allCases.map(\.rawValue).joined(separator: ", ")), each once"
                    )
                }
            }
            guard !endpoints.isEmpty else { throw members.error("endpoints", "must not be empty") }
            self.endpoints = endpoints.sorted()
        }
        self.strict = try members.optionalBool("strict") ?? false
        try members.emptyObject("limits")
        try members.emptyObject("budgets")
        self.notBefore = try members.optionalTime("not_before")
        self.expiresAt = try members.optionalTime("expires_at")
        self.description = try members.optionalText("description", maximumBytes: 1024)
        self.state = .active
        self.revokedAt = nil
    }

    /// Reads a merge patch over `present` under `policy`; names, state and secret cannot be patched.
    package init(
        patch: JSONValue,
        over present: TokenSpec,
        policy: TokenPolicy,
        now: Int
    ) throws(JSONShapeError) {
        guard case .object(let changes) = patch else { throw JSONShapeError(field: "", problem: "must be an object") }
        var members = try JSONMembers(MergePatch.apply(patch, to: .object(present.settable)))
        try self.init(&members)
        try members.refuseUnknown()
        self.state = present.state
        self.revokedAt = present.revokedAt
        if changes["expires_at"] != nil, self.expiresAt != present.expiresAt {
            self.expiresAt = try policy.expiry(
                self.expiresAt.map { .at($0) } ?? .never,
                field: members.path(of: "expires_at"),
                now: now
            )
        }
        if let start = self.notBefore, let end = self.expiresAt, start >= end {
            throw members.error("not_before", "must be before expires_at")
        }
    }
}
