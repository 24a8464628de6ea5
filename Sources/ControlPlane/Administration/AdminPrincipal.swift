package import Catalog
package import Identity

/// Who makes a request of the admin API, once that is proven.
package struct AdminPrincipal: Hashable, Sendable {
    /// An administrator's id, or the name of a command that works on the database itself.
    package let id: String
    package let role: AdminRole
    /// The request that is being answered; nil for a command.
    package let requestID: RequestID?

    package init(id: String, role: AdminRole, requestID: RequestID?) {
        self.id = id
        self.role = role
        self.requestID = requestID
    }
}
