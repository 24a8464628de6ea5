package import Administration
import Listening
package import Logging
import ServiceLifecycle

/// The listener that nodes talk to, apart from that of administrators.
///
/// Its limits are explicit: nodes send a few KiB, and whoever sends more or nothing is cut off.
package struct PlaneListener: Service {
    private let listener: BoundedListener
    private let service: PlaneService
    private let responder: PlaneResponder

    /// Every node has one or two connections, and a poll that is being held is no silence.
    private static let limits = ListenerLimits(
        idleSeconds: 35,
        connections: 4096,
        headerBytes: 16 * 1024,
        headers: 64
    )

    /// `port` 0 chooses a free one; `onBound` is told which, once the listener accepts connections.
    package init(
        host: String,
        port: Int,
        service: PlaneService,
        enrolment: NodeEnrolment,
        isReady: @escaping @Sendable () -> Bool,
        logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.listener = BoundedListener(
            host: host,
            port: port,
            limits: PlaneListener.limits,
            logger: logger,
            onBound: onBound
        )
        self.service = service
        self.responder = PlaneResponder(service: service, enrolment: enrolment, isReady: isReady, logger: logger)
    }

    /// Serves until the task is cancelled or shut down gracefully, which answers held polls at once.
    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await self.listener.serve(self.responder)
        } onGracefulShutdown: {
            self.service.drain()
        }
    }
}
