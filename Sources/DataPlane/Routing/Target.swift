package import Contract
package import Identity

/// One provider model inside a group, with all that an attempt on it needs.
package struct Target: Sendable {
    package let id: Slug
    /// Its place in the group, from 0: what refusals name it by.
    package let position: Int
    package let provider: Provider
    package let model: ModelRecord
    package let weight: Int
    package let priority: Int
    package let enabled: Bool
    /// The group's limits, and the provider's where the group has none.
    package let timeouts: TimeoutRecord
    /// Where each dialect that the provider offers is served.
    private let urls: [Dialect: String]

    init(
        _ record: TargetRecord,
        position: Int,
        provider: Provider,
        model: ModelRecord,
        groupTimeouts: TimeoutRecord
    ) {
        self.id = record.id
        self.position = position
        self.provider = provider
        self.model = model
        self.weight = record.weight
        self.priority = record.priority
        self.enabled = record.enabled
        self.timeouts = groupTimeouts.falling(backTo: provider.timeouts)
        self.urls = Dictionary(
            uniqueKeysWithValues: provider.dialects.map { dialect, path in
                (dialect, provider.baseURL.description + (path ?? Target.usualPath(of: dialect)))
            }
        )
    }

    /// The URL of an endpoint, nil when the provider does not offer the dialect.
    package func url(for dialect: Dialect) -> String? { self.urls[dialect] }

    /// The dialect in which the target serves a caller of `dialect`.
    ///
    /// The same where it offers it, as nothing is lost then; else the one that loses least. Nil when its provider
    /// offers none.
    package func servingDialect(for dialect: Dialect) -> Dialect? {
        if self.urls[dialect] != nil { return dialect }
        return Target.translationOrder.first { self.urls[$0] != nil }
    }

    /// Responses carries most of what the others have, Chat least.
    private static let translationOrder: [Dialect] = [.openAIResponses, .anthropicMessages, .openAIChat]

    /// Where a provider serves a dialect unless it says otherwise; the base URL holds no `/v1`.
    package static func usualPath(of dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat: "/v1/chat/completions"
        case .openAIResponses: "/v1/responses"
        case .anthropicMessages: "/v1/messages"
        }
    }
}
