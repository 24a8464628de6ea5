import Contract
import GatewayTestSupport
import Identity
import Routing
import Testing

/// Tables for tests, compiled from a few target records.
enum ExampleTable {
    /// A group `g` of these targets; providers `acme` and `other` (all dialects), `chat` (Chat only), `mute` (none) and
    /// `off` (switched off) each have a model `m`, `acme` also `n`.
    ///
    /// `declared` is of the models `m`, by their provider.
    static func group(
        _ targets: [TargetRecord],
        strategy: GroupRecord.Strategy = .weighted,
        timeouts: TimeoutRecord = TimeoutRecord(),
        declared: [String: [Dialect: DeclaredCapabilities]] = [:]
    ) throws -> Group {
        let body = SnapshotBody(
            deployment: try Example.slug("metrum"),
            providers: [
                try ProviderRecord.example("acme", authentication: .none),
                try ProviderRecord.example("other", authentication: .none),
                try ProviderRecord.example("chat", dialects: [.openAIChat], authentication: .none),
                try ProviderRecord.example("mute", dialects: [], authentication: .none),
                try ProviderRecord.example("off", enabled: false),
            ],
            models: try ["acme", "other", "chat", "mute", "off"].map {
                try ModelRecord.example("m", of: $0, declared: declared[$0] ?? [:])
            }
                + [try ModelRecord.example("n", of: "acme")],
            groups: [
                GroupRecord(id: try Example.slug("g"), strategy: strategy, targets: targets, timeouts: timeouts)
            ]
        )
        let table = try RoutingTable(body, secrets: SecretsBundle(peppers: [:], providerSecrets: [:]))
        return try #require(table.group("g"))
    }

    /// A target of `acme`, which offers all dialects, with this model.
    static func target(_ model: ModelRecord) throws -> Target {
        let body = SnapshotBody(
            deployment: try Example.slug("metrum"),
            providers: [try ProviderRecord.example("acme", authentication: .none)],
            models: [model],
            groups: [
                GroupRecord(
                    id: try Example.slug("g"),
                    targets: [try TargetRecord.example("t", "acme", model.id.text)]
                )
            ]
        )
        let table = try RoutingTable(body, secrets: SecretsBundle(peppers: [:], providerSecrets: [:]))
        let group = try #require(table.group("g"))
        return try #require(group.targets.first)
    }
}
