package import Catalog
package import Contract
package import Identity

/// One case of one model in one dialect to find out about, with all that asking needs.
package struct ProbeJob: Sendable {
    package let provider: ProviderRecord
    package let model: ModelRecord
    package let dialect: Dialect
    package let `case`: CapabilityCase
    /// The provider's credential; nil where it needs none.
    package let secret: Secret?
    /// What all control planes stored of what probes cost the provider today; nil when nothing is.
    package let spend: ProbeSpend?

    package init(
        provider: ProviderRecord,
        model: ModelRecord,
        dialect: Dialect,
        case: CapabilityCase,
        secret: Secret?,
        spend: ProbeSpend? = nil
    ) {
        self.provider = provider
        self.model = model
        self.dialect = dialect
        self.case = `case`
        self.secret = secret
        self.spend = spend
    }
}
