import Identity

/// Reasoning in a request that only its maker can read, and how a provider refuses one that it did not make.
struct OpaqueReasoning: Hashable, Sendable {
    /// What cannot be read.
    enum Kind: Hashable, Sendable {
        case signature
        case redacted
        case encryptedContent
    }

    var kind: Kind
    /// The first place of it, as the vendor names places.
    var path: String

    /// The refusal in the words of the vendor.
    var refusal: ProviderFailure {
        switch self.kind {
        case .signature:
            ProviderFailure(status: 400, message: "\(self.path): Invalid `signature` in `thinking` block")
        case .redacted:
            ProviderFailure(status: 400, message: "\(self.path): Invalid `data` in `redacted_thinking` block")
        case .encryptedContent:
            ProviderFailure(
                status: 400,
                message: "The encrypted content demo...test could not be verified. Reason: Encrypted content could not "
                    + "be decrypted or parsed.",
                code: "invalid_encrypted_content"
            )
        }
    }

    /// What a provider says that refuses reasoning whether or not there is any.
    static func any(_ dialect: Dialect) -> OpaqueReasoning {
        OpaqueReasoning(
            kind: dialect == .anthropicMessages ? .signature : .encryptedContent,
            path: "messages.1.content.0"
        )
    }
}
