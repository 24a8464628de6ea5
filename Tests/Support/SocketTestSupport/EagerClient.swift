package import NIOCore
import NIOPosix

/// A client that sends all of its request before it reads a byte, as simple ones do.
package enum EagerClient {
    /// What the server at `base`, as `http://127.0.0.1:8080`, sent until it closed its side, as text.
    ///
    /// Throws when the request cannot be sent, when the connection is reset, or when it is still open after `limit`.
    package static func answer(
        of base: String,
        to head: String,
        body: [UInt8],
        within limit: TimeAmount = .seconds(25)
    ) async throws -> String {
        guard let port = base.split(separator: ":").last.flatMap({ Int($0) }) else { throw NoPort() }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let received = loop.makePromise(of: String.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop)
                .channelOption(.autoRead, value: false)
                // The server's end is no reason not to send the rest.
                .channelOption(.allowRemoteHalfClosure, value: true)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Collector(received))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .get()
        } catch {
            received.fail(error)
            throw error
        }
        let deadline = loop.scheduleTask(in: limit) {
            received.fail(Late())
            channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        var bytes = ByteBuffer(string: head)
        bytes.writeBytes(body)
        try await channel.writeAndFlush(bytes)
        try await channel.setOption(.autoRead, value: true).get()
        let answer = try await received.futureResult.get()
        try await channel.close()
        return answer
    }

    package struct NoPort: Error {}

    package struct Late: Error {}

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let received: EventLoopPromise<String>
        private var text = ""

        init(_ received: EventLoopPromise<String>) {
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.text += String(buffer: self.unwrapInboundIn(data))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.received.fail(error)
            context.close(promise: nil)
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event as? ChannelEvent == .inputClosed { self.received.succeed(self.text) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            self.received.succeed(self.text)
        }
    }
}
