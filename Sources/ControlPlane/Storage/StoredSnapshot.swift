/// A published snapshot as every control plane serves it.
package struct StoredSnapshot: Sendable {
    package let summary: SnapshotSummary
    package let envelope: [UInt8]
    /// The provider credentials that belong to it.
    package let sealedSecrets: [UInt8]
}
