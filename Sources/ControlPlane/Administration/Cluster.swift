import Catalog
package import Contract
package import Identity
package import Postgres
package import Sealing
import Storage
import Wire

/// The cluster as a running control plane knows it: its name, the keys that sign for it, its peppers, and the key
/// under which secrets rest in the database.
package struct Cluster: Sendable {
    package let id: String
    package let epoch: Int
    /// Sealing key of everything secret in the database.
    package let masterKey: MasterKey
    /// The keys that sign, at least one.
    package let signingKeys: [SigningKey]
    /// Whom nodes are told to believe: the signing keys and those that were retired.
    package let trust: TrustDocument
    package let peppers: [String: SecretBytes]
    /// The pepper that new tokens are coded with.
    package let currentPepper: String

    /// The bytes of the trust document that nodes get, whose fingerprint join tokens carry.
    package var trustBytes: [UInt8] { JSONWriter.write(self.trust.json) }

    package var fingerprint: Digest { SHA256Digest.of(self.trustBytes) }

    /// Opens the cluster of the database, and creates it on the first start.
    ///
    /// Throws `ClusterProblem` or `PostgresError`.
    package static func open(_ pool: PostgresPool, masterKey: MasterKey) async throws -> Cluster {
        try await pool.withTransaction { transaction in
            let tables = try await transaction.query(Statement("SELECT to_regclass('cluster') IS NOT NULL AS there"))
            guard try tables.first?.bool("there") ?? false else { throw ClusterProblem.notMigrated }
            try await AdvisoryLock.publication.take(in: transaction)
            if let row = try await ClusterRepository.read(in: transaction) {
                return try await Cluster.read(row, masterKey, in: transaction)
            }
            try await Cluster.create(masterKey, in: transaction)
            guard let row = try await ClusterRepository.read(in: transaction) else {
                throw PostgresError.undecodable(column: "id", expected: "a cluster")
            }
            return try await Cluster.read(row, masterKey, in: transaction)
        }
    }

    private static func create(_ masterKey: MasterKey, in transaction: Transaction) async throws {
        try await ClusterRepository.create(id: SecureRandom.uuid(), in: transaction)
        let key = SigningKey()
        try await ClusterRepository.add(
            SigningKeyRow(
                id: key.id,
                publicKey: key.publicKey,
                sealedPrivateKey: try masterKey.seal(
                    key.rawPrivateKey,
                    context: SealedColumn.signingKey(key.id).context
                )
            ),
            in: transaction
        )
        let pepper = "p1"
        try await ClusterRepository.add(
            PepperRow(
                id: pepper,
                sealedKey: try masterKey.seal(
                    SecretBytes(SecureRandom.bytes(32)),
                    context: SealedColumn.pepper(pepper).context
                )
            ),
            in: transaction
        )
        try await AuditRepository.append(
            AuditEntry(actor: OwnActor.controlPlane.rawValue, action: "create", kind: "cluster", key: "cluster"),
            in: transaction
        )
    }

    private static func read(
        _ row: ClusterRow,
        _ masterKey: MasterKey,
        in transaction: Transaction
    ) async throws -> Cluster {
        var signingKeys: [SigningKey] = []
        var trustKeys: [TrustDocument.Key] = []
        for stored in try await ClusterRepository.signingKeys(in: transaction) {
            trustKeys.append(TrustDocument.Key(id: stored.id, publicKey: stored.publicKey))
            guard !stored.isRetired else { continue }
            let raw = try Cluster.unseal(stored.sealedPrivateKey, .signingKey(stored.id), masterKey)
            guard let key = try? SigningKey(id: stored.id, rawPrivateKey: raw) else {
                throw ClusterProblem.wrongKeyFile
            }
            signingKeys.append(key)
        }
        var peppers: [String: SecretBytes] = [:]
        var currentPepper: String?
        for stored in try await ClusterRepository.peppers(in: transaction) {
            peppers[stored.id] = try Cluster.unseal(stored.sealedKey, .pepper(stored.id), masterKey)
            currentPepper = stored.id
        }
        guard let currentPepper, !signingKeys.isEmpty else {
            throw PostgresError.undecodable(column: "id", expected: "a signing key and a pepper")
        }
        return Cluster(
            id: row.id,
            epoch: row.epoch,
            masterKey: masterKey,
            signingKeys: signingKeys,
            trust: TrustDocument(clusterID: row.id, epoch: row.epoch, keys: trustKeys),
            peppers: peppers,
            currentPepper: currentPepper
        )
    }

    private static func unseal(
        _ sealed: [UInt8],
        _ column: SealedColumn,
        _ masterKey: MasterKey
    ) throws(ClusterProblem) -> SecretBytes {
        do { return try masterKey.open(sealed, context: column.context) } catch { throw .wrongKeyFile }
    }
}
