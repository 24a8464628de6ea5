import Crypto
package import Identity

/// A pepper made ready for many tokens: HMAC-SHA256 (RFC 2104) with the key's two blocks already hashed.
package struct PepperKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let prepared: HMAC<SHA256>

    package init(_ pepper: SecretBytes) {
        self.prepared = HMAC(key: pepper.withExposedBytes { SymmetricKey(data: $0) })
    }

    package var description: String { "PepperKey(<redacted>)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The code of a token, under which its record is kept.
    package func code(of token: Secret) -> Identity.Digest {
        token.withExposedText { self.code(of: Array($0.utf8)) }
    }

    /// The code of a token's bytes.
    package func code(of token: [UInt8]) -> Identity.Digest {
        var code = self.prepared
        code.update(data: token)
        return SHA256Digest.digest(code.finalize())
    }
}
