import CurlTransport
import Feeds
import Glibc
import Ingress
import Launch
import Logging
import NIOCore
import NIOPosix
import Resolution
import ServiceLifecycle
import Settings
import Synchronization
import Telemetry

/// Both listeners as one service: up at once, ready when there is a snapshot, drained when told to stop.
final class IngressService: Service {
    private let settings: DataPlaneSettings
    private let limits: IngressLimits
    private let group: MultiThreadedEventLoopGroup
    private let reactors: [CurlReactor]
    private let board: ServingBoard
    private let journal: any RequestJournal
    private let health: HealthRegister
    private let decisions: DecisionBoard
    private let resolver = NameResolver()
    private let registry: MetricsRegistry
    private let logger: Logger
    private let isDraining = Atomic<Bool>(false)
    private let listeners = Mutex<Listeners?>(nil)

    private struct Listeners: Sendable {
        let callers: IngressServer
        let operators: OperationsServer
    }

    init(
        settings: DataPlaneSettings,
        descriptors: Int,
        group: MultiThreadedEventLoopGroup,
        reactors: [CurlReactor],
        board: ServingBoard,
        journal: any RequestJournal,
        health: HealthRegister,
        registry: MetricsRegistry,
        logger: Logger
    ) {
        self.settings = settings
        self.limits = settings.limits.within(descriptors: descriptors)
        self.group = group
        self.reactors = reactors
        self.board = board
        self.journal = journal
        self.health = health
        self.decisions = DecisionBoard(capacity: settings.decisions)
        self.registry = registry
        self.logger = logger
    }

    /// Binds both listeners, so that a port in use is told before anything else begins.
    func bind() async throws {
        let board = self.board
        let operations = try await IngressService.listening(on: self.settings.operationsListen) { address in
            try await OperationsServer.start(
                host: address.host,
                port: address.port,
                group: self.group,
                serving: { board.current() },
                isDraining: { self.isDraining.load(ordering: .relaxed) },
                metrics: self.registry,
                decisions: self.decisions
            )
        }
        let server = try await IngressService.listening(on: self.settings.listen) { address in
            try await IngressServer.start(
                host: address.host,
                port: address.port,
                group: self.group,
                reactors: self.reactors,
                egress: Egress(
                    proxy: self.settings.egress.proxy,
                    certificateAuthorities: self.settings.egress.certificateAuthorities
                ),
                limits: self.limits,
                serving: { board.current() },
                journal: self.journal,
                health: self.health,
                decisions: self.decisions,
                resolver: self.resolver
            )
        }
        HealthGauges.register(self.health, in: self.registry)
        self.registry.gauge("smart_router_connections", help: "Callers connected at this moment.") {
            Double(server.connections)
        }
        if self.limits.connections < self.settings.limits.connections {
            self.logger.warning(
                "fewer callers than set: each takes two files, and the system's limit of open files is too low",
                metadata: ["callers": "\(self.limits.connections)", "set": "\(self.settings.limits.connections)"]
            )
        }
        self.logger.info(
            "listening",
            metadata: [
                "callers": "\(server.localAddress.map { "\($0)" } ?? "?")",
                "operators": "\(operations.localAddress.map { "\($0)" } ?? "?")",
                "allocator": "\(Allocator.name)",
            ]
        )
        self.listeners.withLock { $0 = Listeners(callers: server, operators: operations) }
    }

    /// Binds, and names the address when that fails.
    private static func listening<Server>(
        on address: ListenAddress,
        _ start: (ListenAddress) async throws -> Server
    ) async throws -> Server {
        do {
            return try await start(address)
        } catch let error as IOError {
            throw ListenProblem(address: address, reason: unsafe String(cString: strerror(error.errnoCode)))
        }
    }

    /// Why an address cannot be listened on; the operator's to mend.
    private struct ListenProblem: Error, CustomStringConvertible {
        let address: ListenAddress
        let reason: String

        var description: String { "cannot listen on \(self.address): \(self.reason)" }
    }

    func run() async throws {
        guard let listeners = self.listeners.withLock({ $0 }) else { return }
        let server = listeners.callers
        try? await gracefulShutdown()
        self.isDraining.store(true, ordering: .relaxed)
        self.logger.info("draining", metadata: ["connections": "\(server.connections)"])
        await server.drain()
        await listeners.operators.close()
        await self.resolver.shutDown()
    }
}
