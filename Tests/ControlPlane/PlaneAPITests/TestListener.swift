import Administration
import Contract
import CurlTransport
import Identity
import NIOCore
import PlaneAPI
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Testing
import Wire

/// The plane's listener on a free port, over a control plane on a database of its own.
struct TestListener: Sendable {
    let cluster: Cluster
    let pool: PostgresPool
    let enrolment: NodeEnrolment
    let publication: SnapshotPublication
    let board: PlaneStateBoard
    let reports: NodeReports
    let base: String
    let reactor: CurlReactor

    static func with(_ body: (TestListener) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            let logger = TestDatabase.quiet
            let pool = database.pool
            try await MigrationRunner(pool, logger: logger).run()
            let cluster = try await Cluster.open(pool, masterKey: MasterKey())
            let board = PlaneStateBoard(cluster: cluster, pool: pool, logger: logger)
            let enrolment = NodeEnrolment(cluster: cluster, board: board, pool: pool, logger: logger)
            let reports = NodeReports(pool: pool, logger: logger)
            let (ports, portSource) = AsyncStream<Int>.makeStream()
            let listener = PlaneListener(
                host: "127.0.0.1",
                port: 0,
                service: PlaneService(
                    cluster: cluster,
                    board: board,
                    reports: reports,
                    pool: pool,
                    logger: logger,
                    wallClock: { 1_800_000_000_000 }
                ),
                enrolment: enrolment,
                isReady: { true },
                logger: logger,
                onBound: { port in portSource.yield(port) }
            )
            let serving = Task { try await listener.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let test = TestListener(
                cluster: cluster,
                pool: pool,
                enrolment: enrolment,
                publication: SnapshotPublication(cluster: cluster, builtBy: "test 1"),
                board: board,
                reports: reports,
                base: "http://127.0.0.1:\(port)",
                reactor: try CurlReactor(name: "test")
            )
            let result: Result<Void, any Error>
            do {
                try await body(test)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            test.reactor.shutdown()
            serving.cancel()
            _ = await serving.result
            try result.get()
        }
    }

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]

        /// The error's code, if it is an error.
        var code: String? { (try? JSONReader.read(self.body))?["error"]?["code"]?.stringValue }
    }

    func send(
        _ method: TransferRequest.Method,
        _ path: String,
        headers: [(String, String)] = [],
        body: [UInt8] = []
    ) async throws -> Answer {
        let response = try await self.reactor.fetch(
            TransferRequest(
                method: method,
                url: self.base + path,
                headers: headers.map { TransferHeader(name: $0.0, text: $0.1) },
                body: [ByteBuffer(bytes: body)]
            ),
            maximumBodyBytes: 1 << 24
        )
        return Answer(
            status: response.status,
            headers: Dictionary(response.headers.map { ($0.name, $0.value) }) { first, _ in first },
            body: Array(response.body.readableBytesView)
        )
    }

    /// Sends a request signed by the node.
    func send(
        _ method: TransferRequest.Method,
        _ path: String,
        as node: (id: String, identity: NodeIdentity),
        body: [UInt8] = []
    ) async throws -> Answer {
        let headers = try node.identity.signedHeaders(
            method: method.rawValue,
            path: path,
            body: body,
            node: node.id,
            time: 1_800_000_000_000,
            nonce: SecureRandom.uuid()
        )
        return try await self.send(method, path, headers: headers, body: body)
    }

    func publish() async throws -> Publication {
        let body = SnapshotBody(deployment: try #require(Slug("metrum")))
        return try await self.pool.withTransaction { transaction in
            try await self.publication.publish(
                body,
                providerSecrets: [:],
                by: "ann",
                reason: "test",
                in: transaction
            )
        }
    }

    func invite() async throws -> JoinToken {
        let invitation = try await self.enrolment.invite(by: "ann")
        return try #require(invitation.token.withExposedText { JoinToken($0) })
    }

    /// Lets every write to these tables fail as on a full disk.
    func fillDisk(of tables: [String] = TestListener.tables) async throws {
        try await self.pool.execute(
            Statement(
                """
                CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE ''no room'' USING ERRCODE = ''53100''; END'
                """
            )
        )
        try await self.pool.execute(
            Statement(
                """
                CREATE FUNCTION fill_disk(tables text[]) RETURNS void LANGUAGE plpgsql AS $$
                DECLARE name text;
                BEGIN
                    FOREACH name IN ARRAY tables LOOP
                        EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON %I
                            FOR EACH ROW EXECUTE FUNCTION fill_disk()', name);
                    END LOOP;
                END $$
                """
            )
        )
        _ = try await self.pool.query(Statement("SELECT fill_disk($1::text[])::text", .texts(tables)))
    }

    func emptyDisk() async throws {
        try await self.pool.execute(Statement("DROP FUNCTION fill_disk() CASCADE"))
    }

    private static let tables = ["node", "node_report", "node_secrets", "join_token", "audit"]

    /// Joins over HTTP.
    func join(_ name: String) async throws -> (id: String, identity: NodeIdentity) {
        let token = try await self.invite()
        let identity = NodeIdentity()
        let request = try identity.joinRequest(token: token, name: try #require(Slug(name)))
        let answer = try await self.send(.post, NodeRequest.joinPath, body: JSONWriter.write(request.json))
        #expect(answer.status == 200)
        let response = try JoinResponse(JSONReader.read(answer.body))
        #expect(SHA256Digest.of(response.trust) == token.fingerprint)
        return (response.nodeID, identity)
    }

    func poll(_ node: String, wait: Int = 0, running: SnapshotReference? = nil) -> PollRequest {
        PollRequest(
            node: node,
            bootID: "boot",
            nonce: "nonce",
            running: running,
            revocationSequence: 0,
            waitMilliseconds: wait,
            clock: 0,
            builtBy: "test"
        )
    }
}
