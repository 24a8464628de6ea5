import Catalog
import Contract
import Identity
import Postgres
import Storage

extension ValidationQueue {
    /// For how long what was found is kept, and verdicts that expired, in milliseconds.
    private static let historyKept = 90 * 86_400_000
    private static let expiredKept = 30 * 86_400_000
    /// How long what nothing was found of is left alone, in milliseconds: whoever asks it may die of it.
    private static let pause = 3_600_000

    /// Does what time has made due, and returns the validations that it queued.
    ///
    /// That is: evidence about to expire is queued and so is what was asked about in vain, validations whose last results came at once are ended,
    /// attestations whose time is over are taken back, and what is old is forgotten. Any number of control planes may do it at any time.
    @discardableResult
    package func schedule() async throws(AdministrationError) -> [Int] {
        let (queued, ended, hasExpired) = try await self.transact { transaction in
            try await AdvisoryLock.schedule.take(in: transaction)
            let rows = try await transaction.query(Statement("SELECT now() AS now"))
            let now = Int(try rows.first?.milliseconds("now") ?? 0)
            try await ValidationRepository.prune(endedBefore: now - ValidationQueue.historyKept, in: transaction)
            try await StandingEvidenceRepository.prune(
                expiredBefore: now - ValidationQueue.expiredKept,
                in: transaction
            )
            let ended = try await ValidationRepository.finish(in: transaction)
            return (
                try await self.renewals(now, in: transaction), ended,
                try await AttestationRepository.hasExpired(at: now, in: transaction)
            )
        }
        if hasExpired || ended > 0 {
            _ = try await self.editor.edit(
                by: ValidationQueue.actor,
                reason: "evidence",
                action: "expire",
                publishesAnyway: true
            ) { edit, _ in
                let now = edit.now
                edit.configuration.attestations = edit.configuration.attestations.filter { _, attestation in
                    attestation.expiresAt.map { $0 > now } ?? true
                }
            }
        }
        return queued
    }

    /// Queues what is due of models that no validation is under way of, and what nothing is known of.
    private func renewals(_ now: Int, in transaction: Transaction) async throws -> [Int] {
        let times = self.dueTimes(
            of: try await StandingEvidenceRepository.verdicts(in: transaction),
            unanswered: try await EvidenceRepository.unanswered(in: transaction)
        )
        let configuration = Configuration(
            deployment: self.editor.deployment,
            providers: try await ProviderRepository.all(in: transaction).mapValues(\.spec).filter(\.value.enabled),
            models: try await ModelRepository.all(in: transaction).mapValues(\.spec)
        )
        var due: [ModelKey: [EvidenceKey]] = [:]
        let busy = try await ValidationRepository.unfinishedModels(in: transaction)
        let recent = try await ValidationRepository.models(validatedSince: now - Self.pause, in: transaction)
        for model in configuration.models.keys where !busy.contains(model) && !recent.contains(model) {
            let unknown = ValidationPlan.keys(of: model, in: configuration).filter { key in
                guard let endpoint = configuration.endpoint(of: model, in: key.dialect) else { return false }
                return times[key]?[endpoint] == nil
            }
            if !unknown.isEmpty { due[model] = unknown }
        }
        for (key, byEndpoint) in times where !busy.contains(key.model) {
            guard let endpoint = configuration.endpoint(of: key.model, in: key.dialect),
                let time = byEndpoint[endpoint], time <= now
            else { continue }
            due[key.model, default: []].append(key)
        }
        var queued: [Int] = []
        for (model, keys) in due.sorted(by: { $0.key < $1.key }) {
            let id = try await ValidationRepository.add(
                keys.sorted(),
                of: model,
                reason: .schedule,
                by: ValidationQueue.actor.id,
                in: transaction
            )
            if let id { queued.append(id) }
        }
        return queued
    }

    /// When each case is to be asked about at each endpoint.
    ///
    /// After asking in vain that alone tells: what was due then is due still, and would be asked about without a pause.
    private func dueTimes(
        of verdicts: [EvidenceKey: [EndpointIdentity: StandingVerdict]],
        unanswered: [EvidenceKey: [EndpointIdentity: UnansweredProbe]]
    ) -> [EvidenceKey: [EndpointIdentity: Int]] {
        var times = verdicts.mapValues { $0.mapValues { $0.dueAt(lifetime: self.lifetime) } }
        for (key, byEndpoint) in unanswered {
            for (endpoint, probe) in byEndpoint {
                times[key, default: [:]][endpoint] = probe.dueAt(lifetime: self.lifetime)
            }
        }
        return times
    }
}
