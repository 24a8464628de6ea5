package import Postgres
import Storage

/// The nodes of the cluster, for administrators.
package struct NodeDirectory: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// By name; removed ones are not listed.
    package func all() async throws -> [NodeStatus] {
        let rows = try await self.pool.withTransaction { try await NodeRepository.all(in: $0) }
        return rows.map { row in
            NodeStatus(
                id: row.id,
                name: row.name,
                joinedAt: row.joinedAt,
                lastPoll: row.polledAt,
                running: row.report?.running,
                verdict: row.report?.verdict,
                verdictAt: row.verdictAt,
                clockSkew: row.report?.clockSkew,
                builtBy: row.report?.builtBy,
                revocationSequence: row.report?.revocationSequence,
                targets: row.report?.targets ?? []
            )
        }
    }
}
