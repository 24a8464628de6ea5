import Postgres
import PostgresTestSupport
import Testing

struct TransactionTests {
    private struct Refused: Error {}

    private func counter(_ database: TestDatabase) async throws -> PostgresPool {
        try await database.pool.execute(Statement("CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL)"))
        try await database.pool.execute(Statement("INSERT INTO counter VALUES (1, 0)"))
        return database.pool
    }

    private func value(_ pool: PostgresPool) async throws -> Int? {
        try await pool.query(Statement("SELECT value FROM counter")).first?.int("value")
    }

    @Test func `a transaction commits what its body did and returns its result`() async throws {
        try await TestDatabase.with { database in
            let pool = try await self.counter(database)
            let result = try await pool.withTransaction { transaction in
                try await transaction.execute(Statement("UPDATE counter SET value = 5"))
                return try await transaction.query(Statement("SELECT value FROM counter")).count
            }
            #expect(result == 1)
            #expect(try await self.value(pool) == 5)
        }
    }

    @Test func `a body that throws leaves nothing behind`() async throws {
        try await TestDatabase.with(connections: 1) { database in
            let pool = try await self.counter(database)
            await #expect(throws: Refused.self) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute(Statement("UPDATE counter SET value = 5"))
                    throw Refused()
                }
            }
            #expect(try await self.value(pool) == 0)
        }
    }

    @Test func `a swallowed failure does not pass for a commit`() async throws {
        try await TestDatabase.with(connections: 1) { database in
            let pool = try await self.counter(database)
            await #expect(throws: PostgresError.other(sqlstate: "25P02")) {
                try await pool.withTransaction { transaction in
                    _ = try? await transaction.query(Statement("SELECT nothing"))
                }
            }
            #expect(try await self.value(pool) == 0)
        }
    }

    @Test func `a transaction used after its end is refused`() async throws {
        try await TestDatabase.with(connections: 1) { database in
            let leaked = try await database.pool.withTransaction { $0 }
            await #expect(throws: PostgresError.unavailable(.closed)) {
                try await leaked.query(Statement("SELECT 1"))
            }
        }
    }

    @Test func `concurrent serializable transactions are run again until all have happened`() async throws {
        try await TestDatabase.with(connections: 3) { database in
            let pool = try await self.counter(database)
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await pool.withTransaction(.serializable) { transaction in
                            let rows = try await transaction.query(Statement("SELECT value FROM counter"))
                            let value = try rows.first?.int("value") ?? 0
                            try await transaction.execute(
                                Statement("UPDATE counter SET value = $1", .int(value + 1))
                            )
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await self.value(pool) == 3)
        }
    }

    @Test func `serialization failures that never end are given up after four attempts`() async throws {
        try await TestDatabase.with(connections: 1) { database in
            var attempts = 0
            await #expect(throws: PostgresError.serialization) {
                try await database.pool.withTransaction { transaction in
                    attempts += 1
                    try await transaction.query(
                        Statement("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$")
                    )
                }
            }
            #expect(attempts == 4)
        }
    }

    @Test func `a statement that runs too long is cancelled, and the connection stays`() async throws {
        try await TestDatabase.with(connections: 1) { database in
            await #expect(throws: PostgresError.statementTimeout) {
                try await database.pool.withTransaction(statementTimeout: .milliseconds(50)) { transaction in
                    try await transaction.query(Statement("SELECT pg_sleep(10)"))
                }
            }
            let rows = try await database.pool.query(Statement("SHOW statement_timeout"))
            #expect(try rows.first?.text("statement_timeout") == "70s", "the pool's own again")
        }
    }
}
