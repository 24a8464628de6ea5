import Catalog
import Contract
package import Identity
package import Postgres

/// The table `snapshot`.
package enum SnapshotRepository {
    package static func add(_ snapshot: NewSnapshot, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO snapshot (epoch, version, sha256, content_sha256, envelope, sealed_secrets,
                    revocation_sequence, created_by, reason, restored_from)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                .int(snapshot.reference.version.epoch),
                .int(snapshot.reference.version.number),
                .bytes(snapshot.reference.sha256.bytes),
                .bytes(snapshot.contentSHA256.bytes),
                .bytes(snapshot.envelope),
                .bytes(snapshot.sealedSecrets),
                .int(snapshot.revocationSequence),
                .text(snapshot.createdBy),
                .text(snapshot.reason),
                .optional(snapshot.restoredFrom)
            )
        )
    }

    /// The newest one; nil before the first publication.
    package static func latest(in transaction: Transaction) async throws(PostgresError) -> SnapshotSummary? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT epoch, version, sha256, content_sha256, octet_length(envelope) AS byte_count,
                    revocation_sequence, created_at, created_by, reason, restored_from
                FROM snapshot ORDER BY epoch DESC, version DESC LIMIT 1
                """
            )
        )
        return try rows.first.map(SnapshotRepository.summary)
    }

    /// The versions of the current epoch below `before`, newest first.
    package static func list(
        before: Int?,
        limit: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [SnapshotSummary] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT epoch, version, sha256, content_sha256, octet_length(envelope) AS byte_count,
                    revocation_sequence, created_at, created_by, reason, restored_from
                FROM snapshot
                WHERE epoch = (SELECT epoch FROM cluster) AND ($1::bigint IS NULL OR version < $1::bigint)
                ORDER BY version DESC LIMIT $2::bigint
                """,
                .optional(before),
                .int(limit)
            )
        )
        var summaries: [SnapshotSummary] = []
        for row in rows { summaries.append(try SnapshotRepository.summary(row)) }
        return summaries
    }

    /// A version of the current epoch with its bytes.
    package static func read(
        version: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> StoredSnapshot? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT epoch, version, sha256, content_sha256, octet_length(envelope) AS byte_count,
                    revocation_sequence, created_at, created_by, reason, restored_from, envelope, sealed_secrets
                FROM snapshot WHERE epoch = (SELECT epoch FROM cluster) AND version = $1
                """,
                .int(version)
            )
        )
        return try rows.first.map(SnapshotRepository.stored)
    }

    /// The one whose envelope has this hash.
    package static func read(
        sha256: Digest,
        in transaction: Transaction
    ) async throws(PostgresError) -> StoredSnapshot? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT epoch, version, sha256, content_sha256, octet_length(envelope) AS byte_count,
                    revocation_sequence, created_at, created_by, reason, restored_from, envelope, sealed_secrets
                FROM snapshot WHERE sha256 = $1
                """,
                .bytes(sha256.bytes)
            )
        )
        return try rows.first.map(SnapshotRepository.stored)
    }

    /// The last revocation that each of the newest `limit` snapshots contains, by its hash.
    package static func revocationSequences(
        limit: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [Digest: Int] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT sha256, revocation_sequence FROM snapshot ORDER BY epoch DESC, version DESC LIMIT $1::bigint
                """,
                .int(limit)
            )
        )
        var sequences: [Digest: Int] = [:]
        for row in rows { sequences[try row.digest("sha256")] = try row.int("revocation_sequence") }
        return sequences
    }

    /// Deletes all but the newest `count` snapshots of administrators, the newest `ownCount` that the control plane
    /// published of itself, and those that nodes run; the bundles that belong to the deleted go with them.
    ///
    /// Neither kind can use up the room of the other. Each count is at least 1, so that the newest of all stays.
    package static func prune(
        keeping count: Int,
        andOwn ownCount: Int,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                DELETE FROM snapshot USING (
                    SELECT epoch, version, is_own,
                        row_number() OVER (PARTITION BY is_own ORDER BY epoch DESC, version DESC) AS place
                    FROM (SELECT epoch, version, created_by = ANY ($3::text[]) AS is_own FROM snapshot) AS kinds
                ) AS ranked
                WHERE snapshot.epoch = ranked.epoch AND snapshot.version = ranked.version
                    AND ranked.place > CASE WHEN ranked.is_own THEN $2::bigint ELSE $1::bigint END
                    AND NOT EXISTS (
                        SELECT FROM node_report JOIN node ON node.id = node_report.node
                        WHERE node.removed_at IS NULL AND node_report.running_sha256 = snapshot.sha256
                    )
                """,
                .int(max(1, count)),
                .int(max(1, ownCount)),
                .texts(OwnActor.allCases.map(\.rawValue))
            )
        )
    }

    private static func summary(_ row: Row) throws(PostgresError) -> SnapshotSummary {
        SnapshotSummary(
            reference: SnapshotReference(
                version: SnapshotVersion(epoch: try row.int("epoch"), number: try row.int("version")),
                sha256: try row.digest("sha256")
            ),
            contentSHA256: try row.digest("content_sha256"),
            byteCount: try row.int("byte_count"),
            revocationSequence: try row.int("revocation_sequence"),
            createdAt: try row.milliseconds("created_at"),
            createdBy: try row.text("created_by"),
            reason: try row.text("reason"),
            restoredFrom: try row.optionalInt("restored_from")
        )
    }

    private static func stored(_ row: Row) throws(PostgresError) -> StoredSnapshot {
        StoredSnapshot(
            summary: try SnapshotRepository.summary(row),
            envelope: try row.bytes("envelope"),
            sealedSecrets: try row.bytes("sealed_secrets")
        )
    }
}
