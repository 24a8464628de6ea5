package import Identity
import Storage
package import Wire

/// An entry of the audit log as administrators see it.
package struct AuditItem: Hashable, Sendable {
    package let sequence: Int
    /// Milliseconds since 1970.
    package let at: Int
    package let actor: String
    package let action: String
    package let kind: String
    package let key: String
    package let change: JSONValue
    package let requestID: RequestID?
    /// Covers this entry and the hash of the one before.
    package let hash: Digest

    init(_ record: AuditRecord) {
        self.sequence = record.sequence
        self.at = Int(record.at)
        self.actor = record.entry.actor
        self.action = record.entry.action
        self.kind = record.entry.kind
        self.key = record.entry.key
        self.change = record.entry.change
        self.requestID = record.entry.requestID
        self.hash = record.hash
    }
}
