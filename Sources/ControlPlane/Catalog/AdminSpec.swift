import Contract
package import Wire

/// An administrator: a person or a program with an `rta_…` token.
package struct AdminSpec: Hashable, Sendable {
    package var role: AdminRole
    package var description: String?
    /// Milliseconds since 1970; nil means never.
    package var expiresAt: Int?

    package init(role: AdminRole, description: String? = nil, expiresAt: Int? = nil) {
        self.role = role
        self.description = description
        self.expiresAt = expiresAt
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["role"] = .string(self.role.rawValue)
        object["description"] = self.description.map { .string($0) }
        object["expires_at"] = self.expiresAt.map { .string(RFC3339.format($0)) } ?? .null
        return .object(object)
    }

    init(_ members: inout JSONMembers) throws(JSONShapeError) {
        guard let role = try members.optionalChoice("role", AdminRole.self) else {
            throw members.error("role", "is missing")
        }
        self.role = role
        self.description = try members.optionalText("description", maximumBytes: 1024)
        self.expiresAt = try members.optionalTime("expires_at")
    }

    /// Reads a merge patch over `present`.
    package init(patch: JSONValue, over present: AdminSpec) throws(JSONShapeError) {
        guard case .object = patch else { throw JSONShapeError(field: "", problem: "must be an object") }
        var members = try JSONMembers(MergePatch.apply(patch, to: present.json))
        try self.init(&members)
        try members.refuseUnknown()
    }
}
