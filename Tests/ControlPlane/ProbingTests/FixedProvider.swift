import NIOCore
import NIOPosix
import Synchronization

/// A provider that gives its answers in turn, the last one for ever, and counts what it is asked.
final class FixedProvider: Sendable {
    private let channel: any Channel
    private let script: Script

    private final class Script: Sendable {
        let answers: [String]
        let asked = Mutex(0)

        init(_ answers: [String]) { self.answers = answers }

        func next() -> String {
            self.asked.withLock { asked in
                asked += 1
                return self.answers[min(asked, self.answers.count) - 1]
            }
        }
    }

    /// There is at least one answer.
    ///
    /// Each is a status with headers, such as `429 X\r\nretry-after: 1`; bodies are empty.
    init(_ answers: [String]) async throws {
        let script = Script(answers)
        self.script = script
        self.channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(script))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
    }

    var url: String { "http://127.0.0.1:\(self.channel.localAddress?.port ?? 0)" }
    var asked: Int { self.script.asked.withLock { $0 } }

    func stop() async throws { try await self.channel.close() }

    /// Answers once the request is whole, and closes.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: Script
        private var received = ""

        init(_ script: Script) { self.script = script }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.received += String(buffer: self.unwrapInboundIn(data))
            guard let end = self.received.firstRange(of: "\r\n\r\n") else { return }
            let head = self.received[..<end.lowerBound].lowercased()
            let length = head.firstRange(of: "content-length: ").flatMap { found in
                Int(head[found.upperBound...].prefix { $0.isNumber })
            }
            guard self.received[end.upperBound...].utf8.count >= length ?? 0 else { return }
            let answer = "HTTP/1.1 \(self.script.next())\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        }
    }
}
