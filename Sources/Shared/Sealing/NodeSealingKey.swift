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

    /// Whether the bytes are a public key that keeps a secret.
    ///
    /// A point of low order agrees on zeros with everybody (RFC 7748 §6.1), and the library lets it pass.
    package static func isUsable(publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey),
            let secret = try? Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(with: key)
        else { return false }
        return unsafe secret.withUnsafeBytes { unsafe $0.contains { $0 != 0 } }
    }

    package var description: String { "NodeSealingKey(<redacted>)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
