package import Catalog
import Contract
import Identity
package import Postgres

/// The table `standing_evidence`.
package enum StandingEvidenceRepository {
    /// The verdicts of all endpoints, the present and those of before.
    package static func all(
        in transaction: Transaction
    ) async throws(PostgresError) -> [EvidenceKey: [EndpointIdentity: StandingEvidence]] {
        try await StandingEvidenceRepository.verdicts(in: transaction).mapValues { $0.mapValues(\.evidence) }
    }

    /// The same, and what may turn them over.
    package static func verdicts(
        in transaction: Transaction
    ) async throws(PostgresError) -> [EvidenceKey: [EndpointIdentity: StandingVerdict]] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT provider, model, dialect, evidence_case, endpoint, verdict, probe_version, observed_at, expires_at,
                    looked_at, flipped_at, contrary
                FROM standing_evidence
                """
            )
        )
        var standing: [EvidenceKey: [EndpointIdentity: StandingVerdict]] = [:]
        for row in rows {
            guard let key = try row.evidenceKey() else { continue }
            standing[key, default: [:]][EndpointIdentity(text: try row.text("endpoint"))] =
                try StandingEvidenceRepository.verdict(row)
        }
        return standing
    }

    /// The verdict on one case at one endpoint, kept from others to the end of the transaction; nil for none.
    package static func lock(
        _ key: EvidenceKey,
        at endpoint: EndpointIdentity,
        in transaction: Transaction
    ) async throws(PostgresError) -> StandingVerdict? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT verdict, probe_version, observed_at, expires_at, looked_at, flipped_at, contrary
                FROM standing_evidence
                WHERE provider = $1 AND model = $2 AND dialect = $3 AND evidence_case = $4
                    AND fingerprint = fingerprint($5)
                FOR UPDATE
                """,
                .text(key.model.provider.text),
                .text(key.model.model.text),
                .text(key.dialect.rawValue),
                .text(key.case.rawValue),
                .text(endpoint.text)
            )
        )
        return try rows.first.map(StandingEvidenceRepository.verdict)
    }

    package static func put(
        _ key: EvidenceKey,
        at endpoint: EndpointIdentity,
        _ verdict: StandingVerdict,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO standing_evidence (provider, model, dialect, evidence_case, fingerprint, endpoint, verdict,
                    probe_version, observed_at, expires_at, looked_at, flipped_at, contrary)
                VALUES ($1, $2, $3, $4, fingerprint($5), $5, $6, $7, $8, $9, $10, $11, $12)
                ON CONFLICT (provider, model, dialect, evidence_case, fingerprint) DO UPDATE SET
                    verdict = excluded.verdict, probe_version = excluded.probe_version,
                    observed_at = excluded.observed_at, expires_at = excluded.expires_at,
                    looked_at = excluded.looked_at, flipped_at = excluded.flipped_at, contrary = excluded.contrary
                """,
                .text(key.model.provider.text),
                .text(key.model.model.text),
                .text(key.dialect.rawValue),
                .text(key.case.rawValue),
                .text(endpoint.text),
                .text(verdict.evidence.verdict.rawValue),
                .int(verdict.evidence.probeVersion),
                .time(milliseconds: Int64(verdict.evidence.observedAt)),
                .time(milliseconds: Int64(verdict.evidence.expiresAt)),
                .time(milliseconds: Int64(verdict.lookedAt)),
                .optional(milliseconds: verdict.flippedAt),
                .int(verdict.contrary)
            )
        )
    }

    /// Forgets verdicts that proved nothing for long.
    package static func prune(expiredBefore time: Int, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement("DELETE FROM standing_evidence WHERE expires_at < $1", .time(milliseconds: Int64(time)))
        )
    }

    private static func verdict(_ row: Row) throws(PostgresError) -> StandingVerdict {
        StandingVerdict(
            evidence: StandingEvidence(
                verdict: try row.verdict("verdict"),
                observedAt: Int(try row.milliseconds("observed_at")),
                expiresAt: Int(try row.milliseconds("expires_at")),
                probeVersion: try row.int("probe_version")
            ),
            lookedAt: Int(try row.milliseconds("looked_at")),
            flippedAt: try row.optionalMillisecondsInt("flipped_at"),
            contrary: try row.int("contrary")
        )
    }
}
