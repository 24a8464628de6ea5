import Catalog
import Contract
import Identity
import Testing
import Wire

/// Full and valid forms of every resource, as requests send them.
enum SpecSamples {
    static let provider: JSONValue = [
        "base_url": "https://api.example.com/v1",
        "dialects": ["openai-chat": [:], "anthropic-messages": ["path": "/messages"]],
        "auth": ["scheme": "bearer", "secret": "sk-canary-0001"],
        "headers": ["x-team": "blue"],
        "timeouts": ["connect_ms": 1000, "first_byte_ms": 2000, "idle_ms": 3000, "total_ms": 4000],
        "shape": [:],
        "region": "eu-west",
        "enabled": true,
        "allow_private_network": false,
    ]

    static let model: JSONValue = [
        "upstream_model": "vendor/large:2026",
        "context_tokens": 128_000,
        "max_output_tokens": 8192,
        "declared": [
            "openai-chat": [
                "input_modalities": ["text", "image"], "tools": true, "parallel_tools": true,
                "structured_output": true, "reasoning": false,
            ]
        ],
        "quirks": ["max_tokens_field": "max_tokens", "no_sampling": false, "no_stream_options": true],
    ]

    static let group: JSONValue = [
        "display_name": "Default",
        "description": "What most callers should use",
        "strategy": "weighted",
        "targets": [
            [
                "id": "first", "provider": "demo", "model": "large", "weight": 3, "priority": 1, "enabled": true,
                "tags": ["eu"],
            ]
        ],
        "requirements": [:],
        "timeouts": ["total_ms": 60_000],
        "cache": [:],
    ]

    static let token: JSONValue = [
        "user": "alice", "project": "search", "environment": "prod", "key": "main", "allow": ["default"],
        "endpoints": ["openai-chat"], "strict": true, "limits": [:], "budgets": [:],
        "not_before": "2026-01-02T00:00:00Z", "expires_at": "2026-03-01T00:00:00Z", "description": "the search team",
    ]

    /// 2026-01-01T00:00:00Z.
    static let now = 1_767_225_600_000

    static func slug(_ text: String) -> Slug {
        guard let slug = Slug(text) else { preconditionFailure("\(text) is no slug") }
        return slug
    }

    static func tokenID(_ user: String) -> TokenID {
        TokenID(
            deployment: slug("metrum"),
            user: slug(user),
            project: slug("search"),
            environment: slug("prod"),
            key: slug("main")
        )
    }

    static func configuration() throws -> Configuration {
        var provider = try ProviderInput(SpecSamples.provider).spec
        provider.credential = ProviderCredential(isSet: true, revision: 1)
        let zeros = [UInt8](repeating: 7, count: 32)
        let code = try #require(Digest(zeros))
        return Configuration(
            deployment: slug("metrum"),
            providers: [slug("demo"): provider],
            models: [ModelKey(provider: slug("demo"), model: slug("large")): try ModelSpec(SpecSamples.model)],
            groups: [slug("default"): try GroupSpec(SpecSamples.group)],
            tokens: [tokenID("alice"): TokenSpec(allow: [slug("default")])],
            tokenCredentials: [tokenID("alice"): TokenCredential(code: code, pepper: "p1")]
        )
    }

    /// `value` with the member at the dotted path set, or removed by nil.
    static func setting(_ path: String, to member: JSONValue?, in value: JSONValue) -> JSONValue {
        var object = value.objectValue ?? JSONObject()
        let parts = path.split(separator: ".", maxSplits: 1)
        guard let name = parts.first.map(String.init) else { return value }
        object[name] =
            parts.count == 1 ? member : setting(String(parts[1]), to: member, in: object[name] ?? [:])
        return .object(object)
    }
}
