import Contract
package import CurlTransport
package import Logging
import Sealing
import ServiceLifecycle
import NIOConcurrencyHelpers

/// Keeps a data plane supplied: joins the cluster once, boots from disk, then follows the control plane until it is
/// told to stop.
///
/// Nothing that a control plane says or fails to say ends it; it throws only when the node cannot begin at all.
package final class SnapshotFeed: Service {
    private let configuration: FeedConfiguration
    private let board: ServingBoard
    private let reactor: CurlReactor
    private let logger: Logger
    private let clock: FeedClock
    private let counters = NIOLockedValueBox(FeedMetrics())

    package init(
        configuration: FeedConfiguration,
        board: ServingBoard,
        reactor: CurlReactor,
        logger: Logger,
        clock: FeedClock = .system
    ) {
        self.configuration = configuration
        self.board = board
        self.reactor = reactor
        self.logger = logger
        self.clock = clock
    }

    /// What happened so far, and how fresh it is.
    package var metrics: FeedMetrics {
        var metrics = self.counters.withLockedValue { $0 }
        metrics.running = self.board.reference
        metrics.heartbeatAge = self.board.heartbeatAge
        return metrics
    }

    /// Runs until cancelled or shut down gracefully; throws `FeedError` when the node cannot begin.
    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await self.follow()
            } catch is CancellationError {
                return
            }
        }
    }

    func count(_ change: (inout FeedMetrics) -> Void) {
        self.counters.withLockedValue { change(&$0) }
    }

    private func follow() async throws {
        let client = try PlaneClient(
            reactor: self.reactor,
            controlPlanes: self.configuration.controlPlanes,
            certificateAuthorities: self.configuration.certificateAuthorities
        )
        let directory: StoreDirectory
        let store: SnapshotStore
        do {
            directory = try StoreDirectory(path: self.configuration.directory)
            store = try SnapshotStore(directory: directory)
        } catch {
            throw FeedError.store(error)
        }
        let enrolment = NodeEnrolment(
            directory: directory,
            client: client,
            configuration: self.configuration,
            logger: self.logger
        )
        let identity = try enrolment.identity()
        let membership = try await enrolment.membership(of: identity)
        var limits = SnapshotFeedStateMachine.Limits()
        limits.servers = client.servers.count
        limits.bake = self.configuration.bake
        limits.backoff = self.configuration.backoff
        var loop = SnapshotFeedLoop(
            feed: self,
            board: self.board,
            client: client,
            identity: identity,
            membership: membership,
            store: store,
            limits: limits,
            builtBy: self.configuration.builtBy,
            targets: self.configuration.targets,
            clock: self.clock,
            logger: self.logger
        )
        loop.boot()
        await loop.run()
    }
}
