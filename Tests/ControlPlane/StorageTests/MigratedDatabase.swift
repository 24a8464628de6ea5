import Postgres
import PostgresTestSupport
import Storage

extension TestDatabase {
    /// A database of one test's own with all migrations applied.
    static func migrated<Output>(_ body: (TestDatabase) async throws -> Output) async throws {
        try await TestDatabase.with { database in
            try await MigrationRunner(database.pool, logger: TestDatabase.quiet).run()
            _ = try await body(database)
        }
    }
}
