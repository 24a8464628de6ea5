import Administration
import Catalog
import Contract
import Identity
import Wire

/// How validations and evidence look in answers.
enum EvidenceAnswers {
    static func detail(_ detail: Validations.Detail) -> JSONValue {
        ResourceAnswers.adding(
            [("evidence", .array(detail.evidence.map(EvidenceAnswers.evidence)))],
            to: EvidenceAnswers.run(detail.run)
        )
    }

    static func run(_ run: ValidationRun) -> JSONValue {
        [
            "id": .int(run.id), "provider": .string(run.model.provider.text), "model": .string(run.model.model.text),
            "dialects": .array(run.dialects.map { .string($0) }), "cases": .array(run.cases.map { .string($0) }),
            "requested_by": .string(run.requestedBy), "reason": .string(run.reason.rawValue),
            "state": .string(run.state.rawValue), "jobs": .int(run.jobs), "done": .int(run.done),
            "created_at": ResourceAnswers.time(run.createdAt), "started_at": ResourceAnswers.time(run.startedAt),
            "finished_at": ResourceAnswers.time(run.finishedAt),
        ]
    }

    private static func evidence(_ row: FoundEvidence) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        let outcome = row.outcome
        return [
            "dialect": .string(row.key.dialect.rawValue), "case": .string(row.key.case.rawValue),
            "verdict": .string(outcome.verdict.rawValue), "reason": text(outcome.reason),
            "passes": .int(outcome.passes), "attempts": .int(outcome.attempts),
            "latency_ms": ResourceAnswers.number(outcome.latencyMilliseconds),
            "error_class": text(outcome.errorClass),
            "input_tokens": ResourceAnswers.number(outcome.inputTokens),
            "output_tokens": ResourceAnswers.number(outcome.outputTokens), "answer": text(outcome.answer),
            "upstream_model": .string(row.upstreamModel), "probe_version": .int(outcome.probeVersion),
            "at": ResourceAnswers.time(row.at), "expires_at": ResourceAnswers.time(row.expiresAt),
        ]
    }

    /// An attestation's word, else what probes found.
    static func standing(_ item: Validations.Standing) -> JSONValue {
        let verdict = item.attestation?.verdict ?? item.found?.verdict
        let at = item.attestation?.attestedAt ?? item.found?.observedAt
        let expiry = item.attestation.map(\.expiresAt) ?? item.found?.expiresAt
        let probed = item.found.map { found -> JSONValue in
            [
                "verdict": .string(found.verdict.rawValue), "observed_at": ResourceAnswers.time(found.observedAt),
                "expires_at": ResourceAnswers.time(found.expiresAt), "probe_version": .int(found.probeVersion),
            ]
        }
        return .object(
            JSONObject(
                AdminEndpoints.names(of: item.key) + [
                    ("verdict", verdict.map { .string($0.rawValue) } ?? .null),
                    ("attested", .bool(item.attestation != nil)),
                    ("observed_at", ResourceAnswers.time(at)),
                    ("age_seconds", ResourceAnswers.number(at.map { max(0, item.now - $0) / 1000 })),
                    ("expires_at", ResourceAnswers.time(expiry)),
                    ("expired", .bool(expiry.map { $0 <= item.now } ?? false)), ("probed", probed ?? .null),
                ]
            )
        )
    }
}
