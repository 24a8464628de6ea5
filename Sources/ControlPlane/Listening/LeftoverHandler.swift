import NIOCore
import NIOHTTP1

/// Takes what a client still sends of a request that is answered, and throws it away.
///
/// The server behind it reads by demand and has none then. A connection that ends closes its output first and the
/// rest when the client has closed too, or after a while.
final class LeftoverHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long after its answer a request may go on coming, and a client that is to close may not do so.
    static let patience = TimeAmount.seconds(10)

    private var leftovers = Leftovers()
    private var deadline: Scheduled<Void>?
    private var outputCloses = false

    func handlerRemoved(context: ChannelHandlerContext) {
        self.stopClock()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.stopClock()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part: Leftovers.Part
        switch self.unwrapInboundIn(data) {
        case .head(let head): part = .head(closes: !head.isKeepAlive)
        case .body(let bytes): part = .body(bytes: bytes.readableBytes)
        case .end: part = .end
        }
        switch self.leftovers.received(part) {
        case .deliver:
            if !self.leftovers.isDiscarding { self.stopClock() }
            context.fireChannelRead(data)
        case .discard: break
        case .close: context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if self.leftovers.isDiscarding { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard self.leftovers.failed() else { return context.fireErrorCaught(error) }
        self.closeOutput(context)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        switch self.unwrapOutboundIn(data) {
        case .head(let head):
            // Not an interim one, which another follows.
            if head.status.code >= 200 { self.leftovers.answerBegan(closes: !head.isKeepAlive) }
        case .body: break
        case .end:
            self.leftovers.answered()
            if self.leftovers.isDiscarding { self.discard(context) }
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        if self.leftovers.isEnding { self.closeOutput(context) }
    }

    private func discard(_ context: ChannelHandlerContext) {
        if self.deadline == nil {
            self.deadline = context.eventLoop.assumeIsolated().scheduleTask(in: LeftoverHandler.patience) {
                context.close(promise: nil)
            }
        }
        context.read()
    }

    private func closeOutput(_ context: ChannelHandlerContext) {
        guard !self.outputCloses else { return }
        self.outputCloses = true
        context.close(mode: .output, promise: nil)
    }

    private func stopClock() {
        self.deadline?.cancel()
        self.deadline = nil
    }
}
