package import Contract

extension Configuration {
    /// What a published snapshot says, as a configuration, to be compared with another.
    ///
    /// Snapshots do not tell what tokens are for, nor when they were revoked, nor why somebody attests.
    package init(_ body: SnapshotBody) {
        self.init(deployment: body.deployment)
        for record in body.providers {
            self.providers[record.id] = ProviderSpec(
                record,
                credential: ProviderCredential(isSet: record.authentication != .none, revision: record.secretRevision)
            )
        }
        for record in body.models {
            let key = ModelKey(provider: record.provider, model: record.id)
            self.models[key] = ModelSpec(record)
            for evidence in record.evidence { self.add(evidence, of: key) }
        }
        for record in body.groups { self.groups[record.id] = GroupSpec(record) }
        for record in body.tokens {
            self.tokens[record.id] = TokenSpec(
                allow: record.allow,
                endpoints: record.endpoints,
                strict: record.strict,
                notBefore: record.notBefore,
                expiresAt: record.expiresAt,
                state: record.state
            )
        }
    }
    private mutating func add(_ evidence: EvidenceRecord, of model: ModelKey) {
        guard let endpoint = self.endpoint(of: model, in: evidence.dialect) else { return }
        let key = EvidenceKey(model, evidence.dialect, evidence.case)
        func found(_ verdict: EvidenceRecord.Verdict, at observed: Int, until end: Int) {
            let standing = StandingEvidence(verdict: verdict, observedAt: observed, expiresAt: end, probeVersion: 0)
            self.standing[key] = [endpoint: standing]
        }
        guard evidence.isAttested else {
            found(evidence.verdict, at: evidence.observedAt, until: evidence.expiresAt)
            return
        }
        if let probed = evidence.probed { found(probed.verdict, at: probed.observedAt, until: probed.expiresAt) }
        let expiry = evidence.expiresAt == Configuration.never ? nil : evidence.expiresAt
        self.attestations[key] = AttestationSpec(
            AttestationInput(verdict: evidence.verdict, reason: "", expiresAt: expiry),
            by: "",
            at: evidence.observedAt,
            endpoint: endpoint
        )
    }
}
