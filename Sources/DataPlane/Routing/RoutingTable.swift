package import Contract
package import Identity

/// A snapshot in the form in which requests look things up: tokens by id, groups by name, targets with all that
/// an attempt needs.
///
/// Compiled once per snapshot and never changed; a request keeps the table that it began with.
package struct RoutingTable: Sendable {
    package let deployment: Slug
    private let tokens: [String: TokenRecord]
    private let groups: [String: Group]

    /// Compiles a body and the secrets that belong to it.
    ///
    /// Throws `invalid` when a reference leads nowhere and `secretsUnavailable` when an enabled provider's
    /// credential or a token's pepper is missing.
    package init(_ body: SnapshotBody, secrets: borrowing SecretsBundle) throws(SnapshotRejection) {
        self.deployment = body.deployment
        var providers: [Slug: Provider] = [:]
        for record in body.providers {
            let secret = secrets.providerSecrets[record.id]
            if record.enabled, record.authentication != .none, secret == nil {
                throw .secretsUnavailable("there is no credential for provider \(record.id)")
            }
            providers[record.id] = Provider(record, credential: secret)
        }
        var models: [Slug: [Slug: ModelRecord]] = [:]
        for record in body.models { models[record.provider, default: [:]][record.id] = record }

        var groups: [String: Group] = [:]
        groups.reserveCapacity(body.groups.count)
        for record in body.groups {
            var targets: [Target] = []
            targets.reserveCapacity(record.targets.count)
            for (position, target) in record.targets.enumerated() {
                guard let provider = providers[target.provider], let model = models[target.provider]?[target.model]
                else {
                    throw .invalid(["group \(record.id): target \(target.id) names no model"])
                }
                targets.append(
                    Target(
                        target,
                        position: position,
                        provider: provider,
                        model: model,
                        groupTimeouts: record.timeouts
                    )
                )
            }
            groups[record.id.text] = Group(record, targets: targets)
        }
        self.groups = groups

        var tokens: [String: TokenRecord] = [:]
        tokens.reserveCapacity(body.tokens.count)
        for record in body.tokens {
            guard secrets.peppers[record.pepper] != nil else {
                throw .secretsUnavailable("there is no pepper \(record.pepper)")
            }
            tokens[record.id.text] = record
        }
        self.tokens = tokens
    }

    /// The record of the token with this id; the id is everything before the secret, as presented.
    package func token(_ id: String) -> TokenRecord? { self.tokens[id] }

    /// The ids of tokens that are valid here and not in a later table, where they are revoked or gone.
    package func validTokens(endedIn later: RoutingTable) -> [String] {
        self.tokens.values.compactMap { record in
            record.state == .active && later.token(record.id.text)?.state != .active ? record.id.text : nil
        }
    }

    package func group(_ name: String) -> Group? { self.groups[name] }

    /// The groups that a token may use, in the order of their names.
    package func groups(allowedFor token: TokenRecord) -> [Group] {
        token.allow.sorted().compactMap { self.groups[$0.text] }
    }

    /// Everything that a request of this table could ask, for health to forget the rest.
    package var healthKeys: Set<HealthKey> {
        var keys: Set<HealthKey> = []
        for target in self.groups.values.flatMap(\.targets) {
            for dialect in target.provider.dialects.keys {
                keys.insert(Candidate(target: target, dialect: dialect).healthKey)
            }
        }
        return keys
    }

    /// The providers that a request of this table could ask.
    package var providers: [Slug: Provider] {
        let asked = self.groups.values.flatMap { $0.targets.map(\.provider) }
        return Dictionary(asked.map { ($0.id, $0) }) { first, _ in first }
    }

    package var groupCount: Int { self.groups.count }
    package var tokenCount: Int { self.tokens.count }
}
