import Crypto
import FoundationEssentials
package import Identity

/// SHA-256 (FIPS 180-4) of bytes in memory.
package enum SHA256Digest {
    package static func of(_ bytes: [UInt8]) -> Identity.Digest {
        SHA256Digest.digest(SHA256.hash(data: bytes))
    }

    /// The 32 bytes of a digest or authentication code of the cryptographic library.
    static func digest(_ bytes: some ContiguousBytes) -> Identity.Digest {
        unsafe bytes.withUnsafeBytes { raw in
            precondition(raw.count == Identity.Digest.byteCount, "SHA-256 has 32 bytes")
            func word(_ offset: Int) -> UInt64 {
                unsafe UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            return Identity.Digest(words: (word(0), word(8), word(16), word(24)))
        }
    }
}
