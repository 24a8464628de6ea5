package import Catalog
import Contract
import Identity
import Postgres
import Storage
import Wire

/// The work of finding out what models can do: taken, done and recorded by any number of control planes.
///
/// A job is held under a lease; whoever dies loses it, and another asks. What was found is stored at once. It is
/// published at once when a verdict turned over, and else with the last job of its validation.
package struct ValidationQueue: Sendable {
    let editor: ConfigurationEditor
    /// How long evidence counts, in milliseconds.
    let lifetime: Int

    /// How often a job is taken before it is given up: whoever asks it seems to die of it.
    static let maximumClaims = 3
    /// Who the audit log says did it.
    static let actor = AdminPrincipal(id: OwnActor.validator.rawValue, role: .admin, requestID: nil)

    package init(_ editor: ConfigurationEditor, evidenceLifetime: Duration) {
        self.editor = editor
        self.lifetime = Int(evidenceLifetime.components.seconds) * 1000
    }

    /// Takes up to `limit` jobs, oldest first, for `lease`, so that the holder has at most `limitPerProvider` of one.
    ///
    /// A provider that does not answer would else come to hold all places, and nobody else would be asked.
    /// Jobs that cannot be asked any more are recorded as not run, and are not among them.
    package func claim(
        holder: String,
        limit: Int,
        limitPerProvider: Int = .max,
        lease: Duration
    ) async throws(AdministrationError) -> [ValidationJob] {
        let milliseconds = ValidationQueue.milliseconds(lease)
        let (jobs, hopeless) = try await self.transact { transaction in
            let claimed = try await ValidationJobRepository.claim(
                holder: holder,
                limit: limit,
                limitPerProvider: limitPerProvider,
                lease: milliseconds,
                in: transaction
            )
            guard !claimed.isEmpty else { return ([ValidationJob](), [(ClaimedJob, String)]()) }
            try await ValidationRepository.noteStart(of: claimed.map(\.validation), in: transaction)
            return try await self.prepare(claimed, holder, in: transaction)
        }
        for (job, reason) in hopeless {
            _ = try await self.record(
                FoundEvidence(
                    validation: job.validation,
                    key: job.key,
                    endpoint: EndpointIdentity(text: ""),
                    upstreamModel: "",
                    outcome: ValidationOutcome(verdict: .notRun, reason: reason, probeVersion: 0),
                    at: 0,
                    expiresAt: 0
                ),
                job: job.id,
                holder: holder
            )
        }
        return jobs
    }

    /// Makes the leases last `lease` from now; returns the ids of those that are still held.
    package func renew(_ jobs: [ValidationJob], lease: Duration) async throws(AdministrationError) -> Set<Int> {
        let milliseconds = ValidationQueue.milliseconds(lease)
        return try await self.transact { transaction in
            var held: Set<Int> = []
            for (holder, jobs) in Dictionary(grouping: jobs, by: \.holder) {
                let renewed = try await ValidationJobRepository.renew(
                    jobs.map(\.id),
                    holder: holder,
                    lease: milliseconds,
                    in: transaction
                )
                held.formUnion(renewed)
            }
            return held
        }
    }

    /// Gives jobs back unasked, so that another may take them at once.
    package func release(_ jobs: [ValidationJob]) async throws(AdministrationError) {
        try await self.transact { transaction in
            for (holder, jobs) in Dictionary(grouping: jobs, by: \.holder) {
                try await ValidationJobRepository.release(jobs.map(\.id), holder: holder, in: transaction)
            }
        }
    }

    /// Stores what was found, and publishes what turned over.
    ///
    /// Throws `databaseUnavailable` when PostgreSQL is away and `busy` when others were in the way: nothing is stored
    /// then, and the result may be recorded again while the lease lasts. After `unknownOutcome` too, for a result that
    /// is stored already is answered like one of a lost lease.
    package func record(
        _ job: ValidationJob,
        _ outcome: ValidationOutcome
    ) async throws(AdministrationError) -> ValidationReceipt {
        try await self.record(
            FoundEvidence(
                validation: job.validation,
                key: job.key,
                endpoint: job.endpoint,
                upstreamModel: job.model.upstreamModel,
                outcome: outcome,
                at: 0,
                expiresAt: 0
            ),
            job: job.id,
            holder: job.holder
        )
    }

    private func prepare(
        _ claimed: [ClaimedJob],
        _ holder: String,
        in transaction: Transaction
    ) async throws -> ([ValidationJob], [(ClaimedJob, String)]) {
        let providers = try await ProviderRepository.all(in: transaction)
        let models = try await ModelRepository.all(in: transaction)
        let secrets = try await ProviderRepository.sealedSecrets(in: transaction)
        let spend = try await EvidenceRepository.spendToday(in: transaction)
        var jobs: [ValidationJob] = []
        var hopeless: [(ClaimedJob, String)] = []
        for job in claimed {
            guard job.claims <= ValidationQueue.maximumClaims else {
                hopeless.append((job, "whoever asked it never came back"))
                continue
            }
            guard let provider = providers[job.key.model.provider]?.spec, let model = models[job.key.model]?.spec,
                let endpoint = EndpointIdentity(provider, model, job.key.dialect)
            else {
                hopeless.append((job, "there is no such model in this dialect any more"))
                continue
            }
            guard provider.enabled else {
                hopeless.append((job, "the provider is disabled"))
                continue
            }
            var secret: Secret?
            if provider.authentication != .none, let sealed = secrets[job.key.model.provider] {
                secret = try self.editor.open(sealed.sealed, of: job.key.model.provider, revision: sealed.revision)
            }
            jobs.append(
                ValidationJob(
                    id: job.id,
                    validation: job.validation,
                    key: job.key,
                    provider: provider.record(id: job.key.model.provider),
                    model: model.record(key: job.key.model),
                    secret: secret,
                    endpoint: endpoint,
                    holder: holder,
                    spend: spend[job.key.model.provider]
                )
            )
        }
        return (jobs, hopeless)
    }

    func transact<Answer: Sendable>(
        _ body: (Transaction) async throws -> Answer
    ) async throws(AdministrationError) -> Answer {
        do { return try await self.editor.pool.withTransaction(.readCommitted, body) } catch {
            throw AdministrationError(error)
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
