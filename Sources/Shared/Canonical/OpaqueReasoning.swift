/// A blob of reasoning that is sent back unchanged on the next turn, and only to who made it.
///
/// Decoding a caller's request gives `sealed`; the gateway opens it for the target that made it, which gives
/// `native`, or takes it out. Decoding an answer gives `native`; the gateway seals it before a caller sees it.
package enum OpaqueReasoning: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// `encrypted_content` of a Responses reasoning item.
        case encryptedContent = "e"
        /// `signature` of a Messages thinking block.
        case signature = "s"
        /// `data` of a Messages redacted_thinking block.
        case redacted = "r"
        /// None: what stands in its place says only that the reasoning is ours. No provider makes or takes it.
        case unsigned = "u"
    }

    /// As a provider made it.
    case native(Kind, String)
    /// What a caller carried in its own opaque field.
    case sealed(String)
}
