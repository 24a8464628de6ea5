import CurlTransport
import Feeds
import Glibc
import Identity
import Ingress
import Launch
import Logging
import NIOCore
import NIOPosix
import Routing
import ServiceLifecycle
import Synchronization
import Telemetry
import UnixSignals

/// Builds a data plane from its parts and runs it; the only file that sees them all.
enum DataPlaneAssembly {
    /// Serves until the process is told to stop and its answers are told to their ends.
    static func run(_ settings: DataPlaneSettings) async throws {
        signal(SIGPIPE, SIG_IGN)
        let descriptors = DataPlaneAssembly.raiseFileLimit()
        LoggingSystem.bootstrap { label in JSONLogHandler(label: label, level: settings.logLevel.level) }
        let logger = Logger(label: "data-plane")

        let joinToken = settings.joinTokenFile.flatMap { path in
            // The token is used once and may be gone from the disk afterwards.
            try? TextFile.read(path)
        }.map { Secret(DataPlaneAssembly.trimmed($0)) }
        let board = ServingBoard(staleness: settings.staleness)
        let health = HealthRegister()
        let feedReactor = try CurlReactor(name: "curl-feed")
        let feed = SnapshotFeed(
            configuration: FeedConfiguration(
                controlPlanes: settings.controlPlanes,
                directory: settings.stateDirectory,
                nodeName: settings.nodeName,
                joinToken: joinToken,
                certificateAuthorities: settings.certificateAuthorities,
                builtBy: DataPlaneMain.builtBy,
                bake: Int(settings.bake.components.seconds) * 1000,
                targets: { HealthReport.targets(of: health) }
            ),
            board: board,
            reactor: feedReactor,
            logger: logger
        )

        let registry = MetricsRegistry()
        guard let lines = LineWriter() else { throw AssemblyError.noLineWriter }
        let requestMetrics = RequestMetrics(registry: registry)
        let journal: any RequestJournal =
            switch settings.requestLog {
            case .stdout: RequestLog(lines: lines.makeHandle(), metrics: requestMetrics)
            case .off: RequestLog(lines: nil, metrics: requestMetrics)
            }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.threads)
        var reactors: [CurlReactor] = []
        for (index, eventLoop) in group.makeIterator().enumerated() {
            reactors.append(try await DataPlaneAssembly.reactor(for: eventLoop, index, logger))
        }
        let ingress = IngressService(
            settings: settings,
            descriptors: descriptors,
            group: group,
            reactors: reactors,
            board: board,
            journal: journal,
            health: health,
            registry: registry,
            logger: logger
        )
        FeedGauges.register(feed, in: registry)
        registry.counter(
            "smart_router_request_lines_dropped_total",
            help: "Request lines that nobody took in time."
        ) { Double(lines.droppedLines) }

        try await ingress.bind()
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: feed, successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: ingress, successTerminationBehavior: .gracefullyShutdownGroup),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await services.run()
        for reactor in reactors { reactor.shutdown() }
        feedReactor.shutdown()
        try await group.shutdownGracefully()
        lines.close()
        logger.info("stopped")
    }

    /// A reactor on the event loop itself; one with a thread where the kernel does not offer what that takes.
    private static func reactor(
        for eventLoop: any EventLoop,
        _ index: Int,
        _ logger: Logger
    ) async throws -> CurlReactor {
        do {
            return try await CurlReactor.hosted(by: eventLoop)
        } catch {
            logger.warning(
                "upstream traffic has a thread of its own: it cannot be watched from the event loop",
                metadata: ["error": "\(error)", "loop": "\(index)"]
            )
            return try CurlReactor(name: "curl-\(index)")
        }
    }

    enum AssemblyError: Error {
        case noLineWriter
    }

    /// Every stream takes two descriptors: as many as the system grants, which it gives back.
    private static func raiseFileLimit() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return .max }
        let granted = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        return Int(clamping: unsafe setrlimit(resource, &limit) == 0 ? limit.rlim_max : granted)
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        return String(rest)
    }
}
