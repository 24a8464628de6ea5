import Crypto
package import Identity

/// The X25519 key to which the control plane seals a node's secrets; printing it shows nothing of it.
package struct NodeSealingKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// 32 bytes.
    package let publicKey: [UInt8]
    let key: Curve25519.KeyAgreement.PrivateKey

    /// A new random key.
    package init() {
        self.init(key: Curve25519.KeyAgreement.PrivateKey())
    }

    /// The key from its 32 private bytes; throws `invalidKey` when they are none.
    package init(rawPrivateKey: SecretBytes) throws(SealingError) {
        let key = rawPrivateKey.withExposedBytes { try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0) }
        guard let key else { throw .invalidKey }
        self.init(key: key)
    }

    private init(key: Curve25519.KeyAgreement.PrivateKey) {
        self.key = key
        self.publicKey = Array(key.publicKey.rawRepresentation)
    }

    /// The private half, 32 bytes.
    package var rawPrivateKey: SecretBytes { SecretBytes(Array(self.key.rawRepresentation)) }

    package var description: String { "NodeSealingKey(<redacted>)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
