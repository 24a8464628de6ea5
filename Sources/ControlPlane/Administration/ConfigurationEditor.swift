import Catalog
import Contract
package import Identity
package import Postgres
import Sealing
import Storage
import Wire

/// The one way to change the configuration: load, change, validate whole, write, audit, publish, in one
/// transaction that one control plane at a time may be in.
package struct ConfigurationEditor: Sendable {
    let pool: PostgresPool
    let cluster: Cluster
    let deployment: Slug
    let queue = EditQueue()
    private let publication: SnapshotPublication

    package init(pool: PostgresPool, cluster: Cluster, publication: SnapshotPublication, deployment: Slug) {
        self.pool = pool
        self.cluster = cluster
        self.publication = publication
        self.deployment = deployment
    }

    /// A dry run's way out of its transaction.
    private struct RollBack<Answer: Sendable>: Error {
        let outcome: EditOutcome<Answer>
    }

    /// Runs `change` on the present configuration and publishes what comes out of it.
    ///
    /// `change` may be run more than once. Without a difference nothing is written, and nothing published unless
    /// `publishesAnyway`: for what was written without its snapshot.
    func edit<Answer: Sendable>(
        by principal: AdminPrincipal,
        reason: String,
        action: String? = nil,
        dryRun: Bool = false,
        restoredFrom: Int? = nil,
        publishesAnyway: Bool = false,
        _ change: (inout ConfigurationEdit, Transaction) async throws -> Answer
    ) async throws(AdministrationError) -> EditOutcome<Answer> {
        try await self.queue.withTurn { () async throws(AdministrationError) in
            try await self.transact(
                principal,
                reason,
                action,
                dryRun: dryRun,
                restoredFrom: restoredFrom,
                publishesAnyway: publishesAnyway,
                change
            )
        }
    }

    private func transact<Answer: Sendable>(
        _ principal: AdminPrincipal,
        _ reason: String,
        _ action: String?,
        dryRun: Bool,
        restoredFrom: Int?,
        publishesAnyway: Bool,
        _ change: (inout ConfigurationEdit, Transaction) async throws -> Answer
    ) async throws(AdministrationError) -> EditOutcome<Answer> {
        do {
            return try await self.pool.withTransaction { transaction in
                try await self.prepare(transaction)
                var edit = try await self.begin(in: transaction)
                let before = edit.configuration
                let answer = try await change(&edit, transaction)
                edit.configuration.forgetAttestationsOfNothing()
                let diff = ConfigurationDiff(from: before, to: edit.configuration)
                var publication = try await self.publication.latest(in: transaction)
                if !diff.isEmpty || publishesAnyway {
                    let body = edit.configuration.snapshotBody()
                    let problems = edit.configuration.problems(in: body)
                    guard problems.isEmpty else { throw AdministrationError.invalid(problems, subject: edit.subject) }
                    try await self.write(edit, diff, by: principal, action: action, in: transaction)
                    try await self.queueValidations(since: before, of: edit.configuration, principal, in: transaction)
                    publication = try await self.publication.publish(
                        body,
                        providerSecrets: edit.providerSecrets,
                        by: principal.id,
                        reason: reason,
                        restoredFrom: restoredFrom,
                        in: transaction
                    )
                }
                let outcome = EditOutcome(
                    answer: answer,
                    changes: diff.changes,
                    publication: publication,
                    isDryRun: dryRun
                )
                if dryRun { throw RollBack(outcome: outcome) }
                return outcome
            }
        } catch let rollBack as RollBack<Answer> {
            return rollBack.outcome
        } catch {
            throw AdministrationError(error)
        }
    }

    /// Runs `body` in a transaction that only reads.
    func read<Answer>(
        _ body: (Transaction) async throws -> Answer
    ) async throws(AdministrationError) -> Answer {
        do { return try await self.pool.withTransaction(.repeatableRead, body) } catch {
            throw AdministrationError(error)
        }
    }

    /// The models and what is known of them, and the database's time in milliseconds since 1970.
    ///
    /// Groups and tokens, of which there may be many, are left out.
    func models() async throws(AdministrationError) -> (configuration: Configuration, now: Int) {
        try await self.read { transaction in
            let rows = try await transaction.query(Statement("SELECT now() AS now"))
            let configuration = Configuration(
                deployment: self.deployment,
                providers: try await ProviderRepository.all(in: transaction).mapValues(\.spec),
                models: try await ModelRepository.all(in: transaction).mapValues(\.spec),
                attestations: try await AttestationRepository.all(in: transaction),
                standing: try await StandingEvidenceRepository.all(in: transaction)
            )
            return (configuration, Int(try rows.first?.milliseconds("now") ?? 0))
        }
    }

    /// Takes the lock, with more patience than other statements have: whoever holds it is working on a large
    /// configuration, and the server sees that as idling.
    func prepare(_ transaction: Transaction) async throws(PostgresError) {
        try await transaction.query(
            Statement(
                """
                SELECT set_config('lock_timeout', '4000', true),
                    set_config('idle_in_transaction_session_timeout', '60000', true)
                """
            )
        )
        try await AdvisoryLock.publication.take(in: transaction)
    }

    private func begin(in transaction: Transaction) async throws -> ConfigurationEdit {
        let rows = try await transaction.query(Statement("SELECT now() AS now"))
        let now = try rows.first?.milliseconds("now") ?? 0
        var secrets: [Slug: Secret] = [:]
        for (id, row) in try await ProviderRepository.sealedSecrets(in: transaction) {
            secrets[id] = try self.open(row.sealed, of: id, revision: row.revision)
        }
        return ConfigurationEdit(
            stored: try await ConfigurationRepository.read(in: transaction),
            deployment: self.deployment,
            presentSecrets: secrets,
            secretFloors: try await ProviderRepository.secretFloors(in: transaction),
            now: Int(now)
        )
    }

    private func write(
        _ edit: ConfigurationEdit,
        _ diff: ConfigurationDiff,
        by principal: AdminPrincipal,
        action: String?,
        in transaction: Transaction
    ) async throws {
        try await ConfigurationRepository.write(diff, to: edit.configuration, in: transaction)
        for (id, secret) in edit.newSecrets {
            guard let spec = edit.configuration.providers[id] else { continue }
            let sealed = try self.seal(secret, of: id, revision: spec.credential.revision)
            try await ProviderRepository.setSecret(id, sealed: sealed, in: transaction)
        }
        for change in diff.changes where ConfigurationEditor.isToldHere(change) {
            try await AuditRepository.append(
                AuditEntry(
                    actor: principal.id,
                    action: action ?? change.action.rawValue,
                    kind: change.name.kind.rawValue,
                    key: change.name.key,
                    change: ["fields": .array(change.fields.map(\.json))],
                    requestID: principal.requestID
                ),
                in: transaction
            )
        }
    }

    /// Of evidence only what an edit voids: verdicts are told of where they are recorded.
    private static func isToldHere(_ change: ResourceChange) -> Bool {
        change.name.kind != .evidence || change.action == .delete
    }

    /// What is known of a model ends with its endpoint, so that it has to be found out anew; and what it is newly said
    /// to do has to be shown.
    private func queueValidations(
        since before: Configuration,
        of after: Configuration,
        _ principal: AdminPrincipal,
        in transaction: Transaction
    ) async throws {
        let elsewhere = Set(after.modelsToValidate(since: before))
        for model in elsewhere.sorted() {
            guard try await !ValidationRepository.isQueued(model, reason: .change, in: transaction) else { continue }
            _ = try await ValidationRepository.add(
                ValidationPlan.keys(of: model, in: after),
                of: model,
                reason: .change,
                by: principal.id,
                in: transaction
            )
        }
        for (model, spec) in after.models.sorted(by: { $0.key < $1.key })
        where !elsewhere.contains(model) && before.models[model]?.declared != spec.declared {
            // A run that waits already was planned by what was declared then.
            _ = try await ValidationRepository.add(
                after.newlyDeclared(of: model, since: before),
                of: model,
                reason: .change,
                by: principal.id,
                in: transaction
            )
        }
    }

    private static func context(_ provider: Slug, revision: Int) -> String {
        "provider|\(provider)|sealed_secret|\(revision)"
    }

    private func seal(_ secret: Secret, of provider: Slug, revision: Int) throws(SealingError) -> [UInt8] {
        let bytes = secret.withExposedText { SecretBytes(Array($0.utf8)) }
        return try self.cluster.masterKey.seal(
            bytes,
            context: ConfigurationEditor.context(provider, revision: revision)
        )
    }

    func open(_ sealed: [UInt8], of provider: Slug, revision: Int) throws(SealingError) -> Secret {
        let context = ConfigurationEditor.context(provider, revision: revision)
        let bytes = try self.cluster.masterKey.open(sealed, context: context)
        return bytes.withExposedBytes { Secret(String(decoding: $0, as: UTF8.self)) }
    }
}
