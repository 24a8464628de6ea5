package import NIOCore
import NIOHTTP1
package import NIOPosix
package import Routing
package import Telemetry

/// The private listener for operators: `/livez`, `/readyz`, `/metrics` and `/requests/{id}`.
package final class OperationsServer: Sendable {
    private let channel: any Channel

    package var localAddress: SocketAddress? { self.channel.localAddress }

    private init(channel: any Channel) {
        self.channel = channel
    }

    package static func start(
        host: String,
        port: Int,
        group: MultiThreadedEventLoopGroup,
        serving: @escaping @Sendable () -> Serving,
        isDraining: @escaping @Sendable () -> Bool,
        metrics: MetricsRegistry,
        decisions: DecisionBoard = DecisionBoard()
    ) async throws -> OperationsServer {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    var limits = NIOHTTPDecoderLimitConfiguration()
                    limits.maxHeaderFieldSize = 16 * 1024
                    limits.maxHeaderListSize = 16 * 1024
                    limits.maxHeaderFieldCount = 64
                    let decoder = HTTPRequestDecoder(
                        leftOverBytesStrategy: .dropBytes,
                        informationalResponseStrategy: .drop,
                        limitConfiguration: limits
                    )
                    try channel.pipeline.syncOperations.addHandlers([
                        // Whoever says nothing for a minute has no question.
                        IdleStateHandler(allTimeout: .seconds(60)),
                        ByteToMessageHandler(decoder), HTTPResponseEncoder(), HTTPServerPipelineHandler(),
                        OperationsHandler(
                            serving: serving,
                            isDraining: isDraining,
                            metrics: metrics,
                            decisions: decisions
                        ),
                    ])
                }
            }
            .bind(host: host, port: port)
            .get()
        return OperationsServer(channel: channel)
    }

    package func close() async {
        try? await self.channel.close()
    }
}
