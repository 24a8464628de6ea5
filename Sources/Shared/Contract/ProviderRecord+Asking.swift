package import Identity

/// Where and with what a provider is asked, the same for callers' requests and for probes.
extension ProviderRecord {
    /// Where a provider serves a dialect unless it says otherwise; the base URL holds no `/v1`.
    package static func usualPath(of dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat: "/v1/chat/completions"
        case .openAIResponses: "/v1/responses"
        case .anthropicMessages: "/v1/messages"
        }
    }

    /// The URL of an endpoint, nil when the provider does not offer the dialect.
    package func url(for dialect: Dialect) -> String? {
        self.dialects[dialect].map { self.baseURL.description + ($0 ?? ProviderRecord.usualPath(of: dialect)) }
    }

    /// The header that carries the credential; nil where there is none.
    package func credentialHeader(_ credential: Secret?) -> (name: String, value: Secret)? {
        guard let credential else { return nil }
        return switch self.authentication {
        case .bearer: ("authorization", credential.withExposedText { Secret("Bearer \($0)") })
        case .xAPIKey: ("x-api-key", credential)
        case .none: nil
        }
    }
}
