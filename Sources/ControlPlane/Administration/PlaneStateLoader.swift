import Contract
import Logging
import Postgres
import Sealing
import Storage

/// Reads the plane's state from the database, and seals the secrets of nodes that have none yet.
struct PlaneStateLoader: Sendable {
    let cluster: Cluster
    let pool: PostgresPool
    let logger: Logger

    /// For how many snapshots it is remembered which revocations they contain.
    private static let rememberedSnapshots = 1000
    private static let rememberedRemovals = 1000

    /// The counter of changes, to find out cheaply whether there is anything to read.
    func change() async throws -> Int {
        try await self.pool.withTransaction { try await ClusterRepository.change(in: $0) } ?? 0
    }

    /// Reads anew, all but the bytes that `old` has already.
    ///
    /// Throws `PostgresError` or `SealingError`.
    func load(replacing old: PlaneState) async throws -> PlaneState {
        var (state, latest, missing) = try await self.pool.withTransaction(.repeatableRead) { transaction in
            try await self.read(old, in: transaction)
        }
        guard let latest, state.current?.reference != latest || !missing.isEmpty else { return state }
        let stored = try await self.pool.withTransaction {
            try await SnapshotRepository.read(sha256: latest.sha256, in: $0)
        }
        guard let stored else { return state }
        if state.current?.reference != latest {
            state.previous = old.current
            state.current = PlaneState.Snapshot(
                reference: latest,
                envelope: stored.envelope,
                revocationSequence: stored.summary.revocationSequence
            )
        }
        if !missing.isEmpty { try await self.seal(stored, to: missing, into: &state) }
        return state
    }

    private func read(
        _ old: PlaneState,
        in transaction: Transaction
    ) async throws -> (PlaneState, SnapshotReference?, [PlaneNode]) {
        var state = PlaneState(current: old.current, previous: old.previous)
        state.change = try await ClusterRepository.change(in: transaction) ?? 0
        let latest = try await SnapshotRepository.latest(in: transaction)
        state.containedRevocations = try await SnapshotRepository.revocationSequences(
            limit: PlaneStateLoader.rememberedSnapshots,
            in: transaction
        )
        state.revocations = try await RevocationRepository.all(
            after: 0,
            limit: Heartbeat.maximumRevokedTokens,
            in: transaction
        ).map { PlaneState.Revocation(sequence: $0.sequence, tokenID: $0.tokenID) }
        state.removedKeys = try await NodeRepository.removedKeys(
            limit: PlaneStateLoader.rememberedRemovals,
            in: transaction
        )
        for row in try await NodeRepository.all(in: transaction) {
            state.nodes[row.id] = PlaneNode(
                id: row.id,
                name: row.name,
                signingKey: row.signingKey,
                sealingKey: row.sealingKey
            )
        }
        guard let latest else { return (state, nil, []) }
        let missing = try await self.fillSecrets(of: &state, for: latest.reference, in: transaction)
        return (state, latest.reference, missing)
    }

    /// Gives every node its bundle from the database; returns the nodes that have none there.
    private func fillSecrets(
        of state: inout PlaneState,
        for snapshot: SnapshotReference,
        in transaction: Transaction
    ) async throws(PostgresError) -> [PlaneNode] {
        for bundle in try await NodeSecretsRepository.all(snapshot: snapshot.sha256, in: transaction) {
            state.nodes[bundle.node]?.secrets = PlaneNode.SealedSecrets(bytes: bundle.sealed, sha256: bundle.sha256)
        }
        return state.nodes.values.filter { $0.secrets == nil }
    }

    private func seal(_ stored: StoredSnapshot, to nodes: [PlaneNode], into state: inout PlaneState) async throws {
        let snapshot = stored.summary.reference
        let secrets = try SecretsBundle(
            sealed: stored.sealedSecrets,
            of: snapshot.version,
            under: self.cluster.masterKey
        )
        var bundles: [NodeSecretsRepository.Bundle] = []
        // In one order everywhere: control planes that insert the same rows at once would block each other.
        for node in nodes.sorted(by: { $0.id < $1.id }) {
            do {
                let sealed = try SecretsSeal.seal(
                    secrets,
                    to: node.sealingKey,
                    clusterID: self.cluster.id,
                    node: node.id,
                    snapshot: snapshot
                )
                bundles.append(
                    NodeSecretsRepository.Bundle(node: node.id, sealed: sealed, sha256: SHA256Digest.of(sealed))
                )
            } catch {
                // A node that gave a key nothing can be sealed to harms itself only.
                self.logger.error("no secrets can be sealed to a node", metadata: ["node": "\(node.id)"])
            }
        }
        let sealed = bundles
        var filled = state
        filled = try await self.pool.withTransaction { [filled] transaction in
            var filled = filled
            for bundle in sealed {
                try await NodeSecretsRepository.add(bundle, snapshot: snapshot.sha256, in: transaction)
            }
            // Another control plane may have been first: its bytes count.
            _ = try await self.fillSecrets(of: &filled, for: snapshot, in: transaction)
            return filled
        }
        state = filled
    }
}
