package import Contract
package import Identity
package import Postgres
import Sealing
import Storage

/// Turns a configuration into the next signed snapshot, in the transaction that changes the configuration.
///
/// The caller holds `AdvisoryLock.publication`. The stored bytes are what every control plane serves, and the
/// database's row of the cluster gives out the version: versions only rise, also above what nodes report after
/// a failover that lost commits.
package struct SnapshotPublication: Sendable {
    private let cluster: Cluster
    /// The program and version, for the header.
    private let builtBy: String

    /// How many snapshots are kept to be restored: of administrators, and of the control plane's own, which come
    /// with each verdict that turns over and are no point that anybody chose.
    private static let kept = (chosen: 100, own: 20)

    package init(cluster: Cluster, builtBy: String) {
        self.cluster = cluster
        self.builtBy = builtBy
    }

    /// Publishes, unless the last snapshot has the same content and `evenIfUnchanged` is false.
    ///
    /// `providerSecrets` are the credentials that belong to the body. Throws `PublicationProblem` or
    /// `PostgresError`.
    package func publish(
        _ body: SnapshotBody,
        providerSecrets: [Slug: Secret],
        by actor: String,
        reason: String,
        restoredFrom: Int? = nil,
        evenIfUnchanged: Bool = false,
        in transaction: Transaction
    ) async throws -> Publication {
        let problems = body.problems()
        guard problems.isEmpty else { throw PublicationProblem.invalid(problems) }
        let latest = try await SnapshotRepository.latest(in: transaction)
        if !evenIfUnchanged, let latest, latest.reference.version.epoch == self.cluster.epoch,
            latest.contentSHA256 == SnapshotSealer.contentSHA256(of: body)
        {
            return Publication(reference: latest.reference, isNew: false)
        }
        let reported = try await NodeRepository.highestReportedVersion(epoch: self.cluster.epoch, in: transaction)
        let stored = latest?.reference.version.epoch == self.cluster.epoch ? latest?.reference.version.number : nil
        let next = try await ClusterRepository.nextVersion(above: max(reported, stored ?? 0), in: transaction)
        let version = SnapshotVersion(epoch: next.epoch, number: next.version)
        do {
            let sealed = try SnapshotSealer.seal(
                body,
                clusterID: self.cluster.id,
                version: version,
                previousSHA256: latest?.reference.sha256 ?? SnapshotPublication.noDigest,
                issuedAt: Int(next.at),
                builtBy: self.builtBy,
                keys: self.cluster.signingKeys
            )
            let secrets = SecretsBundle(peppers: self.cluster.peppers, providerSecrets: providerSecrets)
            let sealedSecrets = try self.cluster.masterKey.seal(
                SecretBytes(secrets.plainText),
                context: SealedColumn.snapshotSecrets(version).context
            )
            let snapshot = NewSnapshot(
                reference: sealed.reference,
                contentSHA256: sealed.contentSHA256,
                envelope: sealed.bytes,
                sealedSecrets: sealedSecrets,
                revocationSequence: try await RevocationRepository.lastSequence(in: transaction),
                createdBy: actor,
                reason: reason,
                restoredFrom: restoredFrom
            )
            try await SnapshotRepository.add(snapshot, in: transaction)
            try await SnapshotRepository.prune(
                keeping: SnapshotPublication.kept.chosen,
                andOwn: SnapshotPublication.kept.own,
                in: transaction
            )
            try await ClusterRepository.noteChange(in: transaction)
            return Publication(reference: sealed.reference, isNew: true)
        } catch let error as SealingError {
            throw PublicationProblem.unsealable(error)
        }
    }

    /// The newest publication; nil before the first.
    package func latest(in transaction: Transaction) async throws(PostgresError) -> Publication? {
        try await SnapshotRepository.latest(in: transaction).map { Publication(reference: $0.reference, isNew: false) }
    }

    /// Before the first snapshot there is none.
    private static let noDigest: Digest = {
        guard let digest = Digest([UInt8](repeating: 0, count: Digest.byteCount)) else {
            preconditionFailure("32 zeros are a digest")
        }
        return digest
    }()
}
