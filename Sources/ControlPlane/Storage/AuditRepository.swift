import Identity
package import Postgres
import Wire

/// The table `audit`: appended to in the transaction that does what the entry tells of.
package enum AuditRepository {
    package static func append(_ entry: AuditEntry, in transaction: Transaction) async throws(PostgresError) {
        // One chain, one writer at a time.
        try await AdvisoryLock.audit.take(in: transaction)
        try await transaction.execute(
            Statement(
                """
                INSERT INTO audit (sequence, at, actor, action, kind, key, change, request_id, previous_hash, hash)
                SELECT sequence, at, actor, action, kind, key, change, request_id, previous_hash,
                    audit_hash(sequence, at, actor, action, kind, key, change, request_id, previous_hash)
                FROM (
                    SELECT coalesce(last.sequence, 0) + 1 AS sequence, clock_timestamp() AS at, $1::text AS actor,
                        $2::text AS action, $3::text AS kind, $4::text AS key, $5::jsonb AS change,
                        $6::text AS request_id,
                        coalesce(last.hash, decode(repeat('00', 32), 'hex')) AS previous_hash
                    FROM (SELECT 1) AS one
                    LEFT JOIN (SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1) AS last ON true
                ) AS entry
                """,
                .text(entry.actor),
                .text(entry.action),
                .text(entry.kind),
                .text(entry.key),
                .text(JSONWriter.text(entry.change)),
                .optional(entry.requestID?.description)
            )
        )
    }

    /// The entries below `before`, newest first.
    package static func list(
        before: Int?,
        limit: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [AuditRecord] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT sequence, at, actor, action, kind, key, change, request_id, hash FROM audit
                WHERE $1::bigint IS NULL OR sequence < $1::bigint ORDER BY sequence DESC LIMIT $2::bigint
                """,
                .optional(before),
                .int(limit)
            )
        )
        var records: [AuditRecord] = []
        for row in rows {
            guard let change = try? JSONReader.read(Array(try row.text("change").utf8)) else {
                throw .undecodable(column: "change", expected: "JSON")
            }
            records.append(
                AuditRecord(
                    sequence: try row.int("sequence"),
                    at: try row.milliseconds("at"),
                    entry: AuditEntry(
                        actor: try row.text("actor"),
                        action: try row.text("action"),
                        kind: try row.text("kind"),
                        key: try row.text("key"),
                        change: change,
                        requestID: try row.optionalText("request_id").flatMap { RequestID($0) }
                    ),
                    hash: try row.digest("hash")
                )
            )
        }
        return records
    }

    /// The first entry that does not fit the chain; nil when all do.
    package static func firstBroken(in transaction: Transaction) async throws(PostgresError) -> Int? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT min(sequence) AS sequence FROM (
                    SELECT sequence, hash, previous_hash,
                        audit_hash(sequence, at, actor, action, kind, key, change, request_id, previous_hash)
                            AS computed,
                        lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY sequence) AS before,
                        row_number() OVER (ORDER BY sequence) AS position
                    FROM audit
                ) AS chain
                WHERE hash <> computed OR previous_hash <> before OR sequence <> position
                """
            )
        )
        return try rows.first?.optionalInt("sequence")
    }
}
