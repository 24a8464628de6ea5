package import Contract
package import Identity

/// A snapshot that is about to be stored.
package struct NewSnapshot: Sendable {
    package let reference: SnapshotReference
    package let contentSHA256: Digest
    package let envelope: [UInt8]
    package let sealedSecrets: [UInt8]
    package let revocationSequence: Int
    package let createdBy: String
    package let reason: String
    package let restoredFrom: Int?

    package init(
        reference: SnapshotReference,
        contentSHA256: Digest,
        envelope: [UInt8],
        sealedSecrets: [UInt8],
        revocationSequence: Int,
        createdBy: String,
        reason: String,
        restoredFrom: Int?
    ) {
        self.reference = reference
        self.contentSHA256 = contentSHA256
        self.envelope = envelope
        self.sealedSecrets = sealedSecrets
        self.revocationSequence = revocationSequence
        self.createdBy = createdBy
        self.reason = reason
        self.restoredFrom = restoredFrom
    }
}
