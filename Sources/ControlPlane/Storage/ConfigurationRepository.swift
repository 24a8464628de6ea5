package import Catalog
package import Postgres

/// All tables of the configuration together.
package enum ConfigurationRepository {
    package static func read(in transaction: Transaction) async throws(PostgresError) -> StoredConfiguration {
        StoredConfiguration(
            providers: try await ProviderRepository.all(in: transaction),
            models: try await ModelRepository.all(in: transaction),
            groups: try await GroupRepository.all(in: transaction),
            tokens: try await TokenRepository.all(in: transaction),
            attestations: try await AttestationRepository.all(in: transaction),
            standing: try await StandingEvidenceRepository.all(in: transaction)
        )
    }

    /// Writes what `diff` tells, whose end is `after`, in the order that the foreign keys ask for.
    ///
    /// Tokens are never deleted: a revoked one stays, so that its id is not given out again.
    package static func write(
        _ diff: ConfigurationDiff,
        to after: Configuration,
        in transaction: Transaction
    ) async throws(PostgresError) {
        for id in diff.providers.created + diff.providers.updated {
            guard let spec = after.providers[id] else { continue }
            try await ProviderRepository.put(id, spec, in: transaction)
        }
        for key in diff.models.created + diff.models.updated {
            guard let spec = after.models[key] else { continue }
            try await ModelRepository.put(key, spec, in: transaction)
        }
        for id in diff.groups.created + diff.groups.updated {
            guard let spec = after.groups[id] else { continue }
            try await GroupRepository.put(id, spec, in: transaction)
        }
        for id in diff.tokens.created {
            guard let spec = after.tokens[id], let credential = after.tokenCredentials[id] else { continue }
            try await TokenRepository.add(id, spec, credential: credential, in: transaction)
        }
        for id in diff.tokens.updated {
            guard let spec = after.tokens[id] else { continue }
            try await TokenRepository.update(id, spec, in: transaction)
        }
        for key in diff.attestations.created + diff.attestations.updated {
            guard let spec = after.attestations[key] else { continue }
            try await AttestationRepository.put(key, spec, in: transaction)
        }
        for key in diff.attestations.deleted { try await AttestationRepository.delete(key, in: transaction) }
        for id in diff.groups.deleted { try await GroupRepository.delete(id, in: transaction) }
        for key in diff.models.deleted { try await ModelRepository.delete(key, in: transaction) }
        for id in diff.providers.deleted { try await ProviderRepository.delete(id, in: transaction) }
    }
}
