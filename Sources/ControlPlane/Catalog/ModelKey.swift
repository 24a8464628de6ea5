package import Identity

/// The name of a model: its provider and its own name there, `provider/model` as text.
package struct ModelKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let provider: Slug
    package let model: Slug

    package init(provider: Slug, model: Slug) {
        self.provider = provider
        self.model = model
    }

    /// Nil when the text is not two slugs joined by one `/`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let provider = Slug(parts[0]), let model = Slug(parts[1]) else { return nil }
        self.init(provider: provider, model: model)
    }

    package var description: String { "\(self.provider)/\(self.model)" }

    package static func < (left: ModelKey, right: ModelKey) -> Bool {
        (left.provider, left.model) < (right.provider, right.model)
    }
}
