package import Catalog
package import Identity

/// The whole configuration as it is stored, with the history of each row.
package struct StoredConfiguration: Sendable {
    package let providers: [Slug: Stored<ProviderSpec>]
    package let models: [ModelKey: Stored<ModelSpec>]
    package let groups: [Slug: Stored<GroupSpec>]
    package let tokens: [TokenID: TokenRow]
    package let attestations: [EvidenceKey: AttestationSpec]
    package let standing: [EvidenceKey: [EndpointIdentity: StandingEvidence]]

    package init(
        providers: [Slug: Stored<ProviderSpec>],
        models: [ModelKey: Stored<ModelSpec>],
        groups: [Slug: Stored<GroupSpec>],
        tokens: [TokenID: TokenRow],
        attestations: [EvidenceKey: AttestationSpec],
        standing: [EvidenceKey: [EndpointIdentity: StandingEvidence]]
    ) {
        self.providers = providers
        self.models = models
        self.groups = groups
        self.tokens = tokens
        self.attestations = attestations
        self.standing = standing
    }

    /// What it says, without the history.
    package func configuration(deployment: Slug) -> Configuration {
        Configuration(
            deployment: deployment,
            providers: self.providers.mapValues(\.spec),
            models: self.models.mapValues(\.spec),
            groups: self.groups.mapValues(\.spec),
            tokens: self.tokens.mapValues(\.stored.spec),
            tokenCredentials: self.tokens.mapValues(\.credential),
            attestations: self.attestations,
            standing: self.standing
        )
    }
}
