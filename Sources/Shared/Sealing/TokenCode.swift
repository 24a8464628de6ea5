package import Identity

/// What is stored in place of a caller token: HMAC-SHA256 of the whole token under the pepper.
package enum TokenCode {
    package static func code(of token: Secret, pepper: SecretBytes) -> Digest {
        PepperKey(pepper).code(of: token)
    }
}
