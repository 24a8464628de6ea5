package import Identity
package import Logging
package import Postgres

/// A database of one test's own, and a pool on it.
package struct TestDatabase: Sendable {
    package let name: String
    package let url: Secret
    package let pool: PostgresPool

    /// A logger that says nothing.
    package static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Creates a database, runs `body` with a pool on it, and drops it again.
    @discardableResult
    package static func with<Output>(
        template: String = "template1",
        connections: Int = 4,
        _ body: (TestDatabase) async throws -> Output
    ) async throws -> Output {
        let cluster = try TestCluster.shared()
        let name = "test_\(UInt64.random(in: 0...UInt64.max))"
        try await TestDatabase.administer(cluster, "CREATE DATABASE \(name) TEMPLATE \(template)")
        let url = cluster.url(name)
        let pool = PostgresPool(
            PostgresConfiguration(url: url, applicationName: "test", maximumConnections: connections),
            logger: TestDatabase.quiet
        )
        let database = TestDatabase(name: name, url: url, pool: pool)
        let result = await TestDatabase.running(pool) { () async -> Result<Output, any Error> in
            do { return .success(try await body(database)) } catch { return .failure(error) }
        }
        try await TestDatabase.administer(cluster, "DROP DATABASE \(name) WITH (FORCE)")
        return try result.get()
    }

    /// Runs `body` while the pool runs.
    package static func running<Output>(_ pool: PostgresPool, _ body: () async -> Output) async -> Output {
        let task = Task { await pool.run() }
        let output = await body()
        task.cancel()
        await task.value
        return output
    }

    /// Runs SQL on the database that is always there, outside a transaction.
    package static func administer(_ cluster: TestCluster, _ sql: String) async throws {
        var configuration = PostgresConfiguration(
            url: cluster.url("postgres"),
            applicationName: "test",
            maximumConnections: 1
        )
        // Many tests create databases at once, on a machine that may be busy.
        configuration.leaseTimeout = .seconds(60)
        configuration.statementTimeout = .seconds(60)
        configuration.answerTimeout = .seconds(60)
        guard let script = Script(compiledIn: Array(sql.utf8)) else { return }
        let pool = PostgresPool(configuration, logger: TestDatabase.quiet)
        let result = await TestDatabase.running(pool) { () async -> Result<Void, any Error> in
            do { return .success(try await pool.execute(script)) } catch { return .failure(error) }
        }
        try result.get()
    }
}
