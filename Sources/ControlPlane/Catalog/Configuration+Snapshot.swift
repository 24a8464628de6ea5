package import Contract

extension Configuration {
    /// What a published snapshot says, as a configuration, to be compared with another.
    ///
    /// Snapshots do not tell what tokens are for, nor when they were revoked.
    package init(_ body: SnapshotBody) {
        self.init(deployment: body.deployment)
        for record in body.providers {
            self.providers[record.id] = ProviderSpec(
                record,
                credential: ProviderCredential(isSet: record.authentication != .none, revision: record.secretRevision)
            )
        }
        for record in body.models {
            self.models[ModelKey(provider: record.provider, model: record.id)] = ModelSpec(record)
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
}
