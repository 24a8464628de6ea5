import Contract
import Exchange
import Identity
import NIOCore
import NIOHTTP1
import Routing
import Telemetry
import Wire

/// Answers an operator's questions on one connection.
final class OperationsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let serving: @Sendable () -> Serving
    private let isDraining: @Sendable () -> Bool
    private let metrics: MetricsRegistry
    private let decisions: DecisionBoard
    private var head: HTTPRequestHead?

    init(
        serving: @escaping @Sendable () -> Serving,
        isDraining: @escaping @Sendable () -> Bool,
        metrics: MetricsRegistry,
        decisions: DecisionBoard
    ) {
        self.serving = serving
        self.isDraining = isDraining
        self.metrics = metrics
        self.decisions = decisions
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head = self.head.take() else { return }
            self.answer(head, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            return self.write(head, context, .methodNotAllowed, ["error": "method-not-allowed"])
        }
        switch head.uri.prefix(while: { $0 != "?" }) {
        case "/livez": self.write(head, context, .ok, ["status": "alive"])
        case "/readyz": self.answerReadiness(head, context)
        case "/metrics":
            self.write(
                head,
                context,
                .ok,
                contentType: MetricsRegistry.contentType,
                body: ByteBuffer(bytes: self.metrics.exposition())
            )
        case let path where path.hasPrefix(OperationsHandler.requests):
            self.answerDecision(String(path.dropFirst(OperationsHandler.requests.count)), head, context)
        default: self.write(head, context, .notFound, ["error": "not-found"])
        }
    }

    private static let requests = "/requests/"

    /// What was decided about a request, with the names of targets as far as its snapshot still serves.
    private func answerDecision(_ text: String, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard let decision = RequestID(text).flatMap({ self.decisions.decision(on: $0) }) else {
            return self.write(head, context, .notFound, ["error": "not-found"])
        }
        var names: [Int: Slug] = [:]
        if case .ready(let state) = self.serving(), let group = decision.record.group,
            state.reference.version.number == decision.record.snapshotVersion
        {
            for target in state.table.group(group)?.targets ?? [] { names[target.position] = target.id }
        }
        self.write(head, context, .ok, decision.json(for: .operators(names: names)))
    }

    private func answerReadiness(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard !self.isDraining() else {
            return self.write(head, context, .serviceUnavailable, ["status": "draining"])
        }
        switch self.serving() {
        case .notReady: self.write(head, context, .serviceUnavailable, ["status": "not-ready"])
        case .stale: self.write(head, context, .serviceUnavailable, ["status": "stale"])
        case .ready(let state):
            self.write(
                head,
                context,
                .ok,
                [
                    "status": "ready", "epoch": .int(state.reference.version.epoch),
                    "version": .int(state.reference.version.number), "sha256": .string(state.reference.sha256.hex),
                ]
            )
        }
    }

    private func write(
        _ head: HTTPRequestHead,
        _ context: ChannelHandlerContext,
        _ status: HTTPResponseStatus,
        _ value: JSONValue
    ) {
        var bytes = JSONWriter.write(value)
        bytes.append(0x0a)
        self.write(head, context, status, contentType: "application/json", body: ByteBuffer(bytes: bytes))
    }

    private func write(
        _ head: HTTPRequestHead,
        _ context: ChannelHandlerContext,
        _ status: HTTPResponseStatus,
        contentType: String,
        body: ByteBuffer
    ) {
        var answer = HTTPResponseHead(version: .http1_1, status: status)
        answer.headers.add(name: "content-type", value: contentType)
        answer.headers.add(name: "content-length", value: String(body.readableBytes))
        answer.headers.add(name: "cache-control", value: "no-store")
        if !head.isKeepAlive { answer.headers.add(name: "connection", value: "close") }
        context.write(self.wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD { context.write(self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        if !head.isKeepAlive { context.close(promise: nil) }
    }
}
