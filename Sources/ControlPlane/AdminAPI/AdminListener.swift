import Listening
package import Logging
import ServiceLifecycle

/// The listener that administrators talk to, apart from that of nodes and of callers.
package struct AdminListener: Service {
    private let listener: BoundedListener
    private let responder: AdminResponder

    private static let limits = ListenerLimits(
        idleSeconds: 60,
        connections: 512,
        headerBytes: 32 * 1024,
        headers: 100
    )

    /// `port` 0 chooses a free one; `onBound` is told which, once the listener accepts connections.
    ///
    /// `isReady` tells whether the database answers; `wallClock` milliseconds since 1970.
    package init(
        host: String,
        port: Int,
        services: AdminServices,
        isReady: @escaping @Sendable () async -> Bool,
        wallClock: @escaping @Sendable () -> Int64,
        logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.listener = BoundedListener(
            host: host,
            port: port,
            limits: AdminListener.limits,
            logger: logger,
            onBound: onBound
        )
        self.responder = AdminResponder(services: services, isReady: isReady, wallClock: wallClock, logger: logger)
    }

    /// Serves until the task is cancelled or shut down gracefully.
    package func run() async throws {
        try await self.listener.serve(self.responder)
    }
}
