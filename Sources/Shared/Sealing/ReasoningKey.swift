import Crypto
package import Identity

/// The key under which opaque reasoning is sealed for callers: the same on every node, as all have the pepper.
///
/// Derived from the pepper with HMAC-SHA256 over a label of its own, so that no code made here is a token's code.
package struct ReasoningKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let key: SymmetricKey

    /// Bytes of a code: 128 bits, far beyond guessing, and short in the caller's history.
    package static let codeBytes = 16
    private static let label = Array("router reasoning envelope 1".utf8)

    package init(_ pepper: SecretBytes) {
        let root = pepper.withExposedBytes { SymmetricKey(data: $0) }
        self.key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: ReasoningKey.label, using: root))
    }

    package var description: String { "ReasoningKey(<redacted>)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The code of an envelope's bytes.
    package func code(of bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: self.key).prefix(ReasoningKey.codeBytes))
    }
}
