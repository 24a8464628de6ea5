import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The listener that administrators talk to, apart from that of nodes and of callers.
package struct AdminListener: Service {
    private let host: String
    private let port: Int
    private let services: AdminServices
    private let isReady: @Sendable () async -> Bool
    private let wallClock: @Sendable () -> Int64
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// A connection that sends nothing for this long is closed.
    private static let idleTimeout = TimeAmount.seconds(60)
    private static let maximumConnections = 512
    private static let maximumHeaderBytes = 32 * 1024
    private static let maximumHeaders = 100

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
        self.host = host
        self.port = port
        self.services = services
        self.isReady = isReady
        self.wallClock = wallClock
        self.logger = logger
        self.onBound = onBound
    }

    /// Serves until the task is cancelled or shut down gracefully.
    package func run() async throws {
        let application = Application(
            responder: AdminResponder(
                services: self.services,
                isReady: self.isReady,
                wallClock: self.wallClock,
                logger: self.logger
            ),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    idleTimeout: AdminListener.idleTimeout,
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: AdminListener.maximumHeaderBytes,
                        maxHeaderListSize: AdminListener.maximumHeaderBytes,
                        maxHeaderFieldCount: AdminListener.maximumHeaders
                    )
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(self.host, port: self.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    AdminListener.maximumConnections,
                    logger: self.logger
                )
            ),
            onServerRunning: { channel in await self.onBound(channel.localAddress?.port ?? 0) },
            logger: self.logger
        )
        try await application.run()
    }
}
