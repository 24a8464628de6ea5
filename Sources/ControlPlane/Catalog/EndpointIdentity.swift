import Contract
package import Identity
import Wire

/// Which endpoint and upstream model evidence was gathered at; what was seen of another proves nothing.
///
/// The credential is not part of it: a rotated key reaches the same model.
package struct EndpointIdentity: Hashable, Sendable {
    /// A JSON array of base URL, path (empty for the usual one), authentication scheme and upstream model.
    package let text: String

    /// Takes the text of an identity that was made before.
    package init(text: String) {
        self.text = text
    }

    /// Nil when the provider does not offer the dialect.
    package init?(_ provider: ProviderSpec, _ model: ModelSpec, _ dialect: Dialect) {
        guard let path = provider.dialects[dialect] else { return nil }
        self.text = JSONWriter.text([
            .string(provider.baseURL.description), .string(path ?? ""),
            .string(provider.authentication.rawValue), .string(model.upstreamModel),
        ])
    }
}
