package import Identity

/// The name under which a caller knows a response that its provider keeps, where several targets could have made it.
///
/// `resp_r1_` + base64url(sealed). Sealed is
///
/// | bytes | what |
/// |---|---|
/// | 1 | length of the provider's slug |
/// | n | the provider's slug |
/// | 1 | length of the model's slug |
/// | n | the model's slug |
/// | rest | the provider's own id, in UTF-8 |
///
/// with the model group's name authenticated beside it: the id of one group means nothing to another. Sealing
/// encrypts, so that a caller learns neither names nor an id that would be taken elsewhere, and is a function that
/// the caller of this core passes. The version is in the prefix.
package enum ResponseIDEnvelope {
    /// Encrypts and authenticates `content`, and authenticates `context` beside it; nil when it cannot.
    ///
    /// The same arguments give the same result, as an answer names its id more than once.
    package typealias Seal = @Sendable (_ content: [UInt8], _ context: [UInt8]) -> [UInt8]?
    /// Gives the content of what was sealed with the same context, nil for everything else.
    package typealias Open = (_ sealed: [UInt8], _ context: [UInt8]) -> [UInt8]?

    /// A response at the target that keeps it.
    package struct Kept: Hashable, Sendable {
        package var keeper: ReasoningBinding
        /// The provider's own id.
        package var id: String

        package init(keeper: ReasoningBinding, id: String) {
            self.keeper = keeper
            self.id = id
        }
    }

    /// The longest id of a provider that is sealed, in bytes; real ones have 24 to 70.
    package static let maximumIDBytes = 256
    /// The longest text that is looked at: two slugs of 63 bytes, the longest id and 64 bytes of sealing, in base64.
    package static let maximumBytes = 640

    private static let prefix = "resp_r1_"

    /// Nil for an id that is empty or too long, and when sealing fails.
    package static func seal(_ kept: Kept, group: Slug, _ seal: Seal) -> String? {
        guard (1...ResponseIDEnvelope.maximumIDBytes).contains(kept.id.utf8.count) else { return nil }
        var content = SlugBytes.write(kept.keeper.provider)
        content.append(contentsOf: SlugBytes.write(kept.keeper.model))
        content.append(contentsOf: kept.id.utf8)
        return seal(content, Array(group.text.utf8)).map { ResponseIDEnvelope.prefix + Base64URL.encode($0) }
    }

    /// Nil for an id that is not ours, was changed on its way, or belongs to another group.
    package static func open(_ text: String, group: Slug, _ open: Open) -> Kept? {
        guard text.utf8.count <= ResponseIDEnvelope.maximumBytes, text.hasPrefix(ResponseIDEnvelope.prefix),
            let sealed = Base64URL.decode(text.dropFirst(ResponseIDEnvelope.prefix.count)),
            let content = open(sealed, Array(group.text.utf8))
        else { return nil }
        var rest = content[...]
        guard let provider = SlugBytes.read(&rest), let model = SlugBytes.read(&rest),
            let id = String(validating: rest, as: UTF8.self), !id.isEmpty
        else { return nil }
        return Kept(keeper: ReasoningBinding(provider: provider, model: model), id: id)
    }
}
