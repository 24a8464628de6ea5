import Exchange
import NIOCore

/// Keeps how a request begins until its head is parsed, in front of the parser, which tells nothing of what it refuses;
/// and keeps from the parser what follows a connection's last request.
///
/// Confined to its event loop.
final class RequestLineTap: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Whether the next bytes to come in belong to a request whose head is not whole.
    private var isBetweenRequests = true
    private var beginning: [UInt8] = []
    private var isDone = false

    /// The first line of the request that is coming in, as far as it came.
    ///
    /// Nil when it is no line, and when the request began in the same read as the end of the one before.
    var line: RequestLine? {
        let beginning = self.beginning
        return RequestLine(beginning.span)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A parser that has stopped would only gather it.
        guard !self.isDone else { return }
        if self.isBetweenRequests, self.beginning.count < RequestLine.maximumBytes {
            self.keep(self.unwrapInboundIn(data))
        }
        context.fireChannelRead(data)
    }

    private func keep(_ buffer: ByteBuffer) {
        let count = min(buffer.readableBytes, RequestLine.maximumBytes - self.beginning.count)
        unsafe buffer.withUnsafeReadableBytes { bytes in
            unsafe self.beginning.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
        }
    }

    /// The head is whole.
    func headEnded() {
        self.isBetweenRequests = false
        self.beginning.removeAll(keepingCapacity: true)
    }

    /// The connection's last request is whole: what follows is thrown away.
    func lastRequestEnded() {
        self.isDone = true
    }

    /// The request is answered, and another may come.
    func requestEnded() {
        self.isBetweenRequests = true
        self.beginning.removeAll(keepingCapacity: true)
    }
}
