package import Catalog
import Contract
import Identity
package import Postgres

/// The table `attestation`.
package enum AttestationRepository {
    package static func all(
        in transaction: Transaction
    ) async throws(PostgresError) -> [EvidenceKey: AttestationSpec] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT provider, model, dialect, evidence_case, verdict, reason, attested_by, attested_at, expires_at,
                    endpoint
                FROM attestation
                """
            )
        )
        var attestations: [EvidenceKey: AttestationSpec] = [:]
        for row in rows {
            guard let key = try row.evidenceKey() else { continue }
            attestations[key] = AttestationSpec(
                AttestationInput(
                    verdict: try row.verdict("verdict"),
                    reason: try row.text("reason"),
                    expiresAt: try row.optionalMillisecondsInt("expires_at")
                ),
                by: try row.text("attested_by"),
                at: Int(try row.milliseconds("attested_at")),
                endpoint: EndpointIdentity(text: try row.text("endpoint"))
            )
        }
        return attestations
    }

    package static func put(
        _ key: EvidenceKey,
        _ spec: AttestationSpec,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO attestation (provider, model, dialect, evidence_case, verdict, reason, attested_by,
                    attested_at, expires_at, endpoint)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (provider, model, dialect, evidence_case) DO UPDATE SET verdict = excluded.verdict,
                    reason = excluded.reason, attested_by = excluded.attested_by,
                    attested_at = excluded.attested_at, expires_at = excluded.expires_at,
                    endpoint = excluded.endpoint
                """,
                .text(key.model.provider.text),
                .text(key.model.model.text),
                .text(key.dialect.rawValue),
                .text(key.case.rawValue),
                .text(spec.verdict.rawValue),
                .text(spec.reason),
                .text(spec.attestedBy),
                .time(milliseconds: Int64(spec.attestedAt)),
                .optional(milliseconds: spec.expiresAt),
                .text(spec.endpoint.text)
            )
        )
    }

    package static func delete(_ key: EvidenceKey, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                DELETE FROM attestation
                WHERE provider = $1 AND model = $2 AND dialect = $3 AND evidence_case = $4
                """,
                .text(key.model.provider.text),
                .text(key.model.model.text),
                .text(key.dialect.rawValue),
                .text(key.case.rawValue)
            )
        )
    }

    /// Whether any has come to its end.
    package static func hasExpired(at now: Int, in transaction: Transaction) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query(
            Statement(
                "SELECT EXISTS (SELECT 1 FROM attestation WHERE expires_at <= $1) AS expired",
                .time(milliseconds: Int64(now))
            )
        )
        return try rows.first?.bool("expired") ?? false
    }
}
