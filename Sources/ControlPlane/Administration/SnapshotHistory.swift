import Catalog
package import Contract
package import Identity
package import Postgres
import Sealing
package import Storage
import Wire

/// The snapshots that were published: read, listed and published again.
package struct SnapshotHistory: Sendable {
    private let cluster: Cluster
    private let publication: SnapshotPublication

    package init(cluster: Cluster, publication: SnapshotPublication) {
        self.cluster = cluster
        self.publication = publication
    }

    /// What the snapshot of a version says; nil when there is none.
    ///
    /// Throws `PublicationProblem.unreadableVersion` or `PostgresError`.
    package func body(
        ofVersion version: Int,
        in transaction: Transaction
    ) async throws -> (summary: SnapshotSummary, body: SnapshotBody)? {
        guard let stored = try await SnapshotRepository.read(version: version, in: transaction) else { return nil }
        return (stored.summary, try self.open(stored))
    }

    /// Publishes the content of an old version under a new one, in the given transaction.
    ///
    /// What was revoked since stays revoked. The configuration's tables are not touched: the next change is
    /// compiled from them again. Throws `PublicationProblem` or `PostgresError`.
    package func restore(
        version: Int,
        by actor: String,
        requestID: RequestID?,
        in transaction: Transaction
    ) async throws -> Publication {
        try await AdvisoryLock.publication.take(in: transaction)
        guard let stored = try await SnapshotRepository.read(version: version, in: transaction) else {
            throw PublicationProblem.unknownVersion(version)
        }
        var body = try self.open(stored)
        let revoked = try await RevocationRepository.allTokenIDs(in: transaction)
        for index in body.tokens.indices where revoked.contains(body.tokens[index].id.text) {
            body.tokens[index].state = .revoked
        }
        let secrets: SecretsBundle
        do {
            secrets = try SecretsBundle(
                sealed: stored.sealedSecrets,
                of: stored.summary.reference.version,
                under: self.cluster.masterKey
            )
        } catch {
            throw PublicationProblem.unreadableVersion(version)
        }
        let publication = try await self.publication.publish(
            body,
            providerSecrets: secrets.providerSecrets,
            by: actor,
            reason: "restore of version \(version)",
            restoredFrom: version,
            in: transaction
        )
        try await AuditRepository.append(
            AuditEntry(
                actor: actor,
                action: "restore",
                kind: "snapshot",
                key: String(version),
                change: ["snapshot_version": .int(publication.version)],
                requestID: requestID
            ),
            in: transaction
        )
        return publication
    }

    /// Publishes the newest content again when nodes run something else under a number that is not below its
    /// number, as they do after a failover that lost commits; nil when none of `nodes` does.
    func overtake(_ nodes: Set<String>, in transaction: Transaction) async throws -> Publication? {
        try await AdvisoryLock.publication.take(in: transaction)
        guard let latest = try await SnapshotRepository.latest(in: transaction),
            try await !nodes.isDisjoint(with: NodeRepository.ahead(of: latest.reference, in: transaction)),
            let stored = try await SnapshotRepository.read(sha256: latest.reference.sha256, in: transaction)
        else {
            return nil
        }
        let secrets = try SecretsBundle(
            sealed: stored.sealedSecrets,
            of: latest.reference.version,
            under: self.cluster.masterKey
        )
        return try await self.publication.publish(
            try self.open(stored),
            providerSecrets: secrets.providerSecrets,
            by: OwnActor.controlPlane.rawValue,
            reason: "above what nodes run",
            evenIfUnchanged: true,
            in: transaction
        )
    }

    private func open(_ stored: StoredSnapshot) throws(PublicationProblem) -> SnapshotBody {
        do {
            return try SnapshotAdmission(trust: self.cluster.trust)
                .admit(stored.envelope, expecting: stored.summary.reference, running: nil, now: nil).body
        } catch {
            throw .unreadableVersion(stored.summary.reference.version.number)
        }
    }
}
