package import Catalog
package import Contract
import Identity
import Postgres
import Sealing
import Storage
import Wire

/// What administrators do with published snapshots.
package struct Snapshots: Sendable {
    /// A published snapshot, what is in it, and how it differs from the one before.
    package struct Detail: Sendable {
        package let snapshot: PublishedSnapshot
        package let body: SnapshotBody
        /// The version it is compared with; nil for the first that is kept.
        package let previousVersion: Int?
        package let changes: [ResourceChange]
    }

    private let editor: ConfigurationEditor
    private let history: SnapshotHistory

    package init(_ editor: ConfigurationEditor, history: SnapshotHistory) {
        self.editor = editor
        self.history = history
    }

    /// Newest first.
    package func list(after cursor: PageCursor?, limit: Int) async throws(AdministrationError) -> Page<
        PublishedSnapshot
    > {
        let before = cursor.flatMap { Int($0.lastKey) }
        let rows = try await self.editor.read { transaction in
            try await SnapshotRepository.list(before: before, limit: limit + 1, in: transaction)
        }
        return Page(reading: rows.map(PublishedSnapshot.init), limit: limit) { String($0.version.number) }
    }

    /// `previous` is the version to compare with; nil takes the one before.
    package func get(_ version: Int, comparedWith previous: Int? = nil) async throws(AdministrationError) -> Detail {
        try await self.editor.read { transaction in
            guard let found = try await self.history.body(ofVersion: version, in: transaction) else {
                throw AdministrationError.notFound(kind: "snapshot", key: String(version))
            }
            let before =
                if let previous {
                    previous
                } else {
                    try await SnapshotRepository.list(before: version, limit: 1, in: transaction)
                        .first?.reference.version.number
                }
            var base: SnapshotBody?
            if let before { base = try await self.history.body(ofVersion: before, in: transaction)?.body }
            if let previous, base == nil {
                throw AdministrationError.notFound(kind: "snapshot", key: String(previous))
            }
            return Detail(
                snapshot: PublishedSnapshot(found.summary),
                body: found.body,
                previousVersion: base == nil ? nil : before,
                changes: ConfigurationDiff(
                    from: base.map { Configuration($0) } ?? Configuration(deployment: found.body.deployment),
                    to: Configuration(found.body)
                ).changes
            )
        }
    }

    /// Makes providers, models and groups what they were in an old version, and publishes that as a new one.
    ///
    /// Tokens stay as they are, since neither a revocation nor a new token may be undone by this. Credentials stay
    /// too, but for providers that are gone or were at another origin: these get back the one they had.
    package func restore(
        _ version: Int,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Void> {
        try await self.editor.edit(
            by: principal,
            reason: "restore of version \(version)",
            action: "restore",
            dryRun: dryRun,
            restoredFrom: version
        ) { edit, transaction in
            guard let stored = try await SnapshotRepository.read(version: version, in: transaction),
                let body = try await self.history.body(ofVersion: version, in: transaction)?.body
            else { throw AdministrationError.notFound(kind: "snapshot", key: String(version)) }
            let bundle = try? SecretsBundle(
                sealed: stored.sealedSecrets,
                of: stored.summary.reference.version,
                under: self.editor.cluster.masterKey
            )
            edit.configuration.providers = [:]
            for record in body.providers {
                let spec = ProviderSpec(record, credential: ProviderCredential())
                let present = edit.stored.providers[record.id]?.spec
                let change: SecretChange
                if let present, present.credential.isSet, spec.keepsSecret(of: present) {
                    change = .keep
                } else if spec.authentication != .none, let secret = bundle?.providerSecrets[record.id] {
                    change = .set(secret)
                } else {
                    change = .clear
                }
                edit.put(record.id, ProviderInput(spec: spec, secret: change))
            }
            edit.configuration.models = Dictionary(
                uniqueKeysWithValues: body.models.map {
                    (ModelKey(provider: $0.provider, model: $0.id), ModelSpec($0))
                }
            )
            edit.configuration.groups = Dictionary(
                uniqueKeysWithValues: body.groups.map { ($0.id, GroupSpec($0)) }
            )
        }
    }
}
