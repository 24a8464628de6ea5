package import Postgres

/// The tables `cluster`, `signing_key` and `pepper`.
package enum ClusterRepository {
    /// What every change that nodes must hear of is notified on.
    package static let changes = NotificationChannel("cluster_change")

    /// Nil before the first start.
    package static func read(in transaction: Transaction) async throws(PostgresError) -> ClusterRow? {
        let rows = try await transaction.query(Statement("SELECT id, epoch, version, change FROM cluster"))
        guard let row = rows.first else { return nil }
        return ClusterRow(
            id: try row.text("id"),
            epoch: try row.int("epoch"),
            version: try row.int("version"),
            change: try row.int("change")
        )
    }

    package static func create(id: String, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(Statement("INSERT INTO cluster (id) VALUES ($1)", .text(id)))
    }

    /// Gives out the next version of the epoch, above `floor` too, and the time in milliseconds since 1970.
    ///
    /// The row stays locked until the transaction ends, so that versions are committed in their order.
    package static func nextVersion(
        above floor: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> (epoch: Int, version: Int, at: Int64) {
        let rows = try await transaction.query(
            Statement(
                """
                UPDATE cluster SET version = greatest(version, $1::bigint) + 1
                RETURNING epoch, version, clock_timestamp() AS at
                """,
                .int(floor)
            )
        )
        guard let row = rows.first else { throw .undecodable(column: "version", expected: "a cluster") }
        return (try row.int("epoch"), try row.int("version"), try row.milliseconds("at"))
    }

    /// The counter of changes; nil before the first start.
    package static func change(in transaction: Transaction) async throws(PostgresError) -> Int? {
        try await transaction.query(Statement("SELECT change FROM cluster")).first?.int("change")
    }

    /// Tells every control plane, when the transaction commits, that there is something nodes must hear of.
    package static func noteChange(in transaction: Transaction) async throws(PostgresError) {
        let rows = try await transaction.query(
            Statement("UPDATE cluster SET change = change + 1 RETURNING change")
        )
        guard let row = rows.first else { throw .undecodable(column: "change", expected: "a cluster") }
        try await transaction.query(ClusterRepository.changes.notify(String(try row.int("change"))))
    }

    /// In the order in which they were made.
    package static func signingKeys(in transaction: Transaction) async throws(PostgresError) -> [SigningKeyRow] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, public_key, sealed_private_key, retired_at IS NOT NULL AS retired
                FROM signing_key ORDER BY created_at, id
                """
            )
        )
        var keys: [SigningKeyRow] = []
        for row in rows {
            keys.append(
                SigningKeyRow(
                    id: try row.text("id"),
                    publicKey: try row.bytes("public_key"),
                    sealedPrivateKey: try row.bytes("sealed_private_key"),
                    isRetired: try row.bool("retired")
                )
            )
        }
        return keys
    }

    package static func add(_ key: SigningKeyRow, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                "INSERT INTO signing_key (id, public_key, sealed_private_key) VALUES ($1, $2, $3)",
                .text(key.id),
                .bytes(key.publicKey),
                .bytes(key.sealedPrivateKey)
            )
        )
    }

    /// In the order in which they were made; the last one is used for new tokens.
    package static func peppers(in transaction: Transaction) async throws(PostgresError) -> [PepperRow] {
        let rows = try await transaction.query(
            Statement("SELECT id, sealed_key FROM pepper ORDER BY created_at, id")
        )
        var peppers: [PepperRow] = []
        for row in rows {
            peppers.append(PepperRow(id: try row.text("id"), sealedKey: try row.bytes("sealed_key")))
        }
        return peppers
    }

    package static func add(_ pepper: PepperRow, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                "INSERT INTO pepper (id, sealed_key) VALUES ($1, $2)",
                .text(pepper.id),
                .bytes(pepper.sealedKey)
            )
        )
    }
}
