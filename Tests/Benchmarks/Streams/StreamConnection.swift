import NIOCore

/// One connection that opens a paced stream, and another after it as long as the run lasts.
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let deltas: Int
    private let repeats: Bool
    private let recorder: StreamRecorder
    private var scanner = StampScanner()
    private var head: ByteBuffer? = ByteBuffer()
    private var sent = NIODeadline.now()
    private var seen = 0
    private var isStreaming = false

    init(request: ByteBuffer, deltas: Int, repeats: Bool, recorder: StreamRecorder) {
        self.request = request
        self.deltas = deltas
        self.repeats = repeats
        self.recorder = recorder
    }

    func channelActive(context: ChannelHandlerContext) { self.begin(context: context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        guard self.isStreaming else { return }
        if let failure = self.readHead(bytes) {
            self.fail(failure, context: context)
            return
        }
        let now = NIODeadline.now().uptimeNanoseconds
        self.scanner.scan(bytes) { stamp in
            self.seen += 1
            if self.seen == 1 {
                self.recorder.first(nanoseconds: now - self.sent.uptimeNanoseconds)
            } else {
                self.recorder.later(nanoseconds: now > stamp ? now - stamp : 0)
            }
        }
        if self.scanner.isAtEnd { self.finish(context: context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail("closed after \(self.seen == 0 ? "no" : "some") deltas", context: context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func begin(context: ChannelHandlerContext) {
        self.isStreaming = true
        self.seen = 0
        self.head = ByteBuffer()
        self.scanner.reset()
        self.recorder.started()
        self.sent = .now()
        context.writeAndFlush(self.wrapOutboundOut(self.request), promise: nil)
    }

    /// What is wrong with the status line, once there is enough of it; nil when nothing is.
    private func readHead(_ bytes: ByteBuffer) -> String? {
        guard var head = self.head else { return nil }
        var part = bytes
        head.writeBuffer(&part)
        guard let line = head.getString(at: head.readerIndex, length: min(head.readableBytes, 12)), line.count == 12
        else {
            self.head = head
            return nil
        }
        self.head = nil
        return line == "HTTP/1.1 200" ? nil : "status \(line.suffix(3))"
    }

    private func finish(context: ChannelHandlerContext) {
        guard self.seen == self.deltas else {
            self.fail("\(self.seen < self.deltas ? "missing" : "surplus") deltas", context: context)
            return
        }
        self.isStreaming = false
        self.recorder.ended()
        if self.repeats, !self.recorder.isStopping { self.begin(context: context) } else { context.close(promise: nil) }
    }

    private func fail(_ reason: String, context: ChannelHandlerContext) {
        guard self.isStreaming else { return }
        self.isStreaming = false
        self.recorder.failed(reason)
        context.close(promise: nil)
    }
}
