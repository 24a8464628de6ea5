import Catalog
import Contract
import Identity
import Postgres
import Storage
import Wire

extension ValidationQueue {
    /// Stores a result; its times are the database's.
    func record(
        _ row: FoundEvidence,
        job: Int,
        holder: String
    ) async throws(AdministrationError) -> ValidationReceipt {
        // Publishing takes the lock that all edits queue for, and reads all of the configuration: not for each result.
        let publishes = try await self.transact { transaction in
            try await self.mayPublish(row, in: transaction)
        }
        guard publishes else {
            return try await self.transact { try await self.store(row, job, holder, ends: false, in: $0) }
        }
        return try await self.editor.edit(
            by: ValidationQueue.actor,
            reason: "evidence of \(row.key.model)",
            publishesAnyway: true
        ) { edit, transaction in
            let receipt = try await self.store(row, job, holder, ends: true, in: transaction)
            edit.configuration.standing = try await StandingEvidenceRepository.all(in: transaction)
            return receipt
        }
        .answer
    }

    /// Whether the result may turn a verdict over, or be the last of its validation.
    private func mayPublish(_ row: FoundEvidence, in transaction: Transaction) async throws -> Bool {
        if try await ValidationJobRepository.left(of: row.validation, in: transaction) <= 1 { return true }
        guard let verdict = row.outcome.verdict.evidence else { return false }
        let before = try await StandingEvidenceRepository.lock(row.key, at: row.endpoint, in: transaction)
        return before.map { $0.evidence.verdict != verdict } ?? false
    }

    /// Stores a result in the present transaction.
    ///
    /// `ends` says whether the validation may end with it: only where what was found is published too. When the last
    /// results come at once each may see another open, and `schedule` ends it.
    private func store(
        _ row: FoundEvidence,
        _ job: Int,
        _ holder: String,
        ends: Bool,
        in transaction: Transaction
    ) async throws -> ValidationReceipt {
        guard try await ValidationJobRepository.complete(job, holder: holder, in: transaction) else { return .lost }
        let rows = try await transaction.query(Statement("SELECT now() AS now"))
        let now = Int(try rows.first?.milliseconds("now") ?? 0)
        let dated = FoundEvidence(
            validation: row.validation,
            key: row.key,
            endpoint: row.endpoint,
            upstreamModel: row.upstreamModel,
            outcome: row.outcome,
            at: now,
            expiresAt: now + self.lifetime
        )
        try await EvidenceRepository.add(dated, in: transaction)
        let change = try await self.weigh(dated, in: transaction)
        var isLast = false
        if ends { isLast = try await ValidationRepository.finish(row.validation, in: transaction) > 0 }
        return ValidationReceipt(isTaken: true, change: change, isLast: isLast)
    }

    /// Lets the result count, and has the audit log tell of a verdict that is new or turned over.
    private func weigh(
        _ row: FoundEvidence,
        in transaction: Transaction
    ) async throws -> StandingVerdict.Change? {
        guard let verdict = row.outcome.verdict.evidence else { return nil }
        let before = try await StandingEvidenceRepository.lock(row.key, at: row.endpoint, in: transaction)
        let (after, change) = StandingVerdict.after(
            StandingEvidence(
                verdict: verdict,
                observedAt: row.at,
                expiresAt: row.expiresAt,
                probeVersion: row.outcome.probeVersion
            ),
            failures: row.outcome.attempts - row.outcome.passes,
            before: before
        )
        try await StandingEvidenceRepository.put(row.key, at: row.endpoint, after, in: transaction)
        switch change {
        case .renewed, .doubted: break
        case .first, .flipped:
            var told = JSONObject([
                ("verdict", .string(verdict.rawValue)), ("validation", .int(row.validation)),
                ("passes", .int(row.outcome.passes)), ("attempts", .int(row.outcome.attempts)),
            ])
            told["before"] = before.map { .string($0.evidence.verdict.rawValue) }
            told["reason"] = row.outcome.reason.map { .string($0) }
            try await AuditRepository.append(
                AuditEntry(
                    actor: ValidationQueue.actor.id,
                    action: change == .first ? "create" : "update",
                    kind: ResourceKind.evidence.rawValue,
                    key: row.key.description,
                    change: .object(told)
                ),
                in: transaction
            )
        }
        return change
    }
}
