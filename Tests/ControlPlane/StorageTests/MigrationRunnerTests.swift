import Catalog
import Identity
import Postgres
import PostgresTestSupport
import Storage
import Testing

struct MigrationRunnerTests {
    private func runner(_ pool: PostgresPool) -> MigrationRunner {
        MigrationRunner(pool, logger: TestDatabase.quiet)
    }

    @Test func `migrations are applied once`() async throws {
        try await TestDatabase.with { database in
            let runner = self.runner(database.pool)
            let all = Migration.all.map(\.number)
            #expect(try await runner.pending() == all)
            let first = try await runner.run()
            #expect(first == all)
            #expect(try await runner.run() == [])
            #expect(try await runner.pending() == [])
        }
    }

    @Test func `tokens of before are not strict`() async throws {
        try await TestDatabase.with { database in
            let before = MigrationRunner(
                database.pool,
                migrations: Migration.all.filter { $0.number <= 2 },
                logger: TestDatabase.quiet
            )
            #expect(try await before.run() == [1, 2])
            let id = try #require(TokenID("rtr_metrum_alice_p_prod_k1"))
            try await database.pool.withTransaction { transaction in
                try await ClusterRepository.add(PepperRow(id: "p1", sealedKey: [1]), in: transaction)
                try await transaction.execute(
                    Statement(
                        "INSERT INTO token (id, code, pepper, state) VALUES ($1, sha256('x'), 'p1', 'active')",
                        .text(id.text)
                    )
                )
            }
            #expect(try await self.runner(database.pool).run().first == 3)
            let row = try await database.pool.withTransaction { try await TokenRepository.read(id, in: $0) }
            #expect(row?.stored.spec.strict == false)
            #expect(row?.stored.revision == 1)
        }
    }

    @Test func `several control planes that start at once apply each migration once`() async throws {
        try await TestDatabase.with(connections: 4) { database in
            let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<4 { group.addTask { try await self.runner(database.pool).run() } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == Migration.all.map(\.number))
        }
    }

    @Test func `a database whose migration was another text is refused`() async throws {
        try await TestDatabase.migrated { database in
            try await database.pool.execute(
                Statement("UPDATE schema_migration SET checksum = sha256('other') WHERE number = 1")
            )
            await #expect(throws: MigrationProblem.changed(number: 1, name: "foundation")) {
                try await self.runner(database.pool).run()
            }
        }
    }

    @Test func `a database that is ahead is refused`() async throws {
        try await TestDatabase.migrated { database in
            try await database.pool.execute(
                Statement("INSERT INTO schema_migration VALUES (9999, 'future', sha256('x'))")
            )
            let newest = try #require(Migration.all.last?.number)
            await #expect(
                throws: MigrationProblem.databaseIsNewer(number: 9999, name: "future", newestKnown: newest)
            ) {
                try await self.runner(database.pool).run()
            }
        }
    }
}
