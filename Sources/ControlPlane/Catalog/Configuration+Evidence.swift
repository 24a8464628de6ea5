import Contract
package import Identity

extension Configuration {
    /// Where a model is asked in a dialect, as it is configured now; nil when it cannot be.
    package func endpoint(of model: ModelKey, in dialect: Dialect) -> EndpointIdentity? {
        guard let provider = self.providers[model.provider], let spec = self.models[model] else { return nil }
        return EndpointIdentity(provider, spec, dialect)
    }

    /// What probes found at the endpoints that are configured now.
    package var currentEvidence: [EvidenceKey: StandingEvidence] {
        var current: [EvidenceKey: StandingEvidence] = [:]
        for (key, byEndpoint) in self.standing {
            guard let endpoint = self.endpoint(of: key.model, in: key.dialect) else { continue }
            current[key] = byEndpoint[endpoint]
        }
        return current
    }

    /// What data planes are told of every model, sorted: an attestation, else what probes found, and nothing that is
    /// about another endpoint or upstream model than is configured now.
    var evidence: [ModelKey: [EvidenceRecord]] {
        var records: [EvidenceKey: EvidenceRecord] = [:]
        for (key, standing) in self.currentEvidence {
            records[key] = EvidenceRecord(
                dialect: key.dialect,
                case: key.case,
                verdict: standing.verdict,
                observedAt: standing.observedAt,
                expiresAt: standing.expiresAt
            )
        }
        for (key, attestation) in self.attestations
        where attestation.endpoint == self.endpoint(of: key.model, in: key.dialect) {
            let expiresAt = attestation.expiresAt ?? Configuration.never
            // Whatever becomes of this control plane, what was found stands again when the attestation is over.
            let found = records[key].flatMap { $0.expiresAt > expiresAt ? $0 : nil }
            records[key] = EvidenceRecord(
                dialect: key.dialect,
                case: key.case,
                verdict: attestation.verdict,
                observedAt: attestation.attestedAt,
                expiresAt: expiresAt,
                isAttested: true,
                probed: found.map {
                    EvidenceRecord.Probed(verdict: $0.verdict, observedAt: $0.observedAt, expiresAt: $0.expiresAt)
                }
            )
        }
        return Dictionary(grouping: records.sorted { $0.key < $1.key }, by: \.key.model).mapValues { $0.map(\.value) }
    }

    /// Evidence always has an end: for what has none, the last second that dates can tell.
    static let never = 253_402_300_799_000

    /// Vouches for what `key` names at its present endpoint; what is said already keeps its author and date.
    ///
    /// Returns false when there is no such model, or its provider does not offer the dialect.
    @discardableResult
    package mutating func attest(_ key: EvidenceKey, _ input: AttestationInput, by actor: String, at now: Int) -> Bool {
        guard let endpoint = self.endpoint(of: key.model, in: key.dialect) else { return false }
        if self.attestations[key]?.says(input, of: endpoint) != true {
            self.attestations[key] = AttestationSpec(input, by: actor, at: now, endpoint: endpoint)
        }
        return true
    }

    /// Forgets attestations of models that are gone, and of dialects that their provider does not offer any more.
    package mutating func forgetAttestationsOfNothing() {
        guard !self.attestations.isEmpty else { return }
        self.attestations = self.attestations.filter { self.endpoint(of: $0.key.model, in: $0.key.dialect) != nil }
    }

    /// The models whose endpoint or upstream model differs from `before` in some dialect, sorted.
    ///
    /// New ones are among them, and those of a provider that is enabled again; those of a disabled one are not.
    package func modelsToValidate(since before: Configuration) -> [ModelKey] {
        self.models.keys.filter { key in
            Dialect.allCases.contains { dialect in
                let endpoint = self.usableEndpoint(of: key, in: dialect)
                return endpoint != nil && endpoint != before.usableEndpoint(of: key, in: dialect)
            }
        }
        .sorted()
    }

    /// The cases that a model declares now and did not before, at an endpoint that is the same, and of which nothing is
    /// known there; sorted.
    package func newlyDeclared(of model: ModelKey, since before: Configuration) -> [EvidenceKey] {
        let known = self.currentEvidence
        return Dialect.allCases.sorted().flatMap { dialect -> [EvidenceKey] in
            guard let endpoint = self.usableEndpoint(of: model, in: dialect),
                endpoint == before.usableEndpoint(of: model, in: dialect)
            else { return [] }
            let earlier = ValidationPlan.cases(before.models[model]?.declared[dialect])
            return ValidationPlan.cases(self.models[model]?.declared[dialect])
                .filter { !earlier.contains($0) }
                .map { EvidenceKey(model, dialect, $0) }
                .filter { known[$0] == nil }
        }
    }

    private func usableEndpoint(of model: ModelKey, in dialect: Dialect) -> EndpointIdentity? {
        self.providers[model.provider]?.enabled == true ? self.endpoint(of: model, in: dialect) : nil
    }
}
