import NIOCore
import NIOPosix

/// One request made before anything is measured, to learn what a good answer looks like.
enum AnswerProbe {
    /// Collects everything until the other side closes.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let promise: EventLoopPromise<ByteBuffer>
        private var bytes = ByteBuffer()
        private var reader = ResponseReader()

        init(promise: EventLoopPromise<ByteBuffer>) {
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var part = self.unwrapInboundIn(data)
            var copy = part
            self.bytes.writeBuffer(&copy)
            if (try? self.reader.read(&part)) != nil { self.promise.succeed(self.bytes) }
        }

        func channelInactive(context: ChannelHandlerContext) { self.promise.fail(ProbeFailure(seen: self.text)) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.promise.fail(ProbeFailure(seen: "\(error)"))
        }

        private var text: String {
            self.bytes.getString(at: self.bytes.readerIndex, length: self.bytes.readableBytes) ?? ""
        }
    }

    /// The bytes of the body of the answer that `target` gives to `body`; throws `ProbeFailure` when it is not a
    /// 200 that holds `expected`.
    static func bodyLength(
        of target: LoadTarget,
        path: String,
        body: [UInt8],
        expected: String,
        group: MultiThreadedEventLoopGroup
    ) throws -> Int {
        let loop = group.next()
        let promise = loop.makePromise(of: ByteBuffer.self)
        let channel = try ClientBootstrap(group: loop)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(promise: promise))
                }
            }
            .connect(host: target.host, port: target.port)
            .wait()
        let timeout = loop.scheduleTask(in: .seconds(30)) { promise.fail(ProbeFailure(seen: "no answer in 30 s")) }
        try channel.writeAndFlush(RequestBytes.post(path, to: target, body: body)).wait()
        defer {
            timeout.cancel()
            channel.close(promise: nil)
        }
        let answer = try promise.futureResult.wait()
        let text = answer.getString(at: answer.readerIndex, length: answer.readableBytes) ?? ""
        guard text.hasPrefix("HTTP/1.1 200 "), text.contains(expected) else {
            throw ProbeFailure(seen: "\(target.name) answered: \(text.prefix(600))")
        }
        var reader = ResponseReader()
        var bytes = answer
        guard let response = try reader.read(&bytes) else { throw ProbeFailure(seen: "an incomplete answer") }
        return response.bodyBytes
    }
}
