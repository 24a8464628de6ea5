package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// An HTTP/1.1 listener of a control plane, with limits that are stated.
///
/// Each kind of caller has one of its own: what it may send and how long it may be silent differ.
package struct BoundedListener: Sendable {
    private let host: String
    private let port: Int
    private let limits: ListenerLimits
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// `port` 0 chooses a free one; `onBound` is told which, once the listener accepts connections.
    package init(
        host: String,
        port: Int,
        limits: ListenerLimits,
        logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void
    ) {
        self.host = host
        self.port = port
        self.limits = limits
        self.logger = logger
        self.onBound = onBound
    }

    /// Serves until the task is cancelled or shut down gracefully.
    package func serve<Responder: HTTPResponder>(_ responder: Responder) async throws
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let connections = HTTP1Channel.Configuration(
            idleTimeout: .seconds(Int64(self.limits.idleSeconds)),
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: self.limits.headerBytes,
                maxHeaderListSize: self.limits.headerBytes,
                maxHeaderFieldCount: self.limits.headers
            )
        )
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                LingeringChannel(base: HTTP1Channel(responder: responder, configuration: connections))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(self.host, port: self.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    self.limits.connections,
                    logger: self.logger
                )
            ),
            onServerRunning: { channel in await self.onBound(channel.localAddress?.port ?? 0) },
            logger: self.logger
        )
        try await application.run()
    }
}
