import Dialects
import Exchange
import NIOCore
import NIOHTTP1

/// One caller's connection: takes requests one after the other and gives each to a session.
///
/// Confined to its event loop. Reading is by demand: while an answer is under way at most one read's worth is taken
/// ahead, and none while the caller is behind with reading, so that a caller that pipelines waits its turn in the
/// kernel; that it left is still noticed.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Between requests. Goes to `receiving`, `lingering` or `closed`.
        case idle(since: Int)
        /// A request's body is coming in. Goes to `answering` at its end, to `discarding` or `lingering` when it is
        /// refused.
        case receiving(ExchangeSession, since: Int)
        /// The request is answered already; the rest of its body is thrown away. Goes to `idle` or `lingering`.
        case discarding(since: Int, bytes: Int)
        /// The request is with its session. Goes to `idle` or `lingering`.
        case answering(ExchangeSession)
        /// All is written and the output closes behind it; what still comes in is thrown away. Goes to `closed`.
        case lingering(Linger)
        /// The channel is gone.
        case closed
    }

    /// How long an ending connection waits for the caller's own end.
    private struct Linger {
        /// When the last byte of ours had gone out; nil while some are left.
        var outputClosedAt: Int?
        /// When the caller last sent something.
        var heardAt: Int
    }

    /// The most of a refused request's body that is read for the sake of keeping the connection.
    private static let discardLimit = 8 * 1024 * 1024

    private let loop: IngressLoop
    private let tap: RequestLineTap
    private var context: ChannelHandlerContext?
    private var phase: Phase
    private var hasServed = false
    /// Whether the connection ends with the request that is under way, as its head says.
    private var isLast = false
    /// Parts that arrived in one read behind the request that is being answered.
    private var waiting = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 1)
    /// What the parser said behind the parts that wait.
    private var parserFailure: (any Error)?
    /// Whether `waiting` is being worked off: an answer given at once must not start that anew inside itself.
    private var isProceeding = false
    private var writtenBytes = 0
    /// How many bytes the caller had taken when that last changed, and when it did.
    private var taken: (bytes: Int, at: Int)

    init(loop: IngressLoop, tap: RequestLineTap) {
        self.loop = loop
        self.tap = tap
        self.phase = .idle(since: loop.second)
        self.taken = (0, loop.second)
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
        // Accepted just before the listener closed: nobody told this one to end.
        if self.loop.isDraining { self.abort() } else { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let session: ExchangeSession?
        switch self.phase {
        case .receiving(let running, _): session = running
        case .answering(let running): session = running
        case .idle, .discarding, .lingering, .closed: session = nil
        }
        self.phase = .closed
        self.waiting.removeAll()
        session?.callerGone()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = self.unwrapInboundIn(data)
        if self.waiting.isEmpty, self.takesParts { self.take(part) } else { self.waiting.append(part) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.readIfWanted()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            switch self.phase {
            case .answering(let session): session.callerCanTakeMore()
            case .idle: self.proceed()
            case .receiving, .discarding, .lingering, .closed: break
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .lingering(var linger) = self.phase, event as? ChannelEvent == .outputClosed {
            linger.outputClosedAt = self.loop.second
            linger.heardAt = self.loop.second
            self.phase = .lingering(linger)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError || error is NIOHTTPDecoderError else {
            // Behind its first error the parser reports all that comes as one more.
            if error is ByteToMessageDecoderError { self.heard() } else { self.abort() }
            return
        }
        // The caller left inside a request; `channelInactive` follows and tells.
        if case .invalidEOFState? = error as? HTTPParserError { return }
        self.parserFailure = self.parserFailure ?? error
        if self.waiting.isEmpty { self.refuseUnparsable() }
    }

    // MARK: Requests

    /// Whether the next part can be dealt with now.
    private var takesParts: Bool {
        switch self.phase {
        // A new request makes a new answer: not before the caller takes those it has.
        case .idle: self.isWritable
        case .answering: false
        case .receiving, .discarding, .lingering, .closed: true
        }
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch (part, self.phase) {
        case (.head(let head), .idle):
            self.begin(head)
        case (.body(let bytes), .receiving(let session, _)):
            session.append(bytes)
        case (.end, .receiving(let session, _)):
            self.phase = .answering(session)
            if self.isLast { self.tap.lastRequestEnded() }
            session.bodyComplete()
        case (.body(let bytes), .discarding(let since, let count)):
            let total = count + bytes.readableBytes
            self.phase = .discarding(since: since, bytes: total)
            if total > ConnectionHandler.discardLimit { self.closeAfterFlush() }
        case (.end, .discarding):
            self.becomeIdle()
        case (_, .lingering): self.heard()
        case (.head, .receiving), (.head, .discarding), (.body, .idle), (.end, .idle), (_, .answering), (_, .closed):
            break
        }
    }

    private func heard() {
        guard case .lingering(var linger) = self.phase else { return }
        linger.heardAt = self.loop.second
        self.phase = .lingering(linger)
    }

    private func begin(_ head: HTTPRequestHead) {
        self.tap.headEnded()
        let facts = HeadFacts(head)
        self.isLast = !facts.keepsAlive
        let session = ExchangeSession(connection: self, loop: self.loop, facts: facts)
        self.hasServed = true
        self.phase = .receiving(session, since: self.loop.second)
        session.begin()
    }

    /// The parser gave up: what follows cannot be framed.
    ///
    /// Whoever waits for an answer gets to know why.
    private func refuseUnparsable() {
        guard let error = self.parserFailure else { return }
        let refusal: CallerError
        if case .headerOverflow? = error as? HTTPParserError {
            refusal = Refusal.headersTooLarge
        } else {
            refusal = Refusal.invalidFraming(ConnectionHandler.problem(error))
        }
        switch self.phase {
        case .idle:
            let facts = self.tap.line.map { HeadFacts(method: $0.method, target: $0.target, minorVersion: 1) }
            let session = ExchangeSession(connection: self, loop: self.loop, facts: facts)
            session.refuse(refusal, closes: true)
        case .receiving(let session, _): session.refuse(refusal, closes: true)
        case .discarding: self.closeAfterFlush()
        // The request before is sound and keeps its answer.
        case .answering: break
        case .lingering, .closed: break
        }
    }

    /// What a parser's error says of the head.
    private static func problem(_ error: any Error) -> String {
        switch error as? HTTPParserError {
        case .invalidContentLength?, .unexpectedContentLength?: "its content-length is not usable"
        case .invalidHeaderToken?: "one of its headers is not well-formed"
        case .invalidChunkSize?: "a chunk of its body has no size"
        default: "it is not HTTP/1.1"
        }
    }

    /// The session answered before the request's body was complete.
    func answeredEarly(closes: Bool) {
        switch self.phase {
        case .receiving:
            if closes {
                self.closeAfterFlush()
            } else {
                self.phase = .discarding(since: self.loop.second, bytes: 0)
            }
        case .idle, .answering: self.answered(closes: closes)
        case .discarding, .lingering, .closed: break
        }
    }

    /// The session's answer is written to its end.
    func answered(closes: Bool) {
        switch self.phase {
        case .lingering, .closed: break
        case .idle, .receiving, .discarding, .answering:
            if closes || self.loop.isDraining { self.closeAfterFlush() } else { self.becomeIdle() }
        }
    }

    private func becomeIdle() {
        self.tap.requestEnded()
        self.phase = .idle(since: self.loop.second)
        self.proceed()
    }

    /// Deals with what waited, then goes on reading.
    private func proceed() {
        guard !self.isProceeding else { return }
        self.isProceeding = true
        while self.takesParts, let part = self.waiting.popFirst() { self.take(part) }
        self.isProceeding = false
        if self.waiting.isEmpty { self.refuseUnparsable() }
        if case .idle = self.phase, self.loop.isDraining { return self.closeAfterFlush() }
        self.readIfWanted()
    }

    private func readIfWanted() {
        switch self.phase {
        case .idle: if self.waiting.isEmpty, self.isWritable { self.context?.read() }
        case .receiving, .discarding, .lingering: self.context?.read()
        // One read ahead, no more: taking the channel out of the kernel's list and back costs two system calls a
        // request. What a pipelining caller gets into that read waits here, the rest in the kernel.
        case .answering: if self.waiting.isEmpty { self.context?.read() }
        case .closed: break
        }
    }

    // MARK: Output, for sessions

    var isWritable: Bool { self.context?.channel.isWritable ?? false }

    var peerAddress: String? { self.context?.channel.remoteAddress?.ipAddress }

    /// Bytes of ours that the kernel has not taken yet.
    var bufferedBytes: Int {
        (try? self.context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    func write(_ buffer: ByteBuffer) {
        self.writtenBytes += buffer.readableBytes
        self.context?.write(self.wrapOutboundOut(buffer), promise: nil)
    }

    func flush() {
        self.context?.flush()
    }

    // MARK: Ends

    /// Ends the connection behind what is written.
    ///
    /// Bytes that the caller still sends would turn a close into a reset that can destroy the answer on its way:
    /// the output is closed first, the rest follows when the caller has closed too or has had time to.
    private func closeAfterFlush() {
        guard let context = self.context else { return }
        self.phase = .lingering(Linger(outputClosedAt: nil, heardAt: self.loop.second))
        self.waiting.removeAll()
        context.close(mode: .output, promise: nil)
        context.read()
    }

    /// Closes at once; a running session is told through `channelInactive`.
    func abort() {
        self.context?.close(promise: nil)
    }

    /// Once a second: ends what takes too long.
    func tick(_ second: Int) {
        let limits = self.loop.limits
        let buffered = self.bufferedBytes
        guard self.takesBytes(buffered, second) else { return self.abort() }
        switch self.phase {
        case .idle(let since):
            if buffered > 0 {
                // The last answer is still on its way.
                self.phase = .idle(since: second)
            } else if second - since > (self.hasServed ? limits.keepAlive : limits.firstHead) {
                self.abort()
            }
        case .receiving(let session, let since):
            let seconds = second - since
            if seconds > limits.bodyGrace, session.receivedBytes < (seconds - limits.bodyGrace) * limits.bodyRate {
                session.refuse(Refusal.requestTimeout, closes: true)
            }
        case .discarding(let since, _):
            if second - since > limits.bodyGrace { self.closeAfterFlush() }
        case .answering(let session): session.tick(second)
        case .lingering(let linger):
            if let end = linger.outputClosedAt,
                second - end > limits.linger || second - linger.heardAt > limits.lingerSilence
            {
                self.abort()
            }
        case .closed: break
        }
    }

    /// False when there have been bytes for the caller for too long without it taking one.
    private func takesBytes(_ buffered: Int, _ second: Int) -> Bool {
        let taken = self.writtenBytes - buffered
        if buffered == 0 || taken != self.taken.bytes { self.taken = (taken, second) }
        return second - self.taken.at <= self.loop.limits.slowReader
    }

    /// The process stops: an idle connection ends now, another after its answer.
    func drain() {
        switch self.phase {
        case .idle: if self.bufferedBytes > 0 { self.closeAfterFlush() } else { self.abort() }
        case .receiving, .discarding, .answering, .lingering, .closed: break
        }
    }

    /// The time of running answers is up: each is broken off in form, and the connection ends behind what is written.
    func shutDown() {
        switch self.phase {
        case .receiving(let session, _), .answering(let session): session.shutDown()
        case .idle, .discarding: self.closeAfterFlush()
        case .lingering, .closed: break
        }
    }
}
