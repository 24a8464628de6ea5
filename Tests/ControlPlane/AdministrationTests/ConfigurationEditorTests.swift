import Catalog
import Contract
import Identity
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Testing
import Wire

@testable import Administration

struct ConfigurationEditorTests {
    private static let provider: JSONValue = [
        "base_url": "https://api.example.com", "dialects": ["openai-chat": [:]],
        "auth": ["scheme": "bearer", "secret": "canary-secret"],
    ]

    private let root = AdminPrincipal(id: "root", role: .admin, requestID: nil)

    private func editor(_ plane: TestPlane) throws -> ConfigurationEditor {
        ConfigurationEditor(
            pool: plane.pool,
            cluster: plane.cluster,
            publication: plane.publication,
            deployment: try #require(Slug("metrum"))
        )
    }

    @Test func `two control planes that write at once get versions that only rise`() async throws {
        try await TestPlane.with(connections: 6) { plane in
            let first = Groups(try self.editor(plane))
            let second = Groups(try self.editor(plane))
            let versions = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 1...20 {
                    let groups = number.isMultiple(of: 2) ? first : second
                    let id = try #require(Slug("g\(number)"))
                    group.addTask {
                        try await groups.put(id, ["targets": []], if: .none, by: self.root, dryRun: false)
                            .snapshotVersion
                    }
                }
                return try await group.reduce(into: []) { $0.append($1 ?? 0) }
            }
            #expect(versions.sorted() == Array(1...20))
            let stored = try await plane.pool.withTransaction {
                try await SnapshotRepository.list(before: nil, limit: 100, in: $0)
            }
            #expect(stored.map(\.reference.version.number) == Array((1...20).reversed()))
        }
    }

    @Test func `what is published is what is stored, with the provider's secret beside it`() async throws {
        try await TestPlane.with { plane in
            let editor = try self.editor(plane)
            let id = try #require(Slug("demo"))
            let outcome = try await Providers(editor).put(
                id,
                ConfigurationEditorTests.provider,
                if: .absent,
                by: self.root,
                dryRun: false
            )
            let version = try #require(outcome.snapshotVersion)
            let history = SnapshotHistory(cluster: plane.cluster, publication: plane.publication)
            let (stored, body) = try await plane.pool.withTransaction { transaction in
                (
                    try await ConfigurationRepository.read(in: transaction),
                    try await history.body(ofVersion: version, in: transaction)?.body
                )
            }
            #expect(stored.configuration(deployment: editor.deployment).snapshotBody() == body)
            let node = try await plane.join()
            try await plane.board.refresh()
            let reference = try #require(outcome.publication?.reference)
            let bundle = try node.open(try await node.secrets(reference, at: plane.service), reference)
            #expect(bundle.providerSecrets[id]?.withExposedText { $0 } == "canary-secret")
        }
    }

    @Test func `a failure anywhere leaves configuration, audit and snapshots as they were`() async throws {
        try await TestPlane.with { plane in
            let groups = Groups(try self.editor(plane))
            let id = try #require(Slug("broken"))
            let before = try await self.counts(plane)
            await #expect(throws: AdministrationError.self) {
                try await groups.put(
                    id,
                    ["targets": [["id": "a", "provider": "none", "model": "none"]]],
                    if: .none,
                    by: self.root,
                    dryRun: false
                )
            }
            _ = try await groups.put(id, ["targets": []], if: .none, by: self.root, dryRun: true)
            #expect(try await self.counts(plane) == before)
        }
    }

    @Test func `a revocation stands though the database is gone before it tells who knows`() async throws {
        try await TestPlane.with { plane in
            let editor = try self.editor(plane)
            _ = try await Groups(editor).put(
                try #require(Slug("default")),
                ["targets": []],
                if: .none,
                by: self.root,
                dryRun: false
            )
            let revocation = TokenRevocation(pool: await TestPlane.deadPool())
            let tokens = Tokens(editor, policy: TokenPolicy(), revocation: revocation)
            let issued = try await tokens.create(
                ["user": "a", "project": "b", "environment": "c", "allow": ["default"]],
                by: self.root,
                dryRun: false
            )
            let id = issued.answer.resource.key
            let revoked = try await tokens.revoke(id, if: .none, by: self.root)
            #expect(revoked.progress == nil)
            #expect(revoked.snapshotVersion == 3)
            #expect(try await tokens.get(id).spec.state == .revoked)
        }
    }

    @Test func `the audit chain holds after many edits`() async throws {
        try await TestPlane.with { plane in
            let groups = Groups(try self.editor(plane))
            for number in 1...5 {
                let id = try #require(Slug("g\(number)"))
                _ = try await groups.put(id, ["targets": []], if: .none, by: self.root, dryRun: false)
            }
            let broken = try await plane.pool.withTransaction { try await AuditRepository.firstBroken(in: $0) }
            #expect(broken == nil)
        }
    }

    /// Rows of every table that an edit writes.
    private func counts(_ plane: TestPlane) async throws -> [Int] {
        let rows = try await plane.pool.query(
            Statement(
                """
                SELECT (SELECT count(*) FROM model_group) AS a, (SELECT count(*) FROM audit) AS b,
                    (SELECT count(*) FROM snapshot) AS c, (SELECT version FROM cluster) AS d
                """
            )
        )
        return try rows.flatMap { [try $0.int("a"), try $0.int("b"), try $0.int("c"), try $0.int("d")] }
    }
}
