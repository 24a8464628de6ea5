package import Catalog
package import Contract
package import Identity

/// One case of one model in one dialect, taken by whoever is to ask it, with all that asking needs.
package struct ValidationJob: Sendable {
    package let id: Int
    /// The validation that it belongs to.
    package let validation: Int
    package let key: EvidenceKey
    package let provider: ProviderRecord
    package let model: ModelRecord
    /// The provider's credential; nil where it needs none.
    package let secret: Secret?
    /// What the result will be about, whatever is configured by then.
    package let endpoint: EndpointIdentity
    /// Who has taken it.
    package let holder: String
    /// What is stored of what probes cost the provider today; nil when nothing is.
    package let spend: ProbeSpend?

    package init(
        id: Int,
        validation: Int,
        key: EvidenceKey,
        provider: ProviderRecord,
        model: ModelRecord,
        secret: Secret?,
        endpoint: EndpointIdentity,
        holder: String,
        spend: ProbeSpend? = nil
    ) {
        self.id = id
        self.validation = validation
        self.key = key
        self.provider = provider
        self.model = model
        self.secret = secret
        self.endpoint = endpoint
        self.holder = holder
        self.spend = spend
    }
}
