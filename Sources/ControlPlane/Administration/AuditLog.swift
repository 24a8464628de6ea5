package import Catalog
package import Postgres
import Storage

/// Who changed what, for administrators.
package struct AuditLog: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Newest first.
    package func list(after cursor: PageCursor?, limit: Int) async throws(AdministrationError) -> Page<AuditItem> {
        let before = cursor.flatMap { Int($0.lastKey) }
        do {
            let rows = try await self.pool.withTransaction { transaction in
                try await AuditRepository.list(before: before, limit: limit + 1, in: transaction)
            }
            return Page(reading: rows.map(AuditItem.init), limit: limit) { String($0.sequence) }
        } catch {
            throw AdministrationError(error)
        }
    }
}
