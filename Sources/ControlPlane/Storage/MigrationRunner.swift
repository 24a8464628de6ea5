import Identity
package import Logging
package import Postgres

/// Brings a database to the shape that this program needs.
///
/// Each migration is a transaction of its own that holds the migration lock and decides anew what is missing, so
/// that any number of control planes may start at once, and one that dies half-way leaves nothing half done.
package struct MigrationRunner: Sendable {
    private let pool: PostgresPool
    private let migrations: [Migration]
    private let logger: Logger

    /// How long one migration may take.
    private static let statementTimeout = Duration.seconds(600)
    /// How long to queue behind another control plane that migrates.
    private static let patience = Duration.seconds(600)

    package init(_ pool: PostgresPool, migrations: [Migration] = Migration.all, logger: Logger) {
        self.pool = pool
        self.migrations = migrations
        self.logger = logger
    }

    /// Applies what is missing and returns its numbers; throws `MigrationProblem` or `PostgresError`.
    @discardableResult
    package func run() async throws -> [Int] {
        var applied: [Int] = []
        let deadline = ContinuousClock.now + MigrationRunner.patience
        while true {
            do {
                guard let number = try await self.applyNext() else { return applied }
                applied.append(number)
            } catch PostgresError.lockTimeout where ContinuousClock.now < deadline {
                self.logger.info("another control plane is migrating the database")
            }
        }
    }

    /// What is missing, without applying it.
    package func pending() async throws -> [Int] {
        try await self.pool.withTransaction { transaction in
            let rows = try await transaction.query(
                Statement("SELECT to_regclass('schema_migration') IS NOT NULL AS exists")
            )
            let exists = try rows.first?.bool("exists") ?? false
            return try MigrationPlan.pending(
                known: try await self.known(in: transaction),
                applied: exists ? try await self.applied(in: transaction) : []
            )
        }
    }

    private func applyNext() async throws -> Int? {
        try await self.pool.withTransaction(statementTimeout: MigrationRunner.statementTimeout) { transaction in
            try await AdvisoryLock.migration.take(in: transaction)
            try await transaction.execute(
                Statement(
                    """
                    CREATE TABLE IF NOT EXISTS schema_migration (
                        number bigint PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL,
                        applied_at timestamptz NOT NULL DEFAULT now()
                    )
                    """
                )
            )
            let known = try await self.known(in: transaction)
            let pending = try MigrationPlan.pending(known: known, applied: try await self.applied(in: transaction))
            guard let number = pending.first, let migration = self.migrations.first(where: { $0.number == number }),
                let record = known.first(where: { $0.number == number })
            else {
                return nil
            }
            try await transaction.execute(migration.script)
            try await transaction.execute(
                Statement(
                    "INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)",
                    .int(number),
                    .text(migration.name),
                    .bytes(record.checksum.bytes)
                )
            )
            self.logger.info("migrated the database", metadata: ["migration": "\(number)-\(migration.name)"])
            return number
        }
    }

    private func known(in transaction: Transaction) async throws -> [MigrationRecord] {
        var records: [MigrationRecord] = []
        for migration in self.migrations {
            let rows = try await transaction.query(
                Statement("SELECT sha256(convert_to($1, 'UTF8')) AS checksum", .text(migration.script.sql))
            )
            guard let row = rows.first else { continue }
            records.append(
                MigrationRecord(
                    number: migration.number,
                    name: migration.name,
                    checksum: try row.digest("checksum")
                )
            )
        }
        return records
    }

    private func applied(in transaction: Transaction) async throws -> [MigrationRecord] {
        let rows = try await transaction.query(
            Statement("SELECT number, name, checksum FROM schema_migration ORDER BY number")
        )
        return try rows.map { row in
            MigrationRecord(
                number: try row.int("number"),
                name: try row.text("name"),
                checksum: try row.digest("checksum")
            )
        }
    }
}
