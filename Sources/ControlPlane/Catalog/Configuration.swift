package import Contract
package import Identity

/// All that a deployment's administrators have decided, as one value.
///
/// Secrets are not in it: providers carry whether they have one, tokens the code that recognises theirs.
package struct Configuration: Hashable, Sendable {
    /// The second field of every caller token.
    package var deployment: Slug
    package var providers: [Slug: ProviderSpec]
    package var models: [ModelKey: ModelSpec]
    package var groups: [Slug: GroupSpec]
    package var tokens: [TokenID: TokenSpec]
    package var tokenCredentials: [TokenID: TokenCredential]
    /// What administrators vouch for.
    package var attestations: [EvidenceKey: AttestationSpec]
    /// What probes found, by the endpoint that they found it at; never decided by anybody.
    package var standing: [EvidenceKey: [EndpointIdentity: StandingEvidence]]

    package init(
        deployment: Slug,
        providers: [Slug: ProviderSpec] = [:],
        models: [ModelKey: ModelSpec] = [:],
        groups: [Slug: GroupSpec] = [:],
        tokens: [TokenID: TokenSpec] = [:],
        tokenCredentials: [TokenID: TokenCredential] = [:],
        attestations: [EvidenceKey: AttestationSpec] = [:],
        standing: [EvidenceKey: [EndpointIdentity: StandingEvidence]] = [:]
    ) {
        self.deployment = deployment
        self.providers = providers
        self.models = models
        self.groups = groups
        self.tokens = tokens
        self.tokenCredentials = tokenCredentials
        self.attestations = attestations
        self.standing = standing
    }

    /// What data planes are told, sorted, so that equal configurations give equal bytes.
    ///
    /// Tokens without a credential cannot be recognised and are left out.
    package func snapshotBody() -> SnapshotBody {
        let evidence = self.evidence
        return SnapshotBody(
            deployment: self.deployment,
            providers: self.providers.map { $1.record(id: $0) },
            models: self.models.map { $1.record(key: $0, evidence: evidence[$0] ?? []) },
            groups: self.groups.map { $1.record(id: $0) },
            tokens: self.tokens.compactMap { id, spec in
                self.tokenCredentials[id].map { spec.record(id: id, credential: $0) }
            }
        )
        .sorted()
    }
}
