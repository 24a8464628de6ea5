import Crypto
package import Identity

/// The key from outside the database under which the control plane keeps secrets inside it.
///
/// AES-256-GCM with a random nonce. The context, `table|id|column|version`, is authenticated with the secret, so
/// that a value copied to another row does not open there.
package struct MasterKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let key: SymmetricKey

    package static let byteCount = 32
    /// The first byte of everything sealed: format 1, then 12 bytes of nonce, the ciphertext and 16 of tag.
    private static let format: UInt8 = 1

    /// A new random key.
    package init() {
        self.key = SymmetricKey(size: .bits256)
    }

    /// Throws `invalidKey` unless there are 32 bytes.
    package init(raw: SecretBytes) throws(SealingError) {
        guard raw.count == MasterKey.byteCount else { throw .invalidKey }
        self.key = raw.withExposedBytes { SymmetricKey(data: $0) }
    }

    /// Reads a key file: 64 hexadecimal digits, white space around them allowed; throws `invalidKey` otherwise.
    package init(fileText: String) throws(SealingError) {
        let digits = fileText.split(whereSeparator: \.isWhitespace)
        guard digits.count == 1, let text = digits.first, let bytes = Hex.decode(String(text)) else {
            throw .invalidKey
        }
        try self.init(raw: SecretBytes(bytes))
    }

    /// What a key file (0600) holds.
    package var fileText: Secret {
        let digits = unsafe self.key.withUnsafeBytes { unsafe Hex.encode(Array($0)) }
        return Secret(digits + "\n")
    }

    package var description: String { "MasterKey(<redacted>)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Seals for one context; no two results are equal.
    package func seal(_ plain: SecretBytes, context: String) throws(SealingError) -> [UInt8] {
        let sealed = plain.withExposedBytes {
            try? AES.GCM.seal($0, using: self.key, authenticating: Array(context.utf8)).combined
        }
        guard let sealed else { throw .cannotSeal }
        return [MasterKey.format] + Array(sealed)
    }

    /// Opens what was sealed under this key for this context; throws `cannotOpen` for anything else.
    package func open(_ sealed: [UInt8], context: String) throws(SealingError) -> SecretBytes {
        guard sealed.first == MasterKey.format, let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst()),
            let plain = try? AES.GCM.open(box, using: self.key, authenticating: Array(context.utf8))
        else { throw .cannotOpen }
        return SecretBytes(Array(plain))
    }
}
