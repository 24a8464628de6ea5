import NIOCore

/// Tells a ``RawConnection`` what happens on its channel.
final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    // Weak: the connection holds the channel, and with it this handler.
    private weak var connection: RawConnection?

    init(_ connection: RawConnection) {
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) { self.connection?.activated() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.connection?.arrived(self.unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { self.connection?.ended(.orderly) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.connection?.ended(.reset)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.connection?.ended(.reset)
    }
}
