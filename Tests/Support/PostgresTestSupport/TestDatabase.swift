package import Identity
package import Logging
package import Postgres

/// A database of one test's own, and a pool on it.
package struct TestDatabase: Sendable {
    package let name: String
    package let url: Secret
    package let pool: PostgresPool

    package static let patience = Duration.seconds(60)

    /// A logger that says nothing.
    package static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Creates a database, runs `body` with a pool on it, and drops it again.
    ///
    /// With `patience`, limits that only what hangs runs into: tests share one server, on a machine that may be
    /// busy. Without, those of the product.
    @discardableResult
    package static func with<Output>(
        template: String = "template1",
        connections: Int = 4,
        patience: Duration? = TestDatabase.patience,
        _ body: (TestDatabase) async throws -> Output
    ) async throws -> Output {
        let cluster = try TestCluster.shared()
        let name = "test_\(UInt64.random(in: 0...UInt64.max))"
        try await TestDatabase.administer(cluster, "CREATE DATABASE \(name) TEMPLATE \(template)")
        let url = cluster.url(name)
        let pool = PostgresPool(
            TestDatabase.configuration(url, connections: connections, patience: patience),
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
        guard let script = Script(compiledIn: Array(sql.utf8)) else { return }
        let pool = PostgresPool(
            TestDatabase.configuration(cluster.url("postgres"), connections: 1, patience: TestDatabase.patience),
            logger: TestDatabase.quiet
        )
        let result = await TestDatabase.running(pool) { () async -> Result<Void, any Error> in
            do { return .success(try await pool.execute(script)) } catch { return .failure(error) }
        }
        try result.get()
    }

    private static func configuration(
        _ url: Secret,
        connections: Int,
        patience: Duration?
    ) -> PostgresConfiguration {
        var configuration = PostgresConfiguration(url: url, applicationName: "test", maximumConnections: connections)
        guard let patience else { return configuration }
        configuration.leaseTimeout = patience
        configuration.lockTimeout = patience
        // Later, so that a lock that is never free is told as such.
        configuration.statementTimeout = patience + .seconds(10)
        configuration.idleInTransactionTimeout = patience
        // What cancels a statement is the server, however late it is.
        configuration.answerTimeout = patience + .seconds(30)
        return configuration
    }
}
