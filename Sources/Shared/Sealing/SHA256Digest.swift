import Crypto
package import Identity

/// SHA-256 (FIPS 180-4) of bytes in memory.
package enum SHA256Digest {
    package static func of(_ bytes: [UInt8]) -> Identity.Digest {
        SHA256Digest.digest(SHA256.hash(data: bytes))
    }

    /// The 32 bytes of a digest or authentication code of the cryptographic library.
    static func digest(_ bytes: some Sequence<UInt8>) -> Identity.Digest {
        guard let digest = Identity.Digest(bytes) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return digest
    }
}
