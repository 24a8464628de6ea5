import NIOCore

/// One connection that sends the next request as soon as it has the answer to the last.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let shortestBody: Int
    private let recorder: LoadRecorder
    private var reader = ResponseReader()
    private var sent = NIODeadline.now()
    private var isWaiting = false

    /// An answer whose body is shorter than `shortestBody` counts as a failure.
    init(request: ByteBuffer, shortestBody: Int, recorder: LoadRecorder) {
        self.request = request
        self.shortestBody = shortestBody
        self.recorder = recorder
    }

    func channelActive(context: ChannelHandlerContext) { self.send(context: context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        do {
            guard let response = try self.reader.read(&bytes) else { return }
            self.isWaiting = false
            let time = NIODeadline.now().uptimeNanoseconds - self.sent.uptimeNanoseconds
            if response.status != 200 {
                self.recorder.fail("status \(response.status)")
            } else if response.bodyBytes < self.shortestBody {
                self.recorder.fail("short body")
            } else {
                self.recorder.complete(nanoseconds: time)
            }
            self.send(context: context)
        } catch {
            self.isWaiting = false
            self.recorder.fail("malformed response")
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if self.isWaiting { self.recorder.fail("closed before the answer") }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func send(context: ChannelHandlerContext) {
        guard !self.recorder.isStopping else {
            context.close(promise: nil)
            return
        }
        self.isWaiting = true
        self.sent = .now()
        context.writeAndFlush(self.wrapOutboundOut(self.request), promise: nil)
    }
}
