package import Logging
package import Postgres
import Storage
import Synchronization

/// Finds nodes that run a version which the database does not know, and publishes above it.
///
/// After a failover that lost commits, or a restore from a backup, numbers are given out a second time; nodes that
/// already run one of them would never apply its successor of the same number.
package final class VersionRecovery: Sendable {
    private let history: SnapshotHistory
    private let pool: PostgresPool
    private let logger: Logger
    /// Each node is believed once per process, or it could make us publish for ever.
    private let believed = Mutex<Set<String>>([])

    private static let interval = Duration.seconds(5)

    package init(history: SnapshotHistory, pool: PostgresPool, logger: Logger) {
        self.history = history
        self.pool = pool
        self.logger = logger
    }

    /// Looks every few seconds until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: VersionRecovery.interval)
            do {
                try await self.look()
            } catch {
                self.logger.debug("what nodes run cannot be compared", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Looks once and returns what it published, if anything.
    ///
    /// Throws `PublicationProblem` or `PostgresError`.
    @discardableResult
    package func look() async throws -> Publication? {
        let ahead = try await self.pool.withTransaction { transaction in
            guard let latest = try await SnapshotRepository.latest(in: transaction) else { return [String]() }
            return try await NodeRepository.ahead(of: latest.reference, in: transaction)
        }
        let nodes = self.believed.withLock { believed in Set(ahead).subtracting(believed) }
        guard !nodes.isEmpty else { return nil }
        let publication = try await self.pool.withTransaction { try await self.history.overtake(nodes, in: $0) }
        self.believed.withLock { $0.formUnion(nodes) }
        if let publication {
            self.logger.warning(
                "nodes ran versions that the database does not know; published above them",
                metadata: ["nodes": "\(nodes.sorted().joined(separator: " "))", "version": "\(publication.version)"]
            )
        }
        return publication
    }
}
