package import Administration
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The listener that nodes talk to, apart from that of administrators.
///
/// Its limits are explicit: nodes send a few KiB, and whoever sends more or nothing is cut off.
package struct PlaneListener: Service {
    private let host: String
    private let port: Int
    private let service: PlaneService
    private let enrolment: NodeEnrolment
    private let isReady: @Sendable () -> Bool
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// A connection that sends nothing for this long is closed, unless a poll of it is being held.
    private static let idleTimeout = TimeAmount.seconds(35)
    /// Every node has one or two connections.
    private static let maximumConnections = 4096
    private static let maximumHeaderBytes = 16 * 1024
    private static let maximumHeaders = 64

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
        self.host = host
        self.port = port
        self.service = service
        self.enrolment = enrolment
        self.isReady = isReady
        self.logger = logger
        self.onBound = onBound
    }

    /// Serves until the task is cancelled or shut down gracefully, which answers held polls at once.
    package func run() async throws {
        let application = Application(
            responder: PlaneResponder(
                service: self.service,
                enrolment: self.enrolment,
                isReady: self.isReady,
                logger: self.logger
            ),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    idleTimeout: PlaneListener.idleTimeout,
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: PlaneListener.maximumHeaderBytes,
                        maxHeaderListSize: PlaneListener.maximumHeaderBytes,
                        maxHeaderFieldCount: PlaneListener.maximumHeaders
                    )
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(self.host, port: self.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    PlaneListener.maximumConnections,
                    logger: self.logger
                )
            ),
            onServerRunning: { channel in await self.onBound(channel.localAddress?.port ?? 0) },
            logger: self.logger
        )
        try await withGracefulShutdownHandler {
            try await application.run()
        } onGracefulShutdown: {
            self.service.drain()
        }
    }
}
