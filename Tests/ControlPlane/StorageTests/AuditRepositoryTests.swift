import Postgres
import PostgresTestSupport
import Storage
import Testing
import Wire

struct AuditRepositoryTests {
    private func append(_ keys: [String], to pool: PostgresPool) async throws {
        for key in keys {
            try await pool.withTransaction { transaction in
                try await AuditRepository.append(
                    AuditEntry(actor: "ann", action: "update", kind: "provider", key: key, change: ["a": [1, "ß"]]),
                    in: transaction
                )
            }
        }
    }

    @Test func `entries come back newest first, page by page`() async throws {
        try await TestDatabase.migrated { database in
            try await self.append(["one", "two", "three"], to: database.pool)
            try await database.pool.withTransaction { transaction in
                let page = try await AuditRepository.list(before: nil, limit: 2, in: transaction)
                #expect(page.map(\.entry.key) == ["three", "two"])
                let rest = try await AuditRepository.list(before: page.last?.sequence, limit: 2, in: transaction)
                #expect(rest.map(\.entry.key) == ["one"])
                #expect(rest.first?.entry.change == ["a": [1, "ß"]])
            }
        }
    }

    @Test func `entries cannot be changed, deleted or truncated`() async throws {
        try await TestDatabase.migrated { database in
            try await self.append(["one"], to: database.pool)
            let attempts = [
                Statement("UPDATE audit SET actor = 'bob'"), Statement("DELETE FROM audit"),
                Statement("TRUNCATE audit"),
            ]
            for attempt in attempts {
                await #expect(throws: PostgresError.other(sqlstate: "23000")) {
                    try await database.pool.execute(attempt)
                }
            }
        }
    }

    @Test func `a change behind the back of the triggers shows in the chain`() async throws {
        try await TestDatabase.migrated { database in
            try await self.append(["one", "two", "three"], to: database.pool)
            let pool = database.pool
            #expect(try await pool.withTransaction { try await AuditRepository.firstBroken(in: $0) } == nil)
            try await pool.withTransaction { transaction in
                try await transaction.execute(Statement("SET LOCAL session_replication_role = replica"))
                try await transaction.execute(Statement("UPDATE audit SET actor = 'bob' WHERE sequence = 2"))
            }
            #expect(try await pool.withTransaction { try await AuditRepository.firstBroken(in: $0) } == 2)
            try await pool.withTransaction { transaction in
                try await transaction.execute(Statement("SET LOCAL session_replication_role = replica"))
                try await transaction.execute(Statement("DELETE FROM audit WHERE sequence = 2"))
            }
            #expect(try await pool.withTransaction { try await AuditRepository.firstBroken(in: $0) } == 3)
        }
    }

    @Test func `concurrent entries make one chain`() async throws {
        try await TestDatabase.migrated { database in
            try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { try await self.append(["\(number)"], to: database.pool) }
                }
                try await group.waitForAll()
            }
            try await database.pool.withTransaction { transaction in
                let entries = try await AuditRepository.list(before: nil, limit: 100, in: transaction)
                #expect(entries.count == 20)
                #expect(try await AuditRepository.firstBroken(in: transaction) == nil)
            }
        }
    }
}
