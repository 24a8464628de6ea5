package import Postgres

/// A lock that several control planes on one database share, held to the end of a transaction.
package enum AdvisoryLock: Int, Sendable {
    // Any numbers will do; these are unlikely to be another program's.
    case migration = 7_246_801_001
    /// Held by whoever changes the configuration and publishes it: one at a time, in every control plane.
    case publication = 7_246_801_002
    case audit = 7_246_801_003
    /// Held by whoever looks which evidence is to be renewed.
    case schedule = 7_246_801_004

    /// Waits for the lock up to the session's `lock_timeout`, then throws `.lockTimeout`.
    package func take(in transaction: Transaction) async throws(PostgresError) {
        try await transaction.query(Statement("SELECT pg_advisory_xact_lock($1::bigint)", .int(self.rawValue)))
    }
}
