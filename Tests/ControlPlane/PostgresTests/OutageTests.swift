import Foundation
import Identity
import Postgres
import PostgresTestSupport
import Testing

/// What the pool does when its server is ended, stopped or not there; on servers of its own.
struct OutageTests {
    private func pool(_ url: String, connections: Int = 2) -> PostgresPool {
        PostgresPool(
            PostgresConfiguration(url: Secret(url), applicationName: "outage", maximumConnections: connections),
            logger: TestDatabase.quiet
        )
    }

    private func answer(_ pool: PostgresPool) async -> Result<Int?, PostgresError> {
        do throws(PostgresError) {
            return .success(try await pool.query(Statement("SELECT 1 AS one")).first?.int("one"))
        } catch {
            return .failure(error)
        }
    }

    private func serverProcess(_ directory: String) throws -> pid_t {
        let file = try String(contentsOfFile: "\(directory)/data/postmaster.pid", encoding: .utf8)
        return try #require(file.split(separator: "\n").first.flatMap { pid_t($0) })
    }

    @Test func `a server that is not there is unavailable within the lease time, then at once`() async {
        let pool = self.pool("host=/nonexistent user=nobody dbname=nothing")
        await TestDatabase.running(pool) {
            let clock = ContinuousClock()
            let first = await clock.measure {
                #expect(await self.answer(pool) == .failure(.unavailable(.noConnection)))
            }
            // The lease time is 3 s; the rest is for a machine that is busy with other tests.
            #expect(first < .seconds(15))
            #expect(await self.answer(pool) == .failure(.unavailable(.noConnection)))
        }
    }

    @Test func `sessions that the server ended while they were idle are replaced unnoticed`() async throws {
        try await TestDatabase.with(connections: 3) { database in
            let pool = database.pool
            await withTaskGroup { group in
                for _ in 0..<3 { group.addTask { _ = await self.answer(pool) } }
            }
            try await TestDatabase.administer(
                TestCluster.shared(),
                """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                WHERE datname = '\(database.name)' AND pid <> pg_backend_pid()
                """
            )
            for _ in 0..<5 { #expect(await self.answer(pool) == .success(1)) }
        }
    }

    @Test func `a session that ends during a transaction is unavailable, and the next one works`() async throws {
        try await TestDatabase.with(connections: 1) { database in
            // Either its last words or the closed socket are seen first.
            let ends: [PostgresError] = [.unavailable(.serverNotReady), .unavailable(.connectionLost)]
            await #expect(
                performing: {
                    try await database.pool.withTransaction { transaction in
                        try await transaction.query(Statement("SELECT pg_terminate_backend(pg_backend_pid())"))
                    }
                },
                throws: { error in (error as? PostgresError).map(ends.contains) ?? false }
            )
            #expect(await self.answer(database.pool) == .success(1))
        }
    }

    @Test func `a standby is refused and its session dropped`() async throws {
        try await TestDatabase.with(connections: 1) { database in
            let pool = database.pool
            try await pool.execute(Statement("CREATE TABLE t (id int)"))
            let before = try await pool.query(Statement("SELECT pg_backend_pid() AS pid")).first?.int("pid")
            await #expect(throws: PostgresError.readOnly) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute(Statement("SET TRANSACTION READ ONLY"))
                    try await transaction.execute(Statement("INSERT INTO t VALUES (1)"))
                }
            }
            let after = try await pool.query(Statement("SELECT pg_backend_pid() AS pid")).first?.int("pid")
            #expect(before != after)
        }
    }

    @Test(arguments: ["53000", "53100", "53200", "53400"])
    func `a server without disk or memory is unavailable, and its session goes on`(sqlstate: String) async throws {
        try await TestDatabase.with(connections: 1) { database in
            let pool = database.pool
            try await pool.execute(Statement("CREATE TABLE t (code text)"))
            try await pool.execute(
                Statement(
                    """
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN RAISE ''no room'' USING ERRCODE = NEW.code; END'
                    """
                )
            )
            // A constraint, so that it can be put off until COMMIT.
            try await pool.execute(
                Statement(
                    """
                    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON t DEFERRABLE
                    FOR EACH ROW EXECUTE FUNCTION refuse()
                    """
                )
            )
            let before = try await pool.query(Statement("SELECT pg_backend_pid() AS pid")).first?.int("pid")
            let insert = Statement("INSERT INTO t VALUES ($1)", .text(sqlstate))
            await #expect(throws: PostgresError.unavailable(.outOfResources)) { try await pool.execute(insert) }
            await #expect(throws: PostgresError.unavailable(.outOfResources)) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute(Statement("SET CONSTRAINTS ALL DEFERRED"))
                    try await transaction.execute(insert)
                }
            }
            let after = try await pool.query(Statement("SELECT pg_backend_pid() AS pid")).first?.int("pid")
            #expect(before == after)
            #expect(try await pool.query(Statement("SELECT code FROM t")).isEmpty)
        }
    }

    @Test func `a stopped server is unavailable soon and serves again when it goes on`() async throws {
        let directory = try TestCluster.startPrivate(extraOptions: [])
        let server = try self.serverProcess(directory)
        let pool = self.pool("host=\(directory) user=postgres dbname=postgres")
        try await TestDatabase.running(pool) { () async -> Result<Void, any Error> in
            do {
                let backend = try await pool.query(Statement("SELECT pg_backend_pid() AS pid")).first?.int("pid")
                let backendProcess = try #require(backend.flatMap { pid_t(exactly: $0) })
                // The one session it has, and the process that would accept new ones.
                kill(backendProcess, SIGSTOP)
                kill(server, SIGSTOP)
                for _ in 0..<2 {
                    let time = await ContinuousClock().measure {
                        guard case .failure(.unavailable) = await self.answer(pool) else {
                            Issue.record("a stopped server answered")
                            return
                        }
                    }
                    // The answer time is 4.7 s; the rest is for a machine that is busy with other tests.
                    #expect(time < .seconds(10))
                }
                kill(backendProcess, SIGCONT)
                kill(server, SIGCONT)
                #expect(await self.answerEventually(pool))
                return .success(())
            } catch {
                return .failure(error)
            }
        }.get()
    }

    @Test func `a server that is killed comes back without anyone's help`() async throws {
        let directory = try TestCluster.startPrivate(extraOptions: [])
        let pool = self.pool("host=\(directory) user=postgres dbname=postgres")
        try await TestDatabase.running(pool) { () async -> Result<Void, any Error> in
            do {
                #expect(await self.answer(pool) == .success(1))
                let backend = try await pool.query(Statement("SELECT pg_backend_pid() AS pid")).first?.int("pid")
                // A session that dies of SIGKILL makes the server end all others and recover.
                kill(try #require(backend.flatMap { pid_t(exactly: $0) }), SIGKILL)
                #expect(await self.answerEventually(pool))
                return .success(())
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private func answerEventually(_ pool: PostgresPool) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if case .success = await self.answer(pool) { return true }
        }
        return false
    }
}
