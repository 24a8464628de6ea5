import Contract
package import Identity
import Wire

/// Which endpoint and upstream model evidence was gathered at; what was seen of another proves nothing.
///
/// The credential is not part of it: a rotated key reaches the same model.
package struct EndpointIdentity: Hashable, Sendable {
    /// A JSON array of base URL, path (empty for the usual one), authentication scheme and upstream model; after them,
    /// where there are any, the headers that are added and the model's quirks, each an object sorted by name.
    package let text: String

    /// Takes the text of an identity that was made before.
    package init(text: String) {
        self.text = text
    }

    /// Nil when the provider does not offer the dialect.
    package init?(_ provider: ProviderSpec, _ model: ModelSpec, _ dialect: Dialect) {
        guard let path = provider.dialects[dialect] else { return nil }
        var parts: [JSONValue] = [
            .string(provider.baseURL.description), .string(path ?? ""),
            .string(provider.authentication.rawValue), .string(model.upstreamModel),
        ]
        // Without any the text is that of before they counted, so that what is known of most stands.
        if !provider.headers.isEmpty || !model.quirks.isEmpty {
            let headers = provider.headers.mapValues { JSONValue.string($0) }
            let quirks = model.quirks.members.map { ($0.name, $0.value) }
            parts.append(EndpointIdentity.sorted(headers.map { ($0.key, $0.value) }))
            parts.append(EndpointIdentity.sorted(quirks))
        }
        self.text = JSONWriter.text(.array(parts))
    }

    /// The database keeps members in an order of its own.
    private static func sorted(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.sorted { $0.0 < $1.0 }))
    }
}
