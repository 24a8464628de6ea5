package import Identity
package import Postgres

/// The table `join_token`.
package enum JoinTokenRepository {
    /// Returns when it expires, in milliseconds since 1970.
    package static func add(
        id: String,
        digest: Digest,
        validFor seconds: Int,
        by actor: String,
        in transaction: Transaction
    ) async throws(PostgresError) -> Int64 {
        let rows = try await transaction.query(
            Statement(
                """
                INSERT INTO join_token (id, digest, created_by, expires_at)
                VALUES ($1, $2, $3, now() + make_interval(secs => $4::double precision)) RETURNING expires_at
                """,
                .text(id),
                .bytes(digest.bytes),
                .text(actor),
                .int(seconds)
            )
        )
        guard let row = rows.first else { throw .undecodable(column: "expires_at", expected: "a row") }
        return try row.milliseconds("expires_at")
    }

    /// What is known of a join token when someone presents it; the row stays locked until the transaction ends.
    package struct State: Hashable, Sendable {
        package let digest: Digest
        /// The node that joined with it.
        package let usedBy: String?
        package let isExpired: Bool
    }

    package static func lock(id: String, in transaction: Transaction) async throws(PostgresError) -> State? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT digest, used_by, expires_at <= now() AS expired
                FROM join_token WHERE id = $1 FOR UPDATE
                """,
                .text(id)
            )
        )
        guard let row = rows.first else { return nil }
        return State(
            digest: try row.digest("digest"),
            usedBy: try row.optionalText("used_by"),
            isExpired: try row.bool("expired")
        )
    }

    package static func use(id: String, by node: String, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                "UPDATE join_token SET used_at = now(), used_by = $2 WHERE id = $1",
                .text(id),
                .text(node)
            )
        )
    }
}
