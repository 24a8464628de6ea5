import Catalog
package import Identity
package import Postgres
import Sealing
import Storage

/// Finds out who holds an administrator's token.
package struct AdminAuthentication: Sendable {
    private let pool: PostgresPool
    private let peppers: [String: PepperKey]
    private let currentPepper: String
    private let wallClock: @Sendable () -> Int64

    /// `wallClock` tells milliseconds since 1970.
    package init(pool: PostgresPool, cluster: Cluster, wallClock: @escaping @Sendable () -> Int64) {
        self.pool = pool
        self.peppers = cluster.peppers.mapValues { PepperKey($0) }
        self.currentPepper = cluster.currentPepper
        self.wallClock = wallClock
    }

    /// Throws `unauthenticated` for what is no token, an unknown id, a wrong secret and an expired administrator
    /// alike, and `databaseUnavailable`.
    package func principal(
        presenting text: Secret,
        requestID: RequestID
    ) async throws(AdministrationError) -> AdminPrincipal {
        guard let token = text.withExposedText({ AdminToken($0) }) else { throw .unauthenticated }
        let row: AdminRow?
        do { row = try await AdminRepository.read(token.id, from: self.pool) } catch {
            throw AdministrationError(error)
        }
        // An unknown id takes the same work as a known one.
        let pepper = self.peppers[row?.credential.pepper ?? self.currentPepper]
        let code = pepper?.code(of: token.secret)
        guard let row, code == row.credential.code else { throw .unauthenticated }
        if let expiresAt = row.stored.spec.expiresAt, Int64(expiresAt) <= self.wallClock() { throw .unauthenticated }
        return AdminPrincipal(id: token.id.text, role: row.stored.spec.role, requestID: requestID)
    }
}
