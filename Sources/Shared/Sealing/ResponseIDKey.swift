import Crypto
package import Identity

/// The key under which ids of kept responses are sealed for callers: the same on every node, as all have the pepper.
///
/// AES-256-GCM. The nonce is the beginning of an HMAC over context and content, so that the same id is always sealed
/// to the same text, on every node and without a counter; two contents share a nonce with a chance of 2^-96 times
/// their number squared. Both keys are derived from the pepper with HMAC-SHA256 over labels of their own.
package struct ResponseIDKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let cipherKey: SymmetricKey
    private let nonceKey: SymmetricKey

    private static let nonceBytes = 12

    package init(_ pepper: SecretBytes) {
        let root = pepper.withExposedBytes { SymmetricKey(data: $0) }
        self.cipherKey = ResponseIDKey.derived("router response id cipher 1", from: root)
        self.nonceKey = ResponseIDKey.derived("router response id nonce 1", from: root)
    }

    package var description: String { "ResponseIDKey(<redacted>)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Nonce, ciphertext and tag; nil when the library cannot, which it does not do for contents of this size.
    package func seal(_ content: [UInt8], context: [UInt8]) -> [UInt8]? {
        var hash = HMAC<SHA256>(key: self.nonceKey)
        // The length first, so that no byte can be taken for one of the other text.
        hash.update(data: Array("\(context.count) ".utf8))
        hash.update(data: context)
        hash.update(data: content)
        guard let nonce = try? AES.GCM.Nonce(data: Array(hash.finalize().prefix(ResponseIDKey.nonceBytes))) else {
            return nil
        }
        let box = try? AES.GCM.seal(content, using: self.cipherKey, nonce: nonce, authenticating: context)
        return box?.combined.map { Array($0) }
    }

    /// What ``seal(_:context:)`` was given, nil for anything that it did not make with this key and context.
    package func open(_ sealed: [UInt8], context: [UInt8]) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let content = try? AES.GCM.open(box, using: self.cipherKey, authenticating: context)
        else { return nil }
        return Array(content)
    }

    private static func derived(_ label: String, from root: SymmetricKey) -> SymmetricKey {
        SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: root))
    }
}
