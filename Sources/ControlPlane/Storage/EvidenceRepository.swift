package import Catalog
import Contract
package import Identity
package import Postgres

/// The table `evidence`: all that probes found.
package enum EvidenceRepository {
    package static func add(_ row: FoundEvidence, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO evidence (validation, provider, model, endpoint, upstream_model, dialect, evidence_case,
                    probe_version, verdict, reason, passes, attempts, latency_ms, error_class, input_tokens,
                    output_tokens, answer, at, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                """,
                .int(row.validation),
                .text(row.key.model.provider.text),
                .text(row.key.model.model.text),
                .text(row.endpoint.text),
                .text(row.upstreamModel),
                .text(row.key.dialect.rawValue),
                .text(row.key.case.rawValue),
                .int(row.outcome.probeVersion),
                .text(row.outcome.verdict.rawValue),
                .optional(row.outcome.reason),
                .int(row.outcome.passes),
                .int(row.outcome.attempts),
                .optional(row.outcome.latencyMilliseconds),
                .optional(row.outcome.errorClass),
                .optional(row.outcome.inputTokens),
                .optional(row.outcome.outputTokens),
                .optional(row.outcome.answer),
                .time(milliseconds: Int64(row.at)),
                .time(milliseconds: Int64(row.expiresAt))
            )
        )
    }

    /// What a run found so far, in the order of dialects and cases.
    package static func all(
        of validation: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [FoundEvidence] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT validation, provider, model, endpoint, upstream_model, dialect, evidence_case, probe_version,
                    verdict, reason, passes, attempts, latency_ms, error_class, input_tokens, output_tokens, answer, at,
                    expires_at
                FROM evidence WHERE validation = $1 ORDER BY dialect, evidence_case, id
                """,
                .int(validation)
            )
        )
        var evidence: [FoundEvidence] = []
        for row in rows {
            guard let key = try row.evidenceKey() else { continue }
            evidence.append(
                FoundEvidence(
                    validation: try row.int("validation"),
                    key: key,
                    endpoint: EndpointIdentity(text: try row.text("endpoint")),
                    upstreamModel: try row.text("upstream_model"),
                    outcome: try EvidenceRepository.outcome(row),
                    at: Int(try row.milliseconds("at")),
                    expiresAt: Int(try row.milliseconds("expires_at"))
                )
            )
        }
        return evidence
    }

    /// What the probes of all control planes cost each provider today.
    package static func spendToday(in transaction: Transaction) async throws(PostgresError) -> [Slug: ProbeSpend] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT provider, floor(extract(epoch FROM now()) / 86400)::bigint AS day,
                    least(sum(CASE WHEN input_tokens IS NULL AND output_tokens IS NULL THEN attempts * $1::bigint
                        ELSE coalesce(input_tokens, 0)::numeric + coalesce(output_tokens, 0) END),
                        9223372036854775807)::bigint AS tokens
                FROM evidence WHERE at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                GROUP BY provider
                """,
                .int(ProbeSpend.untold)
            )
        )
        var spend: [Slug: ProbeSpend] = [:]
        for row in rows {
            spend[try row.slug("provider")] = ProbeSpend(day: try row.int("day"), tokens: try row.int("tokens"))
        }
        return spend
    }

    /// What was asked about in vain since something was last found out.
    ///
    /// The few rows of `not-run` are what is looked at, and those of before the last find are passed over.
    package static func unanswered(
        in transaction: Transaction
    ) async throws(PostgresError) -> [EvidenceKey: [EndpointIdentity: UnansweredProbe]] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT asked.provider, asked.model, asked.dialect, asked.evidence_case, asked.endpoint,
                    max(asked.at) AS asked_at, count(*) AS times
                FROM evidence AS asked LEFT JOIN standing_evidence AS known
                    ON known.provider = asked.provider AND known.model = asked.model AND known.dialect = asked.dialect
                    AND known.evidence_case = asked.evidence_case AND known.fingerprint = fingerprint(asked.endpoint)
                WHERE asked.verdict = 'not-run' AND asked.endpoint <> ''
                    AND (known.looked_at IS NULL OR asked.at >= known.looked_at)
                GROUP BY asked.provider, asked.model, asked.dialect, asked.evidence_case, asked.endpoint
                """
            )
        )
        var unanswered: [EvidenceKey: [EndpointIdentity: UnansweredProbe]] = [:]
        for row in rows {
            guard let key = try row.evidenceKey() else { continue }
            unanswered[key, default: [:]][EndpointIdentity(text: try row.text("endpoint"))] =
                UnansweredProbe(askedAt: Int(try row.milliseconds("asked_at")), times: try row.int("times"))
        }
        return unanswered
    }

    private static func outcome(_ row: Row) throws(PostgresError) -> ValidationOutcome {
        guard let verdict = ValidationOutcome.Verdict(rawValue: try row.text("verdict")) else {
            throw .undecodable(column: "verdict", expected: "a verdict")
        }
        return ValidationOutcome(
            verdict: verdict,
            reason: try row.optionalText("reason"),
            passes: try row.int("passes"),
            attempts: try row.int("attempts"),
            latencyMilliseconds: try row.optionalInt("latency_ms"),
            errorClass: try row.optionalText("error_class"),
            inputTokens: try row.optionalInt("input_tokens"),
            outputTokens: try row.optionalInt("output_tokens"),
            answer: try row.optionalText("answer"),
            probeVersion: try row.int("probe_version")
        )
    }
}
