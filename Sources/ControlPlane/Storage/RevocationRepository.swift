package import Postgres

/// The table `revocation`.
package enum RevocationRepository {
    /// Revokes a caller token, once; returns the sequence number of its revocation.
    ///
    /// The caller holds `AdvisoryLock.publication`, so that numbers are committed in their order.
    package static func add(
        tokenID: String,
        by actor: String,
        in transaction: Transaction
    ) async throws(PostgresError) -> Int {
        let rows = try await transaction.query(
            Statement(
                """
                WITH added AS (
                    INSERT INTO revocation (sequence, token_id, revoked_by)
                    VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM revocation), $1, $2)
                    ON CONFLICT (token_id) DO NOTHING RETURNING sequence
                )
                SELECT sequence FROM added UNION ALL SELECT sequence FROM revocation WHERE token_id = $1
                """,
                .text(tokenID),
                .text(actor)
            )
        )
        guard let row = rows.first else { throw .undecodable(column: "sequence", expected: "a row") }
        return try row.int("sequence")
    }

    /// The last sequence number; 0 when nothing was ever revoked.
    package static func lastSequence(in transaction: Transaction) async throws(PostgresError) -> Int {
        let rows = try await transaction.query(
            Statement("SELECT coalesce(max(sequence), 0) AS sequence FROM revocation")
        )
        return try rows.first?.int("sequence") ?? 0
    }

    /// The newest `limit` revocations after `sequence`, in order.
    package static func all(
        after sequence: Int,
        limit: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [(sequence: Int, tokenID: String)] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT sequence, token_id FROM (
                    SELECT sequence, token_id FROM revocation WHERE sequence > $1
                    ORDER BY sequence DESC LIMIT $2::bigint
                ) AS newest ORDER BY sequence
                """,
                .int(sequence),
                .int(limit)
            )
        )
        var revocations: [(sequence: Int, tokenID: String)] = []
        for row in rows { revocations.append((try row.int("sequence"), try row.text("token_id"))) }
        return revocations
    }

    /// The ids of all tokens that were ever revoked.
    package static func allTokenIDs(in transaction: Transaction) async throws(PostgresError) -> Set<String> {
        let rows = try await transaction.query(Statement("SELECT token_id FROM revocation"))
        var ids: Set<String> = []
        for row in rows { ids.insert(try row.text("token_id")) }
        return ids
    }
}
