package import Identity

/// How the store recognises a token: its code under a pepper; it never leaves the control plane but in snapshots.
package struct TokenCredential: Hashable, Sendable {
    /// HMAC-SHA256 of the whole token.
    package let code: Digest
    /// Which pepper the code was made with.
    package let pepper: String

    package init(code: Digest, pepper: String) {
        self.code = code
        self.pepper = pepper
    }
}
