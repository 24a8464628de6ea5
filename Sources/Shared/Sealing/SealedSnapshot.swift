package import Contract
package import Identity

/// A snapshot as it is stored, sent and applied: signed bytes, and what their header says.
package struct SealedSnapshot: Hashable, Sendable {
    /// The whole envelope.
    package let bytes: [UInt8]
    /// Of `bytes`.
    package let sha256: Identity.Digest
    /// Of the body's JSON before compression: equal for equal configurations.
    package let contentSHA256: Identity.Digest
    package let header: SnapshotHeader

    package var reference: SnapshotReference {
        SnapshotReference(version: self.header.version, sha256: self.sha256)
    }
}
