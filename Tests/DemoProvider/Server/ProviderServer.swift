import NIOCore
import NIOHTTP1
import NIOPosix

/// The provider's listener.
struct ProviderServer {
    let provider: Provider
    let host: String
    /// Zero for a port that the system picks.
    let port: Int
    /// Event loops, each on a thread of its own.
    let threads: Int

    /// Serves until the process ends; `onReady` is told the port.
    func run(onReady: (Int) -> Void) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: self.threads)
        let provider = self.provider
        let listener = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 8192)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: 262_144)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
                    )
                    try pipeline.addHandler(RequestHandler(provider: provider))
                }
            }
            .bind(host: self.host, port: self.port)
            .wait()
        onReady(listener.localAddress?.port ?? self.port)
        try listener.closeFuture.wait()
    }
}
