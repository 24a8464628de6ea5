package import Contract
package import Identity

/// One provider model inside a group, with all that an attempt on it needs.
///
/// An object: made once for a snapshot, and then handed from step to step of every request.
package final class Target: Sendable {
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
    /// The group's limit for the first byte where it is shorter than the provider's, in milliseconds.
    let patience: Int?
    /// The dialects that it offers, by the caller's, best first.
    private let orders: [Dialect: [Dialect]]
    /// What it costs; nil where that is not known.
    package let price: TargetPrice?
    /// What a provider may call it or itself in an error, and callers are not to know.
    package let privateNames: [String]
    /// By what sessions are drawn to it, on every node alike.
    let affinityName: UInt64
    /// What was proven of its model, by dialect and case.
    private let evidence: [Dialect: [CapabilityCase: EvidenceRecord]]

    init(
        _ record: TargetRecord,
        position: Int,
        provider: Provider,
        model: ModelRecord,
        groupTimeouts: TimeoutRecord,
        price: TargetPrice? = nil
    ) {
        self.id = record.id
        self.position = position
        self.provider = provider
        self.model = model
        self.weight = record.weight
        self.priority = record.priority
        self.enabled = record.enabled
        self.timeouts = groupTimeouts.falling(backTo: provider.timeouts)
        self.patience = groupTimeouts.firstByte.flatMap { $0 < provider.timeouts.firstByte ?? .max ? $0 : nil }
        let offered = provider.dialects
        self.orders = Dictionary(
            uniqueKeysWithValues: Dialect.allCases.map { caller in
                let order = [caller] + Target.translationOrder.filter { $0 != caller }
                return (caller, order.filter { offered[$0] != nil })
            }
        )
        self.price = price
        self.privateNames = Set([
            provider.id.text, provider.baseURL.host, model.id.text, model.upstreamModel,
        ]).sorted()
        self.affinityName = Affinity.hash("\(record.id)/\(provider.id)/\(model.id)")
        var evidence: [Dialect: [CapabilityCase: EvidenceRecord]] = [:]
        for proof in model.evidence { evidence[proof.dialect, default: [:]][proof.case] = proof }
        self.evidence = evidence
    }

    /// What is proven of a case in a dialect at `now`, in milliseconds since 1970, or was last; nil for nothing.
    package func evidence(of needed: CapabilityCase, in dialect: Dialect, now: Int) -> EvidenceRecord? {
        self.evidence[dialect]?[needed]?.standing(at: now)
    }

    /// Whether its model is known to be good at a case in a dialect: what was proven counts before what is declared.
    ///
    /// `now` is in milliseconds since 1970. What is neither proven nor declared is not known.
    package func offers(_ needed: CapabilityCase, in dialect: Dialect, now: Int) -> Bool {
        if let evidence = self.evidence(of: needed, in: dialect, now: now), evidence.expiresAt > now {
            return evidence.verdict == .passed
        }
        return self.model.declared[dialect]?.includes(needed) ?? false
    }

    /// The URL of an endpoint, nil when the provider does not offer the dialect.
    package func url(for dialect: Dialect) -> String? { self.provider.urls[dialect] }

    /// The dialects that it offers, in the order in which a caller of `dialect` is best served: its own first, as
    /// nothing is lost then, and of the others Responses, which carries most, and Chat last.
    package func dialects(for dialect: Dialect) -> [Dialect] { self.orders[dialect] ?? [] }

    private static let translationOrder: [Dialect] = [.openAIResponses, .anthropicMessages, .openAIChat]
}
