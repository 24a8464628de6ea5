import Administration
import Contract
import Identity
import Logging
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Synchronization
import Testing
import Wire

/// One control plane on a database of one test's own.
struct TestPlane: Sendable {
    let database: TestDatabase
    let masterKey: MasterKey
    let cluster: Cluster
    let publication: SnapshotPublication
    let board: PlaneStateBoard
    let reports: NodeReports
    let service: PlaneService
    let enrolment: NodeEnrolment

    var pool: PostgresPool { self.database.pool }

    init(_ database: TestDatabase, masterKey: MasterKey = MasterKey()) async throws {
        self.database = database
        self.masterKey = masterKey
        let pool = database.pool
        let cluster = try await Cluster.open(pool, masterKey: masterKey)
        let board = PlaneStateBoard(cluster: cluster, pool: pool, logger: TestDatabase.quiet)
        let reports = NodeReports(pool: pool, logger: TestDatabase.quiet)
        self.cluster = cluster
        self.board = board
        self.reports = reports
        self.publication = SnapshotPublication(cluster: cluster, builtBy: "test 1")
        self.service = PlaneService(
            cluster: cluster,
            board: board,
            reports: reports,
            pool: pool,
            logger: TestDatabase.quiet,
            wallClock: { 1_800_000_000_000 }
        )
        self.enrolment = NodeEnrolment(cluster: cluster, board: board, pool: pool, logger: TestDatabase.quiet)
    }

    /// Runs `body` with a control plane on a migrated database.
    static func with(connections: Int = 4, _ body: (TestPlane) async throws -> Void) async throws {
        try await TestDatabase.with(connections: connections) { database in
            try await MigrationRunner(database.pool, logger: TestDatabase.quiet).run()
            try await body(try await TestPlane(database))
        }
    }

    /// A pool that was closed, which is as good as a database that is gone.
    static func deadPool() async -> PostgresPool {
        let pool = PostgresPool(
            PostgresConfiguration(url: Secret("host=/nonexistent"), applicationName: "test"),
            logger: TestDatabase.quiet
        )
        await TestDatabase.running(pool) {}
        return pool
    }

    /// A body that is different for each `marker`.
    static func body(_ marker: String, tokens: [TokenRecord] = []) throws -> SnapshotBody {
        var body = SnapshotBody(deployment: try #require(Slug("metrum")))
        let provider = try #require(Slug("demo"))
        let model = try #require(Slug("m"))
        body.providers = [
            ProviderRecord(
                id: provider,
                baseURL: try #require(UpstreamURL("http://127.0.0.1:9")),
                dialects: [.openAIChat: nil],
                region: marker
            )
        ]
        body.models = [ModelRecord(provider: provider, id: model, upstreamModel: "m")]
        body.groups = [
            GroupRecord(
                id: try #require(Slug("default")),
                targets: [TargetRecord(id: try #require(Slug("t")), provider: provider, model: model)]
            )
        ]
        body.tokens = tokens
        return body
    }

    static func token(_ user: String) throws -> TokenRecord {
        TokenRecord(
            id: try TestPlane.tokenID(user),
            code: try #require(Digest([UInt8](repeating: 7, count: 32))),
            pepper: "p1",
            allow: [try #require(Slug("default"))]
        )
    }

    static func tokenID(_ user: String) throws -> TokenID { try #require(TokenID("rtr_metrum_\(user)_p_prod_k1")) }

    @discardableResult
    func publish(_ body: SnapshotBody, secret: String = "canary-secret") async throws -> Publication {
        let provider = try #require(Slug("demo"))
        return try await self.pool.withTransaction { transaction in
            try await AdvisoryLock.publication.take(in: transaction)
            return try await self.publication.publish(
                body,
                providerSecrets: [provider: Secret(secret)],
                by: "ann",
                reason: "test",
                in: transaction
            )
        }
    }

    /// Revokes a token and publishes, as the use case of token revocation does.
    func revoke(_ user: String, publishing body: SnapshotBody) async throws -> (sequence: Int, Publication) {
        let id = try TestPlane.tokenID(user)
        var body = body
        for index in body.tokens.indices where body.tokens[index].id == id { body.tokens[index].state = .revoked }
        let revoked = body
        return try await self.pool.withTransaction { transaction in
            try await AdvisoryLock.publication.take(in: transaction)
            let sequence = try await TokenRevocation(pool: self.pool).note(id, by: "ann", in: transaction)
            let publication = try await self.publication.publish(
                revoked,
                providerSecrets: [:],
                by: "ann",
                reason: "revoke",
                in: transaction
            )
            return (sequence, publication)
        }
    }

    /// A node that has joined.
    func join(_ name: String = "node-1") async throws -> TestNode {
        let invitation = try await self.enrolment.invite(by: "ann")
        let token = try #require(invitation.token.withExposedText { JoinToken($0) })
        let identity = NodeIdentity()
        let response = try await self.enrolment.join(
            identity.joinRequest(token: token, name: try #require(Slug(name)))
        )
        return TestNode(identity: identity, id: response.nodeID, trust: self.cluster.trust)
    }
}

/// A node as the control plane sees it: it signs requests and opens answers.
struct TestNode: Sendable {
    let identity: NodeIdentity
    let id: String
    let trust: TrustDocument

    func pollRequest(
        running: SnapshotReference? = nil,
        revocationSequence: Int = 0,
        wait: Int = 0,
        verdict: SnapshotVerdict? = nil
    ) -> PollRequest {
        PollRequest(
            node: self.id,
            bootID: "boot",
            nonce: SecureRandom.uuid(),
            running: running,
            verdict: verdict,
            revocationSequence: revocationSequence,
            waitMilliseconds: wait,
            clock: 1_800_000_000_500,
            builtBy: "test 1"
        )
    }

    func signed(
        _ method: String,
        _ path: String,
        _ body: [UInt8] = [],
        nonce: String = SecureRandom.uuid()
    ) throws -> SignedNodeRequest {
        let headers = try self.identity.signedHeaders(
            method: method,
            path: path,
            body: body,
            node: self.id,
            time: 1_800_000_000_500,
            nonce: nonce
        )
        let values = Dictionary(uniqueKeysWithValues: headers)
        return try #require(
            SignedNodeRequest(
                method: method,
                path: path,
                node: values[NodeRequest.nodeHeader],
                time: values[NodeRequest.timeHeader],
                nonce: values[NodeRequest.nonceHeader],
                signature: values[NodeRequest.signatureHeader],
                body: body
            )
        )
    }

    func poll(_ poll: PollRequest, at service: PlaneService) async throws -> Heartbeat {
        let request = try self.signed("POST", NodeRequest.pollPath, JSONWriter.write(poll.json))
        let answer = try await service.poll(request)
        return try HeartbeatSeal.open(answer, trust: self.trust, node: self.id, nonce: poll.nonce)
    }

    func snapshot(_ sha256: Digest, at service: PlaneService) async throws -> [UInt8] {
        try await service.snapshot(sha256, for: self.signed("GET", NodeRequest.snapshotPath + sha256.hex))
    }

    func secrets(_ snapshot: SnapshotReference, at service: PlaneService) async throws -> [UInt8] {
        let path = NodeRequest.secretsPath + snapshot.sha256.hex
        return try await service.secrets(of: snapshot.sha256, for: self.signed("GET", path))
    }

    func open(_ sealed: [UInt8], _ snapshot: SnapshotReference) throws -> SecretsBundle {
        try SecretsSeal.open(
            sealed,
            with: self.identity.sealingKey,
            clusterID: self.trust.clusterID,
            node: self.id,
            snapshot: snapshot
        )
    }
}
