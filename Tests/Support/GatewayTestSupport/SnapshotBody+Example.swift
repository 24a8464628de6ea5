package import Contract
package import Identity

extension SnapshotBody {
    /// A small configuration that is valid as a whole: providers `acme` (all dialects, a key) and `local` (Chat,
    /// no key), groups `default` (both, 3 to 1) and `spare`, one token for `default`.
    package static func example() throws -> SnapshotBody {
        SnapshotBody(
            deployment: try Example.slug("metrum"),
            providers: [
                try ProviderRecord.example(
                    "acme",
                    url: "https://api.acme.example",
                    dialects: Dialect.allCases,
                    secretRevision: 1
                ),
                try ProviderRecord.example(
                    "local",
                    url: "http://127.0.0.1:8000",
                    dialects: [.openAIChat],
                    authentication: .none,
                    allowPrivateNetwork: true
                ),
            ],
            models: [
                try ModelRecord.example("large", of: "acme", contextTokens: 200_000, maxOutputTokens: 32_000),
                try ModelRecord.example("seven", of: "local", contextTokens: 32_768),
            ],
            groups: [
                GroupRecord(
                    id: try Example.slug("default"),
                    displayName: "Default",
                    description: "For everything",
                    targets: [
                        try TargetRecord.example("a", "acme", "large", weight: 3),
                        try TargetRecord.example("b", "local", "seven"),
                    ]
                ),
                GroupRecord(
                    id: try Example.slug("spare"),
                    strategy: .priority,
                    targets: [try TargetRecord.example("a", "local", "seven")]
                ),
            ],
            tokens: [try TokenRecord.example(key: "k1", allow: ["default"])]
        )
    }
}

extension ProviderRecord {
    /// A provider that offers each dialect at its usual path.
    package static func example(
        _ id: String,
        url: String = "https://api.acme.example",
        dialects: [Dialect] = Dialect.allCases,
        authentication: Authentication = .bearer,
        secretRevision: Int = 0,
        enabled: Bool = true,
        allowPrivateNetwork: Bool = false
    ) throws -> ProviderRecord {
        guard let url = UpstreamURL(url) else { throw Example.Unfit(text: url) }
        var paths: [Dialect: String?] = [:]
        for dialect in dialects { paths.updateValue(nil, forKey: dialect) }
        return ProviderRecord(
            id: try Example.slug(id),
            baseURL: url,
            dialects: paths,
            authentication: authentication,
            secretRevision: secretRevision,
            enabled: enabled,
            allowPrivateNetwork: allowPrivateNetwork
        )
    }
}

extension ModelRecord {
    /// A model called `<provider>-<id>-v2` upstream, for which nothing but text is declared.
    package static func example(
        _ id: String,
        of provider: String,
        contextTokens: Int? = nil,
        maxOutputTokens: Int? = nil,
        declared: [Dialect: DeclaredCapabilities] = [:]
    ) throws -> ModelRecord {
        ModelRecord(
            provider: try Example.slug(provider),
            id: try Example.slug(id),
            upstreamModel: "\(provider)-\(id)-v2",
            contextTokens: contextTokens,
            maxOutputTokens: maxOutputTokens,
            declared: declared
        )
    }
}

extension TargetRecord {
    /// A target by its three names.
    package static func example(
        _ id: String,
        _ provider: String,
        _ model: String,
        weight: Int = 1,
        priority: Int = 0,
        enabled: Bool = true
    ) throws -> TargetRecord {
        TargetRecord(
            id: try Example.slug(id),
            provider: try Example.slug(provider),
            model: try Example.slug(model),
            weight: weight,
            priority: priority,
            enabled: enabled
        )
    }
}

extension TokenRecord {
    /// An active token of the user `alice` under the pepper `p1`; its code fits no secret.
    package static func example(
        key: String,
        allow: [String],
        state: State = .active,
        endpoints: [Dialect]? = nil,
        strict: Bool = false,
        notBefore: Int? = nil,
        expiresAt: Int? = nil
    ) throws -> TokenRecord {
        guard let code = Digest([UInt8](repeating: 0x5a, count: Digest.byteCount)) else {
            throw Example.Unfit(text: "digest")
        }
        return TokenRecord(
            id: try TokenID.example(key: key),
            code: code,
            pepper: "p1",
            state: state,
            allow: try allow.map(Example.slug),
            endpoints: endpoints,
            strict: strict,
            notBefore: notBefore,
            expiresAt: expiresAt
        )
    }
}

extension TokenID {
    /// `rtr_metrum_alice_docs_test_<key>`.
    package static func example(key: String = "k1") throws -> TokenID {
        TokenID(
            deployment: try Example.slug("metrum"),
            user: try Example.slug("alice"),
            project: try Example.slug("docs"),
            environment: try Example.slug("test"),
            key: try Example.slug(key)
        )
    }
}

extension SecretsBundle {
    /// What `SnapshotBody.example()` needs: the pepper `p1` and a key for `acme`.
    package static func example() throws -> SecretsBundle {
        SecretsBundle(
            peppers: ["p1": SecretBytes([UInt8](repeating: 7, count: 32))],
            providerSecrets: [try Example.slug("acme"): Secret("sk-acme-example")]
        )
    }
}
