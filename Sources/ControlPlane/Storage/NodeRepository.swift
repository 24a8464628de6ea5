package import Contract
package import Identity
package import Postgres
import Wire

/// The tables `node` and `node_report`.
package enum NodeRepository {
    /// Nodes that are not removed, by name.
    package static func all(in transaction: Transaction) async throws(PostgresError) -> [NodeRow] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, name, signing_key, sealing_key, join_token, joined_at, boot_id, built_by, polled_at,
                    running_epoch, running_version, running_sha256, revocation_sequence, clock_skew,
                    verdict_epoch, verdict_version, verdict_sha256, refusal_code, refusal_detail, verdict_at, targets
                FROM node LEFT JOIN node_report ON node_report.node = node.id
                WHERE removed_at IS NULL ORDER BY name
                """
            )
        )
        var nodes: [NodeRow] = []
        for row in rows { nodes.append(try NodeRepository.node(row)) }
        return nodes
    }

    /// The signing keys of the newest `limit` removed nodes by id, to tell them so.
    package static func removedKeys(
        limit: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [String: [UInt8]] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, signing_key FROM node WHERE removed_at IS NOT NULL
                ORDER BY removed_at DESC LIMIT $1::bigint
                """,
                .int(limit)
            )
        )
        var keys: [String: [UInt8]] = [:]
        for row in rows { keys[try row.text("id")] = try row.bytes("signing_key") }
        return keys
    }

    /// A node by its id, unless it was removed.
    package static func read(id: String, in transaction: Transaction) async throws(PostgresError) -> NodeRow? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, name, signing_key, sealing_key, join_token, joined_at, boot_id, built_by, polled_at,
                    running_epoch, running_version, running_sha256, revocation_sequence, clock_skew,
                    verdict_epoch, verdict_version, verdict_sha256, refusal_code, refusal_detail, verdict_at, targets
                FROM node LEFT JOIN node_report ON node_report.node = node.id
                WHERE removed_at IS NULL AND node.id = $1
                """,
                .text(id)
            )
        )
        return try rows.first.map(NodeRepository.node)
    }

    /// Throws `.uniqueViolation` when the name or the signing key belongs to another node.
    package static func add(
        id: String,
        name: Slug,
        signingKey: [UInt8],
        sealingKey: [UInt8],
        joinToken: String,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                "INSERT INTO node (id, name, signing_key, sealing_key, join_token) VALUES ($1, $2, $3, $4, $5)",
                .text(id),
                .text(name.text),
                .bytes(signingKey),
                .bytes(sealingKey),
                .text(joinToken)
            )
        )
    }

    /// Whether there was such a node; its row stays, and its name becomes free.
    package static func remove(
        id: String,
        by actor: String,
        in transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let removed = try await transaction.execute(
            Statement(
                "UPDATE node SET removed_at = now(), removed_by = $2 WHERE id = $1 AND removed_at IS NULL",
                .text(id),
                .text(actor)
            )
        )
        // What was sealed to it is of no use to anyone else.
        try await transaction.execute(Statement("DELETE FROM node_secrets WHERE node = $1", .text(id)))
        return removed > 0
    }

    /// Stores what a node said; an older report does not replace a newer one, and no verdict leaves the last.
    ///
    /// Ages are in milliseconds; that of a verdict may be more than that of the rest. The database's clock dates both,
    /// for those of control planes differ, and a node may change over from one to another. What stands dated in the
    /// future, by a clock that was put back, is replaced all the same.
    package static func store(
        _ report: NodeReport,
        of node: String,
        age: Int = 0,
        verdictAge: Int? = nil,
        in transaction: Transaction
    ) async throws(PostgresError) {
        var code: String?
        var detail: String?
        if case .refused(let refusalCode, let refusalDetail) = report.verdict?.outcome {
            code = refusalCode
            detail = refusalDetail
        }
        try await transaction.execute(
            Statement(
                """
                INSERT INTO node_report AS old (node, boot_id, built_by, polled_at, running_epoch, running_version,
                    running_sha256, revocation_sequence, clock_skew, verdict_epoch, verdict_version,
                    verdict_sha256, refusal_code, refusal_detail, verdict_at, targets)
                SELECT id, $2, $3, clock_timestamp() - $4::bigint * interval '1 millisecond', $5::bigint, $6::bigint, $7, $8::bigint, $9::bigint, $10::bigint,
                    $11::bigint, $12, $13, $14, clock_timestamp() - $15::bigint * interval '1 millisecond', $16::jsonb
                FROM node WHERE id = $1 AND removed_at IS NULL
                ON CONFLICT (node) DO UPDATE SET boot_id = excluded.boot_id, built_by = excluded.built_by,
                    polled_at = excluded.polled_at, running_epoch = excluded.running_epoch,
                    running_version = excluded.running_version, running_sha256 = excluded.running_sha256,
                    revocation_sequence = excluded.revocation_sequence, clock_skew = excluded.clock_skew,
                    verdict_epoch = coalesce(excluded.verdict_epoch, old.verdict_epoch),
                    verdict_version = coalesce(excluded.verdict_version, old.verdict_version),
                    verdict_sha256 = coalesce(excluded.verdict_sha256, old.verdict_sha256),
                    refusal_code =
                        CASE WHEN excluded.verdict_at IS NULL THEN old.refusal_code ELSE excluded.refusal_code END,
                    refusal_detail =
                        CASE WHEN excluded.verdict_at IS NULL THEN old.refusal_detail ELSE excluded.refusal_detail END,
                    verdict_at = coalesce(excluded.verdict_at, old.verdict_at), targets = excluded.targets
                WHERE old.polled_at <= excluded.polled_at OR old.polled_at > clock_timestamp()
                """,
                .text(node),
                .text(report.bootID),
                .text(report.builtBy),
                .int(age),
                .optional(report.running?.version.epoch),
                .optional(report.running?.version.number),
                .optional(report.running?.sha256.bytes),
                .int(report.revocationSequence),
                .int(report.clockSkew),
                .optional(report.verdict?.snapshot.version.epoch),
                .optional(report.verdict?.snapshot.version.number),
                .optional(report.verdict?.snapshot.sha256.bytes),
                .optional(code),
                .optional(detail),
                .optional(report.verdict == nil ? nil : verdictAge ?? age),
                .json(.array(report.targets.map(\.json)))
            )
        )
    }

    /// The highest version of the epoch that any node ever reported; 0 when none did.
    ///
    /// After a failover that lost commits the counter may be behind what nodes already run. A node that claims to
    /// be further ahead than any failover explains is not believed, or it could use up the numbers.
    package static func highestReportedVersion(
        epoch: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> Int {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT greatest(
                    coalesce(max(running_version) FILTER (
                        WHERE running_epoch = $1 AND running_version <= cluster.version + $2::bigint), 0),
                    coalesce(max(verdict_version) FILTER (
                        WHERE verdict_epoch = $1 AND verdict_version <= cluster.version + $2::bigint), 0)
                ) AS version FROM node_report, cluster
                """,
                .int(epoch),
                .int(NodeRepository.credibleLead)
            )
        )
        return try rows.first?.int("version") ?? 0
    }

    /// How many versions a failover may have lost.
    private static let credibleLead = 1_000_000

    /// The nodes that say they run another snapshot than `latest` under a number that is not below its number.
    ///
    /// They will never apply `latest`.
    package static func ahead(
        of latest: SnapshotReference,
        in transaction: Transaction
    ) async throws(PostgresError) -> [String] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT node FROM node_report JOIN node ON node.id = node_report.node, cluster
                WHERE removed_at IS NULL AND running_epoch = $1 AND running_version >= $2::bigint
                    AND running_version <= cluster.version + $4::bigint AND running_sha256 <> $3
                ORDER BY node
                """,
                .int(latest.version.epoch),
                .int(latest.version.number),
                .bytes(latest.sha256.bytes),
                .int(NodeRepository.credibleLead)
            )
        )
        var nodes: [String] = []
        for row in rows { nodes.append(try row.text("node")) }
        return nodes
    }

    private static func node(_ row: Row) throws(PostgresError) -> NodeRow {
        NodeRow(
            id: try row.text("id"),
            name: try row.text("name"),
            signingKey: try row.bytes("signing_key"),
            sealingKey: try row.bytes("sealing_key"),
            joinToken: try row.text("join_token"),
            joinedAt: try row.milliseconds("joined_at"),
            report: try NodeRepository.report(row),
            polledAt: try row.optionalMilliseconds("polled_at"),
            verdictAt: try row.optionalMilliseconds("verdict_at")
        )
    }

    private static func report(_ row: Row) throws(PostgresError) -> NodeReport? {
        guard let bootID = try row.optionalText("boot_id") else { return nil }
        var verdict: SnapshotVerdict?
        if let snapshot = try NodeRepository.reference(row, "verdict_epoch", "verdict_version", "verdict_sha256") {
            let code = try row.optionalText("refusal_code")
            let detail = try row.optionalText("refusal_detail") ?? ""
            verdict = SnapshotVerdict(
                snapshot: snapshot,
                outcome: code.map { .refused(code: $0, detail: detail) } ?? .applied
            )
        }
        return NodeReport(
            bootID: bootID,
            builtBy: try row.text("built_by"),
            running: try NodeRepository.reference(row, "running_epoch", "running_version", "running_sha256"),
            revocationSequence: try row.int("revocation_sequence"),
            clockSkew: try row.int("clock_skew"),
            verdict: verdict,
            targets: try NodeRepository.targets(row)
        )
    }

    /// Those that can be read: another version of the program may have written more.
    private static func targets(_ row: Row) throws(PostgresError) -> [TargetHealth] {
        (try row.json("targets").arrayValue ?? []).compactMap { try? TargetHealth(JSONMembers($0)) }
    }

    private static func reference(
        _ row: Row,
        _ epoch: String,
        _ version: String,
        _ sha256: String
    ) throws(PostgresError) -> SnapshotReference? {
        guard let epoch = try row.optionalInt(epoch), let number = try row.optionalInt(version),
            let sha256 = try row.optionalDigest(sha256)
        else {
            return nil
        }
        return SnapshotReference(version: SnapshotVersion(epoch: epoch, number: number), sha256: sha256)
    }
}
