package import Identity

/// Who made a blob of reasoning and can read it: a model at a provider.
///
/// Providers refuse blobs of others, and of another account of their own; a provider here is one account.
package struct ReasoningBinding: Hashable, Sendable {
    package var provider: Slug
    package var model: Slug

    package init(provider: Slug, model: Slug) {
        self.provider = provider
        self.model = model
    }
}
