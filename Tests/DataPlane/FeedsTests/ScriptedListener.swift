import NIOCore
import NIOHTTP1
import NIOPosix

/// A loopback HTTP listener in front of a scripted control plane.
struct ScriptedListener: Sendable {
    private let channel: any Channel
    /// Stays known after `stop`.
    let port: Int

    /// `port` 0 takes a free one.
    init(_ plane: ScriptedControlPlane, port: Int = 0) async throws {
        self.channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(plane: plane))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
        self.port = self.channel.localAddress?.port ?? 0
    }

    var url: String { "http://127.0.0.1:\(self.port)" }

    func stop() async throws { try await self.channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let plane: ScriptedControlPlane
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(plane: ScriptedControlPlane) {
            self.plane = plane
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                self.body = []
            case .body(let buffer):
                self.body.append(contentsOf: buffer.readableBytesView)
            case .end:
                guard let head = self.head else { return }
                var headers: [String: String] = [:]
                for (name, value) in head.headers { headers[name.lowercased()] = value }
                let channel = context.channel
                self.plane.answer(
                    head.method.rawValue,
                    head.uri,
                    headers: headers,
                    body: self.body,
                    on: context.eventLoop
                ).whenSuccess { answer in Handler.write(answer, to: channel) }
            }
        }

        private static func write(_ answer: ScriptedControlPlane.Answer, to channel: any Channel) {
            let headers: HTTPHeaders = ["content-length": "\(answer.body.count)"]
            let head = HTTPResponseHead(
                version: .http1_1,
                status: HTTPResponseStatus(statusCode: answer.status),
                headers: headers
            )
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
            channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: answer.body))), promise: nil)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        }
    }
}
