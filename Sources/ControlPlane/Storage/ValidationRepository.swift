package import Catalog
import Contract
import Identity
package import Postgres

/// The table `validation`.
package enum ValidationRepository {
    /// Queues a run of these cases of one model; returns its id, or nil when there are none.
    package static func add(
        _ keys: [EvidenceKey],
        of model: ModelKey,
        reason: ValidationReason,
        by actor: String,
        in transaction: Transaction
    ) async throws(PostgresError) -> Int? {
        guard !keys.isEmpty else { return nil }
        let rows = try await transaction.query(
            Statement(
                """
                WITH run AS (
                    INSERT INTO validation (provider, model, dialects, cases, requested_by, reason)
                    SELECT $1, $2, array_agg(DISTINCT dialect), array_agg(DISTINCT evidence_case), $3, $4
                    FROM unnest($5::text[], $6::text[]) AS job (dialect, evidence_case)
                    RETURNING id
                ), jobs AS (
                    INSERT INTO validation_job (validation, dialect, evidence_case)
                    SELECT run.id, job.dialect, job.evidence_case
                    FROM run, unnest($5::text[], $6::text[]) WITH ORDINALITY AS job (dialect, evidence_case, position)
                    ORDER BY position
                )
                SELECT id FROM run
                """,
                .text(model.provider.text),
                .text(model.model.text),
                .text(actor),
                .text(reason.rawValue),
                .texts(keys.map(\.dialect.rawValue)),
                .texts(keys.map(\.case.rawValue))
            )
        )
        guard let row = rows.first else { throw .undecodable(column: "id", expected: "a row") }
        return try row.int("id")
    }

    /// Whether a run for this reason is queued that has not begun, so that it will see what is configured now.
    package static func isQueued(
        _ model: ModelKey,
        reason: ValidationReason,
        in transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT EXISTS (
                    SELECT 1 FROM validation
                    WHERE provider = $1 AND model = $2 AND reason = $3 AND state = 'queued' AND finished_at IS NULL
                ) AS queued
                """,
                .text(model.provider.text),
                .text(model.model.text),
                .text(reason.rawValue)
            )
        )
        return try rows.first?.bool("queued") ?? false
    }

    /// The models that have a run which is not over.
    package static func unfinishedModels(in transaction: Transaction) async throws(PostgresError) -> Set<ModelKey> {
        let rows = try await transaction.query(
            Statement("SELECT DISTINCT provider, model FROM validation WHERE finished_at IS NULL")
        )
        var models: Set<ModelKey> = []
        for row in rows { models.insert(ModelKey(provider: try row.slug("provider"), model: try row.slug("model"))) }
        return models
    }

    /// The models that a run was queued of at `milliseconds` since 1970 or later.
    package static func models(
        validatedSince milliseconds: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> Set<ModelKey> {
        let rows = try await transaction.query(
            Statement(
                "SELECT DISTINCT provider, model FROM validation WHERE created_at >= $1::timestamptz",
                .time(milliseconds: Int64(milliseconds))
            )
        )
        var models: Set<ModelKey> = []
        for row in rows { models.insert(ModelKey(provider: try row.slug("provider"), model: try row.slug("model"))) }
        return models
    }

    package static func noteStart(of ids: [Int], in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                "UPDATE validation SET state = 'running', started_at = now() WHERE id = ANY ($1::bigint[]) AND state = 'queued'",
                .texts(ids.map(String.init))
            )
        )
    }

    /// Ends the runs of which every case is done, or the one given; returns how many ended.
    package static func finish(_ id: Int? = nil, in transaction: Transaction) async throws(PostgresError) -> Int {
        try await transaction.execute(
            Statement(
                """
                UPDATE validation SET finished_at = now(), state = CASE
                    WHEN EXISTS (SELECT 1 FROM evidence WHERE validation = validation.id AND verdict <> 'not-run')
                    THEN 'done' ELSE 'failed' END
                WHERE finished_at IS NULL AND ($1::bigint IS NULL OR id = $1::bigint)
                    AND NOT EXISTS (SELECT 1 FROM validation_job WHERE validation = validation.id AND done_at IS NULL)
                """,
                .optional(id)
            )
        )
    }

    /// The runs below `before`, newest first.
    package static func list(
        before: Int?,
        limit: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [ValidationRun] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, provider, model, dialects, cases, requested_by, reason, state, created_at, started_at,
                    finished_at, (SELECT count(*) FROM validation_job WHERE validation = run.id) AS jobs,
                    (SELECT count(done_at) FROM validation_job WHERE validation = run.id) AS done
                FROM validation AS run
                WHERE $1::bigint IS NULL OR id < $1::bigint ORDER BY id DESC LIMIT $2::bigint
                """,
                .optional(before),
                .int(limit)
            )
        )
        var runs: [ValidationRun] = []
        for row in rows { runs.append(try ValidationRepository.run(row)) }
        return runs
    }

    /// Nil when there is no such run.
    package static func read(_ id: Int, in transaction: Transaction) async throws(PostgresError) -> ValidationRun? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, provider, model, dialects, cases, requested_by, reason, state, created_at, started_at,
                    finished_at, (SELECT count(*) FROM validation_job WHERE validation = run.id) AS jobs,
                    (SELECT count(done_at) FROM validation_job WHERE validation = run.id) AS done
                FROM validation AS run WHERE id = $1
                """,
                .int(id)
            )
        )
        return try rows.first.map(ValidationRepository.run)
    }

    /// Forgets runs that ended before, with what they found; what stands of it stays.
    package static func prune(endedBefore time: Int, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement("DELETE FROM validation WHERE finished_at < $1", .time(milliseconds: Int64(time)))
        )
    }

    private static func run(_ row: Row) throws(PostgresError) -> ValidationRun {
        guard let reason = ValidationReason(rawValue: try row.text("reason")),
            let state = ValidationState(rawValue: try row.text("state"))
        else { throw .undecodable(column: "state", expected: "a reason and a state") }
        return ValidationRun(
            id: try row.int("id"),
            model: ModelKey(provider: try row.slug("provider"), model: try row.slug("model")),
            dialects: try row.texts("dialects"),
            cases: try row.texts("cases"),
            requestedBy: try row.text("requested_by"),
            reason: reason,
            state: state,
            createdAt: Int(try row.milliseconds("created_at")),
            startedAt: try row.optionalMillisecondsInt("started_at"),
            finishedAt: try row.optionalMillisecondsInt("finished_at"),
            jobs: try row.int("jobs"),
            done: try row.int("done")
        )
    }
}
