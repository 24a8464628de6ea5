package import Identity

/// An audit entry as it is stored.
package struct AuditRecord: Hashable, Sendable {
    package let sequence: Int
    /// Milliseconds since 1970.
    package let at: Int64
    package let entry: AuditEntry
    package let hash: Digest
}
