import Identity
import NIOCore
import NIOHTTP1
import Wire

/// Serves the requests of one connection, one after the other.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let provider: Provider
    private var head: HTTPRequestHead?
    private var endpoint = Endpoint.health
    private var body = RequestBody(mayBeFast: false)
    private var row: LedgerRow?
    private var response: (any ActiveResponse)?
    private var arrived = NIODeadline.now()
    /// Parts of later requests that came while one was being answered.
    private var waiting: [HTTPServerRequestPart] = []

    init(provider: Provider) {
        self.provider = provider
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = self.unwrapInboundIn(data)
        if self.response != nil { self.waiting.append(part) } else { self.receive(part, context: context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.response?.becameWritable() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let response = self.response {
            response.abandon()
            if response is PacedStream {
                self.provider.ledger.count { $0.pacedAborted += 1 }
            }
            self.close(.aborted(afterMilliseconds: self.elapsed), response: response)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func receive(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            self.head = head
            self.endpoint = Endpoint(method: head.method, path: head.uri.prefix { $0 != "?" })
            if case .answer = self.endpoint {
                self.body = RequestBody(mayBeFast: true)
            } else {
                self.body = RequestBody(mayBeFast: false)
            }
            if head.headers.first(name: "expect") == "100-continue" {
                context.writeAndFlush(
                    self.wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")),
                    promise: nil
                )
            }
        case .body(var bytes): self.body.append(&bytes)
        case .end:
            self.body.finish()
            self.arrived = .now()
            self.respond(context: context)
        }
    }

    private func respond(context: ChannelHandlerContext) {
        guard let head = self.head else { return }
        let key = self.keyIndex(head.headers)
        if let fast = self.body.fast, key != nil, case .answer(let dialect) = self.endpoint, self.provider.latency == 0
        {
            return self.respond(fast: fast, dialect: dialect, context: context)
        }
        let sequence = self.provider.ledger.nextSequence()
        var row = LedgerRow(sequence: sequence, time: WallClock.milliseconds, path: String(head.uri.prefix(200)))
        row.keyIndex = key
        row.bytesIn = self.body.count
        row.requestID = CallerRequestID.find(in: head.headers)
        let responder = Responder(
            provider: self.provider,
            endpoint: self.endpoint,
            query: String(head.uri.drop { $0 != "?" }.dropFirst()),
            version: head.headers.first(name: "anthropic-version"),
            hasKey: key != nil
        )
        // Who sees is named early in a body; reading all of a large one for it would take long.
        let start = self.body.bytes.readerIndex
        let window = start..<start + min(self.body.bytes.readableBytes, 4096)
        let mayRead = ByteSearch.first("+eyes", in: self.body.bytes, within: window) != nil
        let pictures = mayRead ? responder.picturesToRead(in: self.body, at: row.time) : []
        guard !pictures.isEmpty else {
            return self.answer(by: responder, reading: nil, row: row, head: head, context: context)
        }
        self.provider.ledger.count { $0.inFlight += 1 }
        let reading = Reading()
        self.response = reading
        self.row = row
        self.provider.eyes.read(pictures, on: context.eventLoop).assumeIsolated().whenComplete { result in
            guard !reading.isAbandoned else { return }
            let read = (try? result.get()) ?? ""
            self.answer(by: responder, reading: read, row: row, head: head, context: context)
        }
    }

    private func answer(
        by responder: Responder,
        reading: String?,
        row: LedgerRow,
        head: HTTPRequestHead,
        context: ChannelHandlerContext
    ) {
        var row = row
        var script = responder.script(for: self.body, reading: reading, row: &row)
        if self.provider.latency > 0, self.endpoint.needsKey {
            script.steps.insert(.pause(milliseconds: self.provider.latency), at: 0)
        }
        row.status = script.status
        // After the script was made: a question for the counters does not count itself.
        if reading == nil { self.provider.ledger.count { $0.inFlight += 1 } }
        self.row = self.endpoint.needsKey ? row : nil
        let keepsAlive = script.keepsAlive && head.isKeepAlive
        let runner = ResponseRunner(channel: context.channel, script: script, ledger: self.provider.ledger) { wasCut in
            self.end(wasCut ? .cut : .completed, keepsAlive: keepsAlive, context: context)
        }
        self.response = runner
        runner.start()
    }

    private func respond(fast: FastAnswer, dialect: Dialect, context: ChannelHandlerContext) {
        let streams = self.body.asksForStream
        let reportsUsage = streams && self.body.asksForStreamUsage
        let keepsAlive = self.head?.isKeepAlive ?? false
        self.body = RequestBody(mayBeFast: false)
        self.head = nil
        guard case .paced(let milliseconds, let count) = fast, streams else {
            self.provider.ledger.count { $0.canned += 1 }
            let answer = self.provider.canned.answer(in: dialect, streams: streams, reportsUsage: reportsUsage)
            context.writeAndFlush(self.wrapOutboundOut(answer), promise: nil)
            if !keepsAlive { context.close(promise: nil) }
            return
        }
        self.provider.ledger.count {
            $0.pacedStarted += 1
            $0.inFlight += 1
        }
        let kind = PacedTemplate.Kind(dialect: dialect, count: count, reportsUsage: reportsUsage)
        let stream = PacedStream(
            channel: context.channel,
            template: self.provider.paced[kind],
            milliseconds: milliseconds
        ) {
            self.provider.ledger.count { $0.pacedCompleted += 1 }
            self.end(.completed, keepsAlive: keepsAlive, context: context)
        }
        self.response = stream
        stream.start()
    }

    private func end(_ outcome: LedgerRow.Outcome, keepsAlive: Bool, context: ChannelHandlerContext) {
        guard let response = self.response else { return }
        self.close(outcome, response: response)
        self.head = nil
        self.body = RequestBody(mayBeFast: false)
        guard keepsAlive else {
            context.close(promise: nil)
            return
        }
        while self.response == nil, !self.waiting.isEmpty {
            self.receive(self.waiting.removeFirst(), context: context)
        }
    }

    /// Writes the ledger's row of the answer that just ended.
    private func close(_ outcome: LedgerRow.Outcome, response: any ActiveResponse) {
        self.response = nil
        self.provider.ledger.count { $0.inFlight -= 1 }
        guard var row = self.row.take() else { return }
        row.outcome = outcome
        row.bytesOut = response.bytesOut
        row.duration = self.elapsed
        self.provider.ledger.append(row)
    }

    private var elapsed: Int { Int((NIODeadline.now() - self.arrived).nanoseconds / 1_000_000) }

    /// Which of the provider's keys the caller shows; nil when it shows none of them.
    private func keyIndex(_ headers: HTTPHeaders) -> Int? {
        if let key = headers.first(name: "x-api-key") { return self.provider.keys.firstIndex(of: key) }
        guard let authorization = headers.first(name: "authorization"), authorization.hasPrefix("Bearer ") else {
            return nil
        }
        return self.provider.keys.firstIndex(of: String(authorization.dropFirst(7)))
    }
}
