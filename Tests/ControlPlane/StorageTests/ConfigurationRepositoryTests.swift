import Catalog
import Contract
import Identity
import Postgres
import PostgresTestSupport
import Storage
import Testing
import Wire

struct ConfigurationRepositoryTests {
    private func configuration() throws -> Configuration {
        let demo = try #require(Slug("demo"))
        let large = try #require(Slug("large"))
        let group = try #require(Slug("default"))
        let token = try #require(TokenID("rtr_metrum_alice_p_prod_k1"))
        var provider = try ProviderInput([
            "base_url": "https://api.example.com/v1", "dialects": ["openai-chat": ["path": "/chat"]],
            "auth": ["scheme": "bearer"], "headers": ["x-b": "2", "x-a": "1"], "timeouts": ["idle_ms": 5],
            "region": "eu", "enabled": false,
        ]).spec
        provider.credential = ProviderCredential(isSet: false, revision: 3)
        return Configuration(
            deployment: try #require(Slug("metrum")),
            providers: [demo: provider],
            models: [
                ModelKey(provider: demo, model: large): try ModelSpec([
                    "upstream_model": "vendor/'large\"", "context_tokens": 9,
                    "quirks": ["zeta": 1, "alpha": "ü", "b": true],
                    "declared": ["openai-chat": ["input_modalities": ["text", "image"], "tools": true]],
                ])
            ],
            groups: [
                group: try GroupSpec([
                    "description": "it's", "strategy": "priority",
                    "targets": [
                        ["id": "z", "provider": "demo", "model": "large", "tags": ["b", "a"]],
                        ["id": "a", "provider": "demo", "model": "large", "weight": 0, "enabled": false],
                    ],
                ])
            ],
            tokens: [
                token: TokenSpec(
                    allow: [group],
                    endpoints: [.anthropicMessages],
                    strict: true,
                    notBefore: 1_767_225_600_123,
                    expiresAt: nil,
                    description: "a \\ b"
                )
            ],
            tokenCredentials: [
                token: TokenCredential(code: try #require(Digest([UInt8](repeating: 9, count: 32))), pepper: "p1")
            ]
        )
    }

    private func write(_ before: Configuration, _ after: Configuration, _ database: TestDatabase) async throws {
        try await database.pool.withTransaction { transaction in
            try await ConfigurationRepository.write(
                ConfigurationDiff(from: before, to: after),
                to: after,
                in: transaction
            )
        }
    }

    private func read(_ database: TestDatabase) async throws -> StoredConfiguration {
        try await database.pool.withTransaction { try await ConfigurationRepository.read(in: $0) }
    }

    private func withPepper(_ body: (TestDatabase) async throws -> Void) async throws {
        try await TestDatabase.migrated { database in
            try await database.pool.withTransaction { transaction in
                try await ClusterRepository.add(PepperRow(id: "p1", sealedKey: [1]), in: transaction)
            }
            try await body(database)
        }
    }

    @Test func `what is written is read back, member for member`() async throws {
        try await self.withPepper { database in
            let empty = Configuration(deployment: try #require(Slug("metrum")))
            let configuration = try self.configuration()
            try await self.write(empty, configuration, database)
            let stored = try await self.read(database)
            #expect(stored.configuration(deployment: configuration.deployment) == configuration)
            #expect(stored.providers.values.allSatisfy { $0.revision == 1 })
        }
    }

    @Test func `a change counts up the revision of its own row only`() async throws {
        try await self.withPepper { database in
            let empty = Configuration(deployment: try #require(Slug("metrum")))
            let before = try self.configuration()
            try await self.write(empty, before, database)
            var after = before
            let group = try #require(Slug("default"))
            after.groups[group]?.targets.reverse()
            try await self.write(before, after, database)
            let stored = try await self.read(database)
            #expect(stored.groups[group]?.revision == 2)
            #expect(stored.groups[group]?.spec.targets.map(\.id.text) == ["a", "z"])
            #expect(stored.models.values.allSatisfy { $0.revision == 1 })
        }
    }

    @Test func `whether a token is strict is read back in every way, and changed`() async throws {
        try await self.withPepper { database in
            let empty = Configuration(deployment: try #require(Slug("metrum")))
            var present = try self.configuration()
            let id = try #require(present.tokens.keys.first)
            try await self.write(empty, present, database)
            for strict in [true, false, true] {
                var after = present
                after.tokens[id]?.strict = strict
                try await self.write(present, after, database)
                present = after
                let (one, page) = try await database.pool.withTransaction { transaction in
                    (
                        try await TokenRepository.read(id, in: transaction),
                        try await TokenRepository.page(after: nil, limit: 2, in: transaction)
                    )
                }
                #expect(one?.stored.spec == present.tokens[id])
                #expect(page.map(\.row.stored.spec.strict) == [strict])
                #expect(try await self.read(database).tokens[id]?.stored.spec.strict == strict)
            }
        }
    }

    @Test func `the database itself refuses what would leave something dangling`() async throws {
        try await self.withPepper { database in
            let empty = Configuration(deployment: try #require(Slug("metrum")))
            let before = try self.configuration()
            try await self.write(empty, before, database)
            for change in [
                { $0.providers = [:] }, { $0.models = [:] }, { $0.groups = [:] },
            ] as [(inout Configuration) -> Void] {
                var after = before
                change(&after)
                await #expect(throws: PostgresError.self) { try await self.write(before, after, database) }
            }
            #expect(try await self.read(database).configuration(deployment: before.deployment) == before)
        }
    }
}
