package import Identity

/// Where and with what a provider is asked, the same for callers' requests and for probes.
extension ProviderRecord {
    /// Where a provider serves a dialect unless it says otherwise.
    package static func usualPath(of dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat: "/v1/chat/completions"
        case .openAIResponses: "/v1/responses"
        case .anthropicMessages: "/v1/messages"
        }
    }

    /// The URL of an endpoint, nil when the provider does not offer the dialect.
    ///
    /// Many vendors print their base URL with the `/v1` that the usual path begins with: it counts once.
    package func url(for dialect: Dialect) -> String? {
        guard let path = self.dialects[dialect] else { return nil }
        let usual = ProviderRecord.usualPath(of: dialect)
        let rest = self.baseURL.path.hasSuffix("/v1") ? String(usual.dropFirst(3)) : usual
        return self.baseURL.description + (path ?? rest)
    }

    /// The header that carries the credential; nil where there is none.
    package func credentialHeader(_ credential: Secret?) -> (name: String, value: Secret)? {
        guard let credential, let name = self.authentication.header else { return nil }
        guard self.authentication == .bearer else { return (name, credential) }
        return (name, credential.withExposedText { Secret("Bearer \($0)") })
    }
}
