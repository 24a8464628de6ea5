import Catalog
import Identity
package import Postgres

/// The table `validation_job`: work that any control plane may take, each piece one at a time.
package enum ValidationJobRepository {
    /// Takes up to `limit` jobs that nobody holds, oldest first, for `lease` milliseconds.
    ///
    /// With those that it holds already the holder has at most `limitPerProvider` of a provider.
    package static func claim(
        holder: String,
        limit: Int,
        limitPerProvider: Int,
        lease: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [ClaimedJob] {
        let rows = try await transaction.query(
            Statement(
                """
                WITH held AS (
                    SELECT provider, count(*) AS jobs
                    FROM validation_job JOIN validation ON validation.id = validation_job.validation
                    WHERE done_at IS NULL AND holder = $1 AND lease_expires_at > now() GROUP BY provider
                ), waiting AS (
                    SELECT validation_job.id, provider,
                        row_number() OVER (PARTITION BY provider ORDER BY validation_job.id) AS place
                    FROM validation_job JOIN validation ON validation.id = validation_job.validation
                    WHERE done_at IS NULL AND (lease_expires_at IS NULL OR lease_expires_at <= now())
                ), claimed AS (
                    UPDATE validation_job
                    SET holder = $1, lease_expires_at = now() + $2::bigint * interval '1 millisecond', claims = claims + 1
                    WHERE id IN (
                        SELECT id FROM validation_job
                        WHERE done_at IS NULL AND (lease_expires_at IS NULL OR lease_expires_at <= now())
                            AND id IN (
                                SELECT waiting.id FROM waiting LEFT JOIN held ON held.provider = waiting.provider
                                WHERE place + coalesce(held.jobs, 0) <= $4::bigint
                            )
                        ORDER BY id LIMIT $3::bigint FOR UPDATE SKIP LOCKED
                    )
                    RETURNING id, validation, dialect, evidence_case, claims
                )
                SELECT claimed.id, validation, provider, model, dialect, evidence_case, claims
                FROM claimed JOIN validation ON validation.id = claimed.validation ORDER BY claimed.id
                """,
                .text(holder),
                .int(lease),
                .int(limit),
                .int(limitPerProvider)
            )
        )
        var jobs: [ClaimedJob] = []
        for row in rows {
            guard let key = try row.evidenceKey() else { continue }
            jobs.append(
                ClaimedJob(
                    id: try row.int("id"),
                    validation: try row.int("validation"),
                    key: key,
                    claims: try row.int("claims")
                )
            )
        }
        return jobs
    }

    /// Makes the holder's leases last `lease` milliseconds from now; returns the jobs that it still holds.
    package static func renew(
        _ ids: [Int],
        holder: String,
        lease: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> Set<Int> {
        let rows = try await transaction.query(
            Statement(
                """
                UPDATE validation_job SET lease_expires_at = now() + $3::bigint * interval '1 millisecond'
                WHERE id = ANY ($1::bigint[]) AND holder = $2 AND done_at IS NULL RETURNING id
                """,
                .texts(ids.map(String.init)),
                .text(holder),
                .int(lease)
            )
        )
        var held: Set<Int> = []
        for row in rows { held.insert(try row.int("id")) }
        return held
    }

    /// Gives a job back unasked; whoever is next may take it at once.
    package static func release(
        _ ids: [Int],
        holder: String,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                UPDATE validation_job SET holder = NULL, lease_expires_at = NULL, claims = claims - 1
                WHERE id = ANY ($1::bigint[]) AND holder = $2 AND done_at IS NULL
                """,
                .texts(ids.map(String.init)),
                .text(holder)
            )
        )
    }

    /// Marks a job as done; false when the holder lost it meanwhile.
    package static func complete(
        _ id: Int,
        holder: String,
        in transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        try await transaction.execute(
            Statement(
                """
                UPDATE validation_job SET done_at = now(), holder = NULL, lease_expires_at = NULL
                WHERE id = $1 AND holder = $2 AND done_at IS NULL
                """,
                .int(id),
                .text(holder)
            )
        ) == 1
    }

    /// How many jobs of a run are left.
    package static func left(of validation: Int, in transaction: Transaction) async throws(PostgresError) -> Int {
        let rows = try await transaction.query(
            Statement(
                "SELECT count(*) AS open FROM validation_job WHERE validation = $1 AND done_at IS NULL",
                .int(validation)
            )
        )
        return try rows.first?.int("open") ?? 0
    }
}
