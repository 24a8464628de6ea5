package import Contract
package import Identity

/// A snapshot that a heartbeat announced, with the bundle of secrets that belongs to it for this node.
package struct SnapshotOffer: Hashable, Sendable {
    package let reference: SnapshotReference
    package let secretsSHA256: Digest

    package init(reference: SnapshotReference, secretsSHA256: Digest) {
        self.reference = reference
        self.secretsSHA256 = secretsSHA256
    }
}
