import Administration
import Catalog
import Glibc
import Identity
import Logging
import PlaneAPI
import Postgres
import Sealing
import ServiceLifecycle
import Settings
import Storage
import Telemetry
import UnixSignals

/// Builds a control plane from its parts and runs it; the only file that sees them all.
enum ControlPlaneAssembly {
    /// Serves until the process is told to stop and its answers are told to their ends.
    static func run(_ settings: ControlPlaneSettings) async throws {
        signal(SIGPIPE, SIG_IGN)
        let logger = ControlPlaneAssembly.logger(settings)
        guard let masterKey = settings.masterKey else { throw ClusterProblem.wrongKeyFile }
        try await ControlPlaneAssembly.withPool(settings, logger) { pool in
            // Until PostgreSQL answers there is nothing to serve; a supervisor's restarts would not bring it back.
            let cluster = try await ControlPlaneAssembly.untilAvailable(logger) {
                if settings.migrates { try await MigrationRunner(pool, logger: logger).run() }
                return try await Cluster.open(pool, masterKey: masterKey)
            }
            let board = PlaneStateBoard(cluster: cluster, pool: pool, logger: logger)
            try await ControlPlaneAssembly.untilAvailable(logger) { try await board.refresh() }
            logger.notice("the cluster is open", metadata: ["cluster": "\(cluster.id)", "epoch": "\(cluster.epoch)"])
            try await ControlPlaneAssembly.serve(settings, pool, cluster, board, logger)
        }
        logger.notice("stopped")
    }

    /// Brings the database to this program's shape; returns the numbers of what was applied.
    static func migrate(_ settings: ControlPlaneSettings) async throws -> [Int] {
        let logger = ControlPlaneAssembly.logger(settings)
        return try await ControlPlaneAssembly.withPool(settings, logger) { pool in
            try await MigrationRunner(pool, logger: logger).run()
        }
    }

    /// Makes an administrator without one, for whoever has the database and the key file.
    static func createAdmin(
        _ settings: ControlPlaneSettings,
        id: String,
        role: String,
        replacing: Bool
    ) async throws -> Secret {
        let logger = ControlPlaneAssembly.logger(settings)
        guard let masterKey = settings.masterKey else { throw ClusterProblem.wrongKeyFile }
        guard let id = Slug(id) else { throw CommandProblem.notASlug(id) }
        guard let role = AdminRole(rawValue: role) else { throw CommandProblem.unknownRole(role) }
        return try await ControlPlaneAssembly.withPool(settings, logger) { pool in
            if settings.migrates { try await MigrationRunner(pool, logger: logger).run() }
            let cluster = try await Cluster.open(pool, masterKey: masterKey)
            do {
                let admins = Admins(pool: pool, cluster: cluster)
                return try await admins.bootstrap(id, role: role, replacing: replacing).token
            } catch AdministrationError.alreadyExists {
                throw CommandProblem.adminExists(id)
            }
        }
    }

    private static func serve(
        _ settings: ControlPlaneSettings,
        _ pool: PostgresPool,
        _ cluster: Cluster,
        _ board: PlaneStateBoard,
        _ logger: Logger
    ) async throws {
        let reports = NodeReports(pool: pool, logger: logger)
        let enrolment = NodeEnrolment(cluster: cluster, board: board, pool: pool, logger: logger)
        let plane = PlaneListener(
            host: settings.planeListen.host,
            port: settings.planeListen.port,
            service: PlaneService(
                cluster: cluster,
                board: board,
                reports: reports,
                pool: pool,
                logger: logger,
                wallClock: ControlPlaneAssembly.wallClock
            ),
            enrolment: enrolment,
            isReady: { board.current.change > 0 },
            logger: logger,
            onBound: { port in ControlPlaneAssembly.announce("nodes", settings.planeListen, port, logger) }
        )
        let publication = SnapshotPublication(cluster: cluster, builtBy: ControlPlaneMain.builtBy)
        let history = SnapshotHistory(cluster: cluster, publication: publication)
        let editor = ConfigurationEditor(
            pool: pool,
            cluster: cluster,
            publication: publication,
            deployment: settings.deployment
        )
        let queue = ValidationQueue(editor, evidenceLifetime: settings.evidenceLifetime)
        let schedule = ValidationSchedule(queue, logger: logger)
        let admin = ControlPlaneAssembly.adminListener(
            settings,
            pool,
            cluster,
            board,
            editor,
            history,
            enrolment,
            logger
        )
        let recovery = VersionRecovery(
            history: history,
            pool: pool,
            logger: logger
        )
        let validation = try ControlPlaneAssembly.validation(settings.validation, queue, logger)
        // The last to start is the first to stop.
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: Background { await board.run() }),
                    .init(
                        service: Background {
                            await reports.run()
                            await reports.store()
                        }
                    ),
                    .init(service: Background { await recovery.run() }),
                    .init(service: Background { await schedule.run() }),
                ] + validation.map { .init(service: $0) } + [
                    .init(service: plane),
                    .init(service: admin),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await services.run()
    }

    /// Milliseconds since 1970.
    static let wallClock: @Sendable () -> Int64 = { Int64(WallClock.now()) }

    /// Something that runs until it is cancelled.
    struct Background: Service {
        let body: @Sendable () async -> Void

        func run() async throws {
            await cancelWhenGracefulShutdown { await self.body() }
        }
    }

    static func announce(_ who: String, _ address: ListenAddress, _ port: Int, _ logger: Logger) {
        logger.notice("listening", metadata: ["for": "\(who)", "host": "\(address.host)", "port": "\(port)"])
    }

    private static func logger(_ settings: ControlPlaneSettings) -> Logger {
        LoggingSystem.bootstrap { label in JSONLogHandler(label: label, level: settings.logLevel.level) }
        return Logger(label: "control-plane")
    }

    private static func withPool<Output>(
        _ settings: ControlPlaneSettings,
        _ logger: Logger,
        _ body: (PostgresPool) async throws -> Output
    ) async throws -> Output {
        let pool = PostgresPool(
            PostgresConfiguration(
                url: settings.databaseURL,
                applicationName: ControlPlaneMain.builtBy,
                maximumConnections: settings.databaseConnections
            ),
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            defer { group.cancelAll() }
            return try await body(pool)
        }
    }

    private static func untilAvailable<Output>(
        _ logger: Logger,
        _ body: () async throws -> Output
    ) async throws -> Output {
        while true {
            do {
                return try await body()
            } catch PostgresError.unavailable, PostgresError.unknownOutcome, PostgresError.readOnly {
                logger.warning("waiting for PostgreSQL")
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}
