package import Contract
package import Identity

/// A published snapshot without its bytes.
package struct SnapshotSummary: Hashable, Sendable {
    package let reference: SnapshotReference
    package let contentSHA256: Digest
    /// Of the envelope.
    package let byteCount: Int
    package let revocationSequence: Int
    /// Milliseconds since 1970.
    package let createdAt: Int64
    package let createdBy: String
    package let reason: String
    /// The version whose content this one published again.
    package let restoredFrom: Int?
}
