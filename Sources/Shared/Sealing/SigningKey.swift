import Crypto
package import Contract
package import Identity

/// An Ed25519 key that signs for a cluster or for a node; printing it shows its id only.
package struct SigningKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The first 16 hexadecimal digits of the SHA-256 of the public key.
    package let id: String
    /// 32 bytes.
    package let publicKey: [UInt8]
    private let key: Curve25519.Signing.PrivateKey

    /// A new random key.
    package init() {
        self.init(key: Curve25519.Signing.PrivateKey())
    }

    /// The key with this id from its 32 private bytes; throws `invalidKey` when they are not that key.
    package init(id: String, rawPrivateKey: SecretBytes) throws(SealingError) {
        try self.init(rawPrivateKey: rawPrivateKey)
        guard id == self.id else { throw .invalidKey }
    }

    /// The key from its 32 private bytes; throws `invalidKey` when they are none.
    package init(rawPrivateKey: SecretBytes) throws(SealingError) {
        let key = rawPrivateKey.withExposedBytes { try? Curve25519.Signing.PrivateKey(rawRepresentation: $0) }
        guard let key else { throw .invalidKey }
        self.init(key: key)
    }

    private init(key: Curve25519.Signing.PrivateKey) {
        self.key = key
        self.publicKey = Array(key.publicKey.rawRepresentation)
        self.id = SigningKey.id(ofPublicKey: self.publicKey)
    }

    /// The private half, 32 bytes, for sealed storage.
    package var rawPrivateKey: SecretBytes { SecretBytes(Array(self.key.rawRepresentation)) }

    /// How a trust document names the key.
    package var trustKey: TrustDocument.Key { TrustDocument.Key(id: self.id, publicKey: self.publicKey) }

    package var description: String { "SigningKey(\(self.id))" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }

    /// A signature of 64 bytes over the payload and its type; throws `cannotSeal` when the library refuses.
    package func sign(
        _ type: PreAuthenticationEncoding.PayloadType,
        _ payload: [UInt8]
    ) throws(SealingError) -> [UInt8] {
        let bytes = PreAuthenticationEncoding.bytes(type, payload)
        guard let signature = try? self.key.signature(for: bytes) else { throw .cannotSeal }
        return Array(signature)
    }

    /// Whether `signature` is one of `publicKey` over the payload and its type; false for bytes that are no key.
    package static func verify(
        _ signature: [UInt8],
        of type: PreAuthenticationEncoding.PayloadType,
        _ payload: [UInt8],
        by publicKey: [UInt8]
    ) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: PreAuthenticationEncoding.bytes(type, payload))
    }

    package static func id(ofPublicKey publicKey: [UInt8]) -> String {
        String(SHA256Digest.of(publicKey).hex.prefix(16))
    }
}
