/// What a probe found, as it is stored.
package struct FoundEvidence: Hashable, Sendable {
    package let validation: Int
    package let key: EvidenceKey
    package let endpoint: EndpointIdentity
    /// The provider's own id.
    package let upstreamModel: String
    package let outcome: ValidationOutcome
    /// Milliseconds since 1970.
    package let at: Int
    /// Milliseconds since 1970.
    package let expiresAt: Int

    package init(
        validation: Int,
        key: EvidenceKey,
        endpoint: EndpointIdentity,
        upstreamModel: String,
        outcome: ValidationOutcome,
        at: Int,
        expiresAt: Int
    ) {
        self.validation = validation
        self.key = key
        self.endpoint = endpoint
        self.upstreamModel = upstreamModel
        self.outcome = outcome
        self.at = at
        self.expiresAt = expiresAt
    }
}
