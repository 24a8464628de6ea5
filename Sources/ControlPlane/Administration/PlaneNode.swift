package import Identity

/// A node as the plane API knows it: who may sign as it, and what its secrets are for the current snapshot.
package struct PlaneNode: Hashable, Sendable {
    package let id: String
    package let name: String
    package let signingKey: [UInt8]
    package let sealingKey: [UInt8]
    /// Nil when there is no snapshot yet, or nothing can be sealed to its key.
    package var secrets: SealedSecrets?

    /// A bundle sealed to the node, and its hash.
    package struct SealedSecrets: Hashable, Sendable {
        package let bytes: [UInt8]
        package let sha256: Digest

        package init(bytes: [UInt8], sha256: Digest) {
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    package init(id: String, name: String, signingKey: [UInt8], sealingKey: [UInt8], secrets: SealedSecrets? = nil) {
        self.id = id
        self.name = name
        self.signingKey = signingKey
        self.sealingKey = sealingKey
        self.secrets = secrets
    }
}
