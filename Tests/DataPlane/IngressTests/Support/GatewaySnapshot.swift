import Contract
import Identity
import Routing
import Testing

/// The configuration that every ``Gateway`` serves.
///
/// Groups: `main` leads to the scripted provider; `forbidden` is not in the tokens' allow list; `dead` refuses
/// connections; `hole` leads to `GatewayOptions.holePort`; no target of `lame` can serve; `twins` leads to two models of the
/// scripted provider. `chat` leads to the scripted provider in that dialect only, `mixed` in the caller's own, and if that
/// cannot be, as `chat` does. `pair` leads to the scripted provider, and when that fails to `spare`, which it serves below
/// another path; `trio` has a third, `dead`, between them. `far` leads to a provider that is bound to public addresses.
enum GatewaySnapshot {
    static let allowed = ["chat", "dead", "far", "hole", "lame", "main", "mixed", "pair", "trio", "twins"]

    static func state(
        options: GatewayOptions,
        tokens: Tokens,
        port: Int,
        number: Int = 42,
        secretRevision: Int = 0
    ) throws -> ServingState {
        let up = try GatewaySnapshot.slug("up")
        let mute = try GatewaySnapshot.slug("mute")
        let dead = try GatewaySnapshot.slug("dead")
        let hole = try GatewaySnapshot.slug("hole")
        let mono = try GatewaySnapshot.slug("mono")
        let model = try GatewaySnapshot.slug("m")
        let twin = try GatewaySnapshot.slug("n")
        func record(_ id: Slug, _ port: Int, _ dialects: [Dialect] = Dialect.allCases) throws -> ProviderRecord {
            ProviderRecord(
                id: id,
                baseURL: try #require(UpstreamURL("http://127.0.0.1:\(port)/base")),
                dialects: Dictionary(uniqueKeysWithValues: dialects.map { ($0, nil) }),
                authentication: options.authentication,
                secretRevision: secretRevision,
                headers: options.headers,
                timeouts: options.timeouts,
                allowPrivateNetwork: true
            )
        }
        let spare = try GatewaySnapshot.slug("spare")
        var second = try record(spare, port)
        second.baseURL = try #require(UpstreamURL("http://127.0.0.1:\(port)/spare"))
        second.timeouts = options.spareTimeouts ?? options.timeouts
        let far = try GatewaySnapshot.slug("far")
        var distant = try record(far, port)
        distant.baseURL = try #require(UpstreamURL("http://provider.invalid/base"))
        distant.allowPrivateNetwork = false
        distant.authentication = .none
        func group(_ id: String, _ targets: [TargetRecord]) throws -> GroupRecord {
            GroupRecord(id: try GatewaySnapshot.slug(id), targets: targets)
        }
        let target = try GatewaySnapshot.slug("t")
        let body = SnapshotBody(
            deployment: try GatewaySnapshot.slug("metrum"),
            providers: [
                try record(up, port), try record(mute, port, []), try record(dead, 1),
                try record(hole, options.holePort), try record(mono, port, [.openAIChat]),
                second, distant,
            ],
            models: [
                (up, model), (mute, model), (dead, model), (hole, model), (mono, model), (up, twin), (spare, model),
                (far, model),
            ].map {
                ModelRecord(provider: $0, id: $1, upstreamModel: Gateway.upstreamModel, quirks: options.quirks)
            },
            groups: [
                try group("far", [TargetRecord(id: target, provider: far, model: model)]),
                try group("main", [TargetRecord(id: target, provider: up, model: model)]),
                try group("forbidden", [TargetRecord(id: target, provider: up, model: model)]),
                try group("chat", [TargetRecord(id: target, provider: mono, model: model)]),
                try group(
                    "mixed",
                    [
                        TargetRecord(id: target, provider: up, model: model),
                        TargetRecord(id: mono, provider: mono, model: model, priority: 1),
                    ]
                ),
                try group(
                    "pair",
                    [
                        TargetRecord(id: target, provider: up, model: model),
                        TargetRecord(id: spare, provider: spare, model: model, priority: 1),
                    ]
                ),
                try group(
                    "trio",
                    [
                        TargetRecord(id: target, provider: up, model: model),
                        TargetRecord(id: dead, provider: dead, model: model, priority: 1),
                        TargetRecord(id: spare, provider: spare, model: model, priority: 2),
                    ]
                ),
                try group("dead", [TargetRecord(id: target, provider: dead, model: model)]),
                try group("hole", [TargetRecord(id: target, provider: hole, model: model)]),
                try group(
                    "twins",
                    [
                        TargetRecord(id: target, provider: up, model: model),
                        TargetRecord(id: twin, provider: up, model: twin),
                    ]
                ),
                try group(
                    "lame",
                    [
                        TargetRecord(id: target, provider: mute, model: model),
                        TargetRecord(id: up, provider: up, model: model, enabled: false),
                        TargetRecord(id: model, provider: up, model: model, weight: 0),
                    ]
                ),
            ],
            tokens: try tokens.records(allow: GatewaySnapshot.allowed.map { try GatewaySnapshot.slug($0) })
        )
        let secrets = SecretsBundle(
            peppers: ["p1": Tokens.pepper],
            providerSecrets: Dictionary(
                uniqueKeysWithValues: [up, mute, dead, hole, mono, spare].map { ($0, Secret(Gateway.credential)) }
            )
        )
        return try ServingState(
            reference: SnapshotReference(
                version: SnapshotVersion(epoch: 1, number: number),
                sha256: try #require(Digest(Array(repeating: 1, count: 32)))
            ),
            body: body,
            secrets: secrets,
            revokedTokens: [Tokens.id(of: tokens.revokedLater)]
        )
    }

    private static func slug(_ text: String) throws -> Slug { try #require(Slug(text)) }
}
