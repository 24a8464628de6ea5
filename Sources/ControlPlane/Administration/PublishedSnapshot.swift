package import Contract
package import Identity
import Storage

/// A published snapshot as administrators see it.
package struct PublishedSnapshot: Hashable, Sendable {
    package let version: SnapshotVersion
    /// Of the envelope.
    package let sha256: Digest
    /// Of the content, equal for equal configurations.
    package let contentSHA256: Digest
    /// Of the envelope.
    package let byteCount: Int
    /// Milliseconds since 1970.
    package let createdAt: Int
    package let createdBy: String
    package let reason: String
    package let restoredFrom: Int?

    init(_ summary: SnapshotSummary) {
        self.version = summary.reference.version
        self.sha256 = summary.reference.sha256
        self.contentSHA256 = summary.contentSHA256
        self.byteCount = summary.byteCount
        self.createdAt = Int(summary.createdAt)
        self.createdBy = summary.createdBy
        self.reason = summary.reason
        self.restoredFrom = summary.restoredFrom
    }
}
