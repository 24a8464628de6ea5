package import Contract
package import Identity
package import Postgres
import Storage

/// Takes caller tokens out of use, and finds out who has heard of it.
package struct TokenRevocation: Sendable {
    private let pool: PostgresPool

    /// How long to wait for nodes, and how often to look.
    private static let patience = Duration.seconds(2)
    private static let lookInterval = Duration.milliseconds(50)
    /// A node that was silent for longer than two held polls is not waited for, in milliseconds.
    private static let silence: Int64 = 60_000

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Notes the revocation for the heartbeats, once per token; returns its sequence number.
    ///
    /// Part of the transaction that publishes the token as revoked and holds `AdvisoryLock.publication`.
    package func note(
        _ token: TokenID,
        by actor: String,
        in transaction: Transaction
    ) async throws(PostgresError) -> Int {
        let sequence = try await RevocationRepository.add(tokenID: token.text, by: actor, in: transaction)
        try await ClusterRepository.noteChange(in: transaction)
        return sequence
    }

    /// Waits until every connected node has said that it knows, at most 2 s, after the transaction has committed.
    ///
    /// `publication` is the snapshot that says so too. What was seen last when the database goes away meanwhile, and nil
    /// when nothing was: the revocation stands all the same.
    package func progress(of sequence: Int, in publication: SnapshotReference) async -> RevocationProgress? {
        let deadline = ContinuousClock.now + TokenRevocation.patience
        var seen: RevocationProgress?
        while true {
            guard let (progress, isWorthWaiting) = try? await self.look(sequence, publication) else { return seen }
            seen = progress
            guard isWorthWaiting, ContinuousClock.now < deadline, !Task.isCancelled else { return seen }
            try? await Task.sleep(for: TokenRevocation.lookInterval)
        }
    }

    private func look(
        _ sequence: Int,
        _ publication: SnapshotReference
    ) async throws -> (RevocationProgress, isWorthWaiting: Bool) {
        let (nodes, now) = try await self.pool.withTransaction { transaction in
            let now = try await transaction.query(Statement("SELECT now() AS now")).first?.milliseconds("now")
            return (try await NodeRepository.all(in: transaction), now ?? 0)
        }
        var progress = RevocationProgress(acked: [], pending: [])
        var isWorthWaiting = false
        for node in nodes {
            let knows =
                node.report.map { report in
                    report.revocationSequence >= sequence
                        || (report.running.map { $0.version >= publication.version } ?? false)
                } ?? false
            if knows {
                progress.acked.append(node.name)
                continue
            }
            let lastSeen = node.polledAt
            progress.pending.append(RevocationProgress.Pending(node: node.name, lastSeen: lastSeen))
            if let lastSeen, now - lastSeen < TokenRevocation.silence { isWorthWaiting = true }
        }
        return (progress, isWorthWaiting)
    }
}
