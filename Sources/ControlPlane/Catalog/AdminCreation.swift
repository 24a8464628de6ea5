import Contract
package import Identity
package import Wire

/// A request for a new administrator.
package struct AdminCreation: Sendable {
    package var id: Slug
    package var spec: AdminSpec

    package init(id: Slug, spec: AdminSpec) {
        self.id = id
        self.spec = spec
    }

    /// Reads the body of a POST; `now` in milliseconds since 1970.
    package init(_ value: JSONValue, now: Int) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.id = try members.slug("id")
        try AdminCreation.refuseReserved(self.id)
        self.spec = try AdminSpec(&members)
        try members.refuseUnknown()
        if let expiresAt = self.spec.expiresAt, expiresAt <= now {
            throw members.error("expires_at", "must be in the future")
        }
    }

    /// Refuses the names under which the control plane itself acts: whose change it was must be plain.
    package static func refuseReserved(_ id: Slug) throws(JSONShapeError) {
        guard OwnActor(rawValue: id.text) == nil else {
            throw JSONShapeError(field: "id", problem: "is a name of the control plane's own")
        }
    }
}
