import Administration
import Contract
import Identity
import Postgres
import PostgresTestSupport
import Sealing
import Testing
import Wire

extension AdminServer {
    /// A node that has joined; its id.
    func join(_ name: String) async throws -> String {
        let invitation = try await self.enrolment.invite(by: "root")
        let token = try #require(invitation.token.withExposedText { JoinToken($0) })
        let request = try NodeIdentity().joinRequest(token: token, name: try #require(Slug(name)))
        return try await self.enrolment.join(request).nodeID
    }

    /// Lets an administrator's time run out.
    func expire(_ admin: String) async throws {
        try await self.database.pool.execute(
            Statement("UPDATE admin SET expires_at = now() - interval '1 s' WHERE id = $1", .text(admin))
        )
    }

    /// All rows of all tables as text, bytes in hexadecimal.
    func dump() async throws -> String {
        try await self.database.pool.withTransaction { transaction in
            try await transaction.execute(Statement("SET LOCAL xmlbinary TO hex"))
            let rows = try await transaction.query(
                Statement(
                    """
                    SELECT query_to_xml(format('SELECT * FROM %I', table_name), true, false, '')::text AS rows
                    FROM information_schema.tables WHERE table_schema = 'public'
                    """
                )
            )
            return try rows.map { try $0.text("rows") }.joined(separator: "\n")
        }
    }
}

extension AdminServer {
    /// Ends every session of this test's database and lets no new one in, as a server that went away.
    func interruptDatabase() async throws {
        let cluster = try TestCluster.shared()
        try await TestDatabase.administer(cluster, "ALTER DATABASE \(self.database.name) ALLOW_CONNECTIONS false")
        try await TestDatabase.administer(
            cluster,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(self.database.name)'"
        )
    }

    func restoreDatabase() async throws {
        try await TestDatabase.administer(
            TestCluster.shared(),
            "ALTER DATABASE \(self.database.name) ALLOW_CONNECTIONS true"
        )
    }

    /// Lets every write of a snapshot fail as on a full disk.
    func fillDisk() async throws {
        try await self.database.pool.execute(
            Statement(
                """
                CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE ''no room'' USING ERRCODE = ''53100''; END'
                """
            )
        )
        try await self.database.pool.execute(
            Statement("CREATE TRIGGER fill_disk BEFORE INSERT ON snapshot EXECUTE FUNCTION fill_disk()")
        )
    }

    func emptyDisk() async throws {
        try await self.database.pool.execute(Statement("DROP TRIGGER fill_disk ON snapshot"))
    }
}
