import AdminAPI
import Administration
import Catalog
import CurlTransport
import Identity
import NIOCore
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Synchronization
import Testing
import Wire

/// The admin API on a free port, over a database of one test's own; whatever it answers is held against the
/// OpenAPI document.
final class AdminServer: Sendable {
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: JSONValue
        let bytes: [UInt8]

        var code: String? { self.body["error"]?["code"]?.stringValue }
        var field: String? { self.body["error"]?["field"]?.stringValue }
        var message: String? { self.body["error"]?["message"]?.stringValue }
        var version: Int? { self.body["snapshot_version"]?.intValue }
        var eTag: String { self.headers["etag"] ?? "" }
    }

    let database: TestDatabase
    let cluster: Cluster
    let admins: Admins
    let enrolment: NodeEnrolment
    let log: RecordingLog
    let base: String
    let reactor: CurlReactor
    let root: Secret
    private let document = Mutex<SchemaCheck?>(nil)
    /// Every body that was ever answered.
    private let answered = Mutex<[String]>([])

    var answers: String { self.answered.withLock { $0.joined(separator: "\n") } }

    private init(
        _ database: TestDatabase,
        cluster: Cluster,
        admins: Admins,
        enrolment: NodeEnrolment,
        log: RecordingLog,
        base: String,
        reactor: CurlReactor,
        root: Secret
    ) {
        self.database = database
        self.cluster = cluster
        self.admins = admins
        self.enrolment = enrolment
        self.log = log
        self.base = base
        self.reactor = reactor
        self.root = root
    }

    static func with(
        policy: TokenPolicy = TokenPolicy(),
        connections: Int = 4,
        patience: Duration? = TestDatabase.patience,
        _ body: (AdminServer) async throws -> Void
    ) async throws {
        try await TestDatabase.with(connections: connections, patience: patience) { database in
            try await AdminServer.serve(database, policy: policy, body)
        }
    }

    static func serve(
        _ database: TestDatabase,
        policy: TokenPolicy = TokenPolicy(),
        _ body: (AdminServer) async throws -> Void
    ) async throws {
        let log = RecordingLog()
        let pool = database.pool
        try await MigrationRunner(pool, logger: TestDatabase.quiet).run()
        let cluster = try await Cluster.open(pool, masterKey: MasterKey())
        let publication = SnapshotPublication(cluster: cluster, builtBy: "test 1")
        let deployment = try #require(Slug("metrum"))
        let editor = ConfigurationEditor(
            pool: pool,
            cluster: cluster,
            publication: publication,
            deployment: deployment
        )
        let board = PlaneStateBoard(cluster: cluster, pool: pool, logger: log.logger)
        let enrolment = NodeEnrolment(cluster: cluster, board: board, pool: pool, logger: log.logger)
        let admins = Admins(pool: pool, cluster: cluster)
        let clock: @Sendable () -> Int64 = { Int64(ContinuousClock.wallMilliseconds) }
        let services = AdminServices(
            authentication: AdminAuthentication(pool: pool, cluster: cluster, wallClock: clock),
            providers: Providers(editor),
            models: Models(editor),
            attestations: Attestations(editor),
            validations: Validations(editor),
            groups: Groups(editor),
            tokens: Tokens(editor, policy: policy),
            admins: admins,
            apply: DeclarativeApply(editor),
            snapshots: Snapshots(editor, history: SnapshotHistory(cluster: cluster, publication: publication)),
            audit: AuditLog(pool: pool),
            nodes: NodeDirectory(pool: pool),
            enrolment: enrolment
        )
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let listener = AdminListener(
            host: "127.0.0.1",
            port: 0,
            services: services,
            isReady: { (try? await pool.query(Statement("SELECT 1 AS one"))) != nil },
            wallClock: clock,
            logger: log.logger,
            onBound: { port in portSource.yield(port) }
        )
        let serving = Task { try await listener.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let issued = try await admins.bootstrap(try #require(Slug("root")), role: .admin, replacing: false)
        let server = AdminServer(
            database,
            cluster: cluster,
            admins: admins,
            enrolment: enrolment,
            log: log,
            base: "http://127.0.0.1:\(port)",
            reactor: try CurlReactor(name: "test"),
            root: issued.token
        )
        let result: Result<Void, any Error>
        do {
            _ = try await server.openAPI()
            try await body(server)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        server.reactor.shutdown()
        serving.cancel()
        _ = await serving.result
        try result.get()
    }

    /// Sends exactly this, without a token.
    func raw(
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
                body: body.isEmpty ? [] : [ByteBuffer(bytes: body)],
                timeouts: TransferTimeouts(total: .seconds(60))
            ),
            maximumBodyBytes: 1 << 26
        )
        let bytes = Array(response.body.readableBytesView)
        self.answered.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        return Answer(
            status: response.status,
            headers: Dictionary(response.headers.map { ($0.name, $0.value) }) { first, _ in first },
            body: (try? JSONReader.read(bytes)) ?? .null,
            bytes: bytes
        )
    }

    /// Sends as the first administrator, or with `token`, and holds the answer against the OpenAPI document.
    @discardableResult
    func send(
        _ method: TransferRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        headers: [(String, String)] = [],
        as token: Secret? = nil,
        type: String = "application/json",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let authorization = (token ?? self.root).withExposedText { "Bearer \($0)" }
        var lines = headers + [("authorization", authorization)]
        if body != nil { lines.append(("content-type", type)) }
        let answer = try await self.raw(
            method,
            path,
            headers: lines,
            body: body.map { JSONWriter.write($0) } ?? []
        )
        try await self.check(method, path, answer, sourceLocation)
        return answer
    }

    /// Applies a YAML document.
    func yaml(_ text: String) async throws -> Answer {
        let authorization = self.root.withExposedText { "Bearer \($0)" }
        return try await self.raw(
            .post,
            "/admin/v1/apply",
            headers: [("authorization", authorization), ("content-type", "application/yaml")],
            body: Array(text.utf8)
        )
    }

    /// The OpenAPI document.
    func openAPI() async throws -> SchemaCheck {
        if let document = self.document.withLock({ $0 }) { return document }
        let authorization = self.root.withExposedText { "Bearer \($0)" }
        let answer = try await self.raw(
            .get,
            "/admin/v1/openapi.json",
            headers: [("authorization", authorization)]
        )
        #expect(answer.status == 200)
        let document = SchemaCheck(document: answer.body)
        self.document.withLock { $0 = document }
        return document
    }

    private func check(
        _ method: TransferRequest.Method,
        _ path: String,
        _ answer: Answer,
        _ sourceLocation: SourceLocation
    ) async throws {
        #expect(answer.headers["cache-control"] == "no-store", sourceLocation: sourceLocation)
        let id = answer.headers["x-request-id"].flatMap { Identity.RequestID($0) }
        #expect(id != nil, sourceLocation: sourceLocation)
        let document = try await self.openAPI()
        let bare = String(path.prefix { $0 != "?" })
        let error = JSONValue.object(JSONObject([("$ref", "#/components/schemas/Error")]))
        guard let operation = self.operation(method, bare, document) else {
            #expect(document.problems(answer.body, error).isEmpty, sourceLocation: sourceLocation)
            return
        }
        var schema = operation["responses"]?[String(answer.status)]?["content"]?["application/json"]?["schema"]
        if answer.status >= 400 {
            // Operations describe these two one by one, since not every one can answer both.
            if answer.status != 400, answer.status != 422 { schema = error }
            #expect(
                answer.body["error"]?["request_id"]?.stringValue == answer.headers["x-request-id"],
                sourceLocation: sourceLocation
            )
        } else if path.contains("dry_run=true") {
            schema = JSONValue.object(JSONObject([("$ref", "#/components/schemas/Changes")]))
        }
        guard let schema else {
            Issue.record("\(method) \(bare) does not describe \(answer.status)", sourceLocation: sourceLocation)
            return
        }
        let problems = document.problems(answer.body, schema)
        #expect(problems.isEmpty, "\(method) \(path) \(answer.status): \(problems)", sourceLocation: sourceLocation)
    }

    private func operation(_ method: TransferRequest.Method, _ path: String, _ document: SchemaCheck) -> JSONValue? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for (template, item) in document.document["paths"]?.objectValue?.members ?? [] {
            let segments = template.split(separator: "/", omittingEmptySubsequences: false)
            guard segments.count == parts.count,
                zip(segments, parts).allSatisfy({ $0 == $1 || $0.hasPrefix("{") })
            else { continue }
            return item[method.rawValue.lowercased()]
        }
        return nil
    }
}
