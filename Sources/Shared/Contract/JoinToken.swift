package import Identity

/// A single-use invitation for a node: `rtj_<id>_<secret>_<fingerprint>`.
///
/// The id is 8 base62 digits, the secret 43 (256 bits), and the fingerprint is the SHA-256 of the cluster's
/// trust document in 64 hexadecimal digits: whoever hands the token over also vouches for the keys.
package struct JoinToken: Sendable {
    package let id: String
    /// What proves the right to join; the control plane keeps only its digest.
    package let secret: Secret
    package let fingerprint: Digest

    package static let idDigits = 8
    package static let secretDigits = 43

    package init(id: String, secret: Secret, fingerprint: Digest) {
        self.id = id
        self.secret = secret
        self.fingerprint = fingerprint
    }

    /// Nil when the text is no join token.
    package init?(_ text: String) {
        let fields = text.split(separator: "_", omittingEmptySubsequences: false)
        guard fields.count == 4, fields[0] == "rtj", fields[1].utf8.count == JoinToken.idDigits,
            fields[2].utf8.count == JoinToken.secretDigits, fields[1].utf8.allSatisfy(Base62.allows),
            fields[2].utf8.allSatisfy(Base62.allows), let fingerprint = Digest(hex: String(fields[3]))
        else {
            return nil
        }
        self.init(id: String(fields[1]), secret: Secret(String(fields[2])), fingerprint: fingerprint)
    }

    /// The whole token, to be shown once.
    package var text: Secret {
        self.secret.withExposedText { Secret("rtj_\(self.id)_\($0)_\(self.fingerprint.hex)") }
    }
}
