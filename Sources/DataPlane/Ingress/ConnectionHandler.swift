import Dialects
import Exchange
import NIOCore
import NIOHTTP1

/// One caller's connection: takes requests one after the other and gives each to a session.
///
/// Confined to its event loop. Reading is by demand: nothing is read while an answer is under way, so that a
/// caller that pipelines waits its turn in the kernel; that it left is still noticed.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Between requests. Goes to `receiving`, `discarding` or `closed`.
        case idle(since: Int)
        /// A request's body is coming in. Goes to `answering` at its end, to `discarding` when it is refused.
        case receiving(ExchangeSession, since: Int)
        /// The request is answered already; the rest of its body is thrown away. Goes to `idle` or `closed`.
        case discarding(since: Int, bytes: Int)
        /// The request is with its session. Goes to `idle` or `closed`.
        case answering(ExchangeSession)
        /// Nothing more is read or written.
        case closed
    }

    /// The most of a refused request's body that is read for the sake of keeping the connection.
    private static let discardLimit = 8 * 1024 * 1024

    private let loop: IngressLoop
    private var context: ChannelHandlerContext?
    private var phase: Phase
    private var hasServed = false
    /// Parts that arrived in one read behind the request that is being answered.
    private var waiting: [HTTPServerRequestPart] = []
    /// Since when the caller has taken no bytes although there are some.
    private var unwritableSince: Int?
    private var closesAfterAnswer = false

    init(loop: IngressLoop) {
        self.loop = loop
        self.phase = .idle(since: loop.second)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.loop.add(self)
        if context.channel.isActive { context.read() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.loop.remove(self)
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        self.phase = .idle(since: self.loop.second)
        context.fireChannelActive()
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let session: ExchangeSession?
        switch self.phase {
        case .receiving(let running, _): session = running
        case .answering(let running): session = running
        case .idle, .discarding, .closed: session = nil
        }
        self.phase = .closed
        self.waiting = []
        session?.callerGone()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = self.unwrapInboundIn(data)
        switch self.phase {
        case .answering: self.waiting.append(part)
        case .idle, .receiving, .discarding: self.take(part)
        case .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.readIfWanted()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        self.unwritableSince = isWritable ? nil : self.loop.second
        if isWritable, case .answering(let session) = self.phase { session.callerCanTakeMore() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The parser gave up: what follows cannot be framed. Whoever waits for an answer gets to know why.
        switch self.phase {
        case .idle, .receiving:
            if error is HTTPParserError || error is NIOHTTPDecoderError {
                let refusal: CallerError
                if case .headerOverflow? = error as? HTTPParserError {
                    refusal = Refusal.headersTooLarge
                } else {
                    refusal = Refusal.invalidFraming("it is not HTTP/1.1")
                }
                if case .receiving(let session, _) = self.phase {
                    session.abandonBody()
                    session.refuse(refusal, closes: true)
                } else {
                    let session = ExchangeSession(connection: self, loop: self.loop, facts: nil)
                    session.refuse(refusal, closes: true)
                }
                return
            }
            self.abort()
        case .discarding, .answering, .closed: self.abort()
        }
    }

    // MARK: Requests

    private func take(_ part: HTTPServerRequestPart) {
        switch (part, self.phase) {
        case (.head(let head), .idle):
            self.begin(head)
        case (.body(let bytes), .receiving(let session, let since)):
            if !session.append(bytes) { self.phase = .discarding(since: since, bytes: 0) }
        case (.end, .receiving(let session, _)):
            self.phase = .answering(session)
            session.bodyComplete()
        case (.body(let bytes), .discarding(let since, let count)):
            let total = count + bytes.readableBytes
            self.phase = .discarding(since: since, bytes: total)
            if total > ConnectionHandler.discardLimit { self.abort() }
        case (.end, .discarding):
            if self.closesAfterAnswer { self.closeAfterFlush() } else { self.becomeIdle() }
        case (.head, .receiving), (.head, .discarding), (.body, .idle), (.end, .idle), (_, .answering), (_, .closed):
            break
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        let session = ExchangeSession(connection: self, loop: self.loop, facts: HeadFacts(head))
        self.hasServed = true
        self.phase = .receiving(session, since: self.loop.second)
        session.begin()
    }

    /// The session answered before the request's body was complete.
    func answeredEarly(closes: Bool) {
        switch self.phase {
        case .receiving(_, let since):
            self.closesAfterAnswer = closes
            self.phase = .discarding(since: since, bytes: 0)
        case .idle, .answering: self.answered(closes: closes)
        case .discarding, .closed: break
        }
    }

    /// The session's answer is written to its end.
    func answered(closes: Bool) {
        guard case .closed = self.phase else {
            if closes || self.loop.isDraining { self.closeAfterFlush() } else { self.becomeIdle() }
            return
        }
    }

    private func becomeIdle() {
        self.phase = .idle(since: self.loop.second)
        self.closesAfterAnswer = false
        while !self.waiting.isEmpty {
            if case .answering = self.phase { return }
            if case .closed = self.phase { return }
            self.take(self.waiting.removeFirst())
        }
        if case .idle = self.phase, self.loop.isDraining {
            self.closeAfterFlush()
            return
        }
        self.readIfWanted()
    }

    private func readIfWanted() {
        switch self.phase {
        case .idle, .receiving, .discarding: self.context?.read()
        case .answering, .closed: break
        }
    }

    // MARK: Output, for sessions

    var isWritable: Bool { self.context?.channel.isWritable ?? false }

    var peerAddress: String? { self.context?.channel.remoteAddress?.ipAddress }

    func write(_ buffer: ByteBuffer) {
        self.context?.write(self.wrapOutboundOut(buffer), promise: nil)
    }

    func flush() {
        self.context?.flush()
    }

    // MARK: Ends

    private func closeAfterFlush() {
        guard let context = self.context else { return }
        self.phase = .closed
        // Bytes that the caller still sends would turn the close into a reset that can destroy the answer on
        // its way: the output is closed first, and the sweep ends the connection if the caller does not.
        self.lingerSince = self.loop.second
        context.close(mode: .output, promise: nil)
        context.read()
    }

    private var lingerSince: Int?

    /// Closes at once; a running session is told through `channelInactive`.
    func abort() {
        self.context?.close(promise: nil)
    }

    /// Once a second: ends what takes too long.
    func tick(_ second: Int) {
        let limits = self.loop.limits
        if let since = self.unwritableSince, second - since > limits.slowReader {
            self.abort()
            return
        }
        switch self.phase {
        case .idle(let since):
            if second - since > (self.hasServed ? limits.keepAlive : limits.firstHead) { self.abort() }
        case .receiving(let session, let since):
            let seconds = second - since
            if seconds > limits.bodyGrace, session.receivedBytes < (seconds - limits.bodyGrace) * limits.bodyRate {
                session.abandonBody()
                session.refuse(Refusal.requestTimeout, closes: true)
            }
        case .discarding(let since, _):
            if second - since > limits.bodyGrace { self.abort() }
        case .answering(let session): session.tick(second)
        case .closed:
            if let since = self.lingerSince, second - since > 2 { self.abort() }
        }
    }

    /// The process stops: an idle connection ends now, another after its answer.
    func drain() {
        switch self.phase {
        case .idle: self.abort()
        case .receiving, .discarding, .answering, .closed: break
        }
    }
}
