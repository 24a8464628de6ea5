import Administration
import Identity
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Testing

struct ClusterTests {
    @Test func `the first start makes a cluster and later ones find the same`() async throws {
        try await TestPlane.with { plane in
            let again = try await Cluster.open(plane.pool, masterKey: plane.masterKey)
            #expect(again.id == plane.cluster.id)
            #expect(again.fingerprint == plane.cluster.fingerprint)
            #expect(again.signingKeys.map(\.id) == plane.cluster.signingKeys.map(\.id))
            let pepper = try #require(again.peppers[again.currentPepper])
            let before = try #require(plane.cluster.peppers[plane.cluster.currentPepper])
            #expect(pepper.withExposedBytes { $0 } == before.withExposedBytes { $0 })
        }
    }

    @Test func `two that start at once on an empty database agree`() async throws {
        try await TestDatabase.with { database in
            try await MigrationRunner(database.pool, logger: TestDatabase.quiet).run()
            let key = MasterKey()
            async let first = Cluster.open(database.pool, masterKey: key)
            async let second = Cluster.open(database.pool, masterKey: key)
            let ids = try await (first.id, second.id)
            #expect(ids.0 == ids.1)
        }
    }

    @Test func `another key file is refused with a line that says so`() async throws {
        try await TestPlane.with { plane in
            await #expect(throws: ClusterProblem.wrongKeyFile) {
                try await Cluster.open(plane.pool, masterKey: MasterKey())
            }
            #expect(ClusterProblem.wrongKeyFile.description.hasPrefix("the key file is not the one"))
        }
    }

    @Test func `a database without tables is refused`() async throws {
        try await TestDatabase.with { database in
            await #expect(throws: ClusterProblem.notMigrated) {
                try await Cluster.open(database.pool, masterKey: MasterKey())
            }
        }
    }

    @Test func `no private key and no pepper is in the database in the clear`() async throws {
        try await TestPlane.with { plane in
            let key = try #require(plane.cluster.signingKeys.first).rawPrivateKey.withExposedBytes { $0 }
            let pepper = try #require(plane.cluster.peppers["p1"]).withExposedBytes { $0 }
            let rows = try await plane.pool.query(
                Statement(
                    """
                    SELECT position($1::bytea IN sealed_private_key) + position($2::bytea IN sealed_key) AS found
                    FROM signing_key, pepper
                    """,
                    .bytes(key),
                    .bytes(pepper)
                )
            )
            #expect(try rows.first?.int("found") == 0)
        }
    }
}
