package import Identity
package import Wire

/// Something that was done, and by whom; never with a secret in it.
package struct AuditEntry: Hashable, Sendable {
    /// An admin's id, a node's id or the name of a command.
    package let actor: String
    /// Such as `create`, `update`, `delete`, `revoke`, `restore`, `join`.
    package let action: String
    /// The resource's kind, such as `provider`.
    package let kind: String
    /// The resource's name.
    package let key: String
    package let change: JSONValue
    package let requestID: RequestID?

    package init(
        actor: String,
        action: String,
        kind: String,
        key: String,
        change: JSONValue = .object(JSONObject()),
        requestID: RequestID? = nil
    ) {
        self.actor = actor
        self.action = action
        self.kind = kind
        self.key = key
        self.change = change
        self.requestID = requestID
    }
}
