import Canonical
import CurlTransport
import Dialects
import Exchange
import Identity
import NIOCore
import Telemetry
import Wire

/// The way back: events of the transfer in, bytes to the caller out.
extension ExchangeSession {
    /// Takes what a transfer tells; one that was given up for another may still have something to tell.
    func upstream(_ event: TransferEvent, of transfer: TransferID) {
        guard transfer == self.transfer?.id else { return }
        switch event {
        case .head(let head): self.upstreamHead(head)
        case .body(let bytes): self.upstreamBody(bytes)
        case .finished: self.upstreamEnded(cleanly: true)
        case .failed(let failure, let timings):
            self.noteSends(timings.dispatches)
            self.upstreamEnded(by: AttemptFailure(failure))
        }
    }

    private func upstreamHead(_ head: TransferHead) {
        guard self.transfer != nil else { return }
        let now = MonotonicClock.now()
        self.record.firstByteAt = now
        if let last = self.record.tries.indices.last { self.record.tries[last].firstByteAt = now }
        self.noteSends(head.dispatches)
        // The body went out, and the transport let it go: a long answer does not count against new requests. Only a
        // refusal, or another target, may be a reason to send it again.
        if head.status != 400, self.dispatch?.hasMore != true { self.abandonBody() }
        guard
            let action = self.relay?.head(
                status: head.status,
                contentType: head.first("content-type"),
                // Hardly any answer has one: its lines are not gone through twice for nothing.
                contentEncodings: head.first("content-encoding") == nil
                    ? [] : head.headers.filter { $0.name == "content-encoding" }.map(\.value),
                retryAfter: head.first("retry-after").flatMap { RetryAfter.seconds($0, now: WallClock.now()) }
            )
        else { return }
        switch action {
        case .collect(let limit):
            let announced = head.first("content-length").flatMap { Int($0) } ?? 4096
            self.collect(reserving: max(0, min(announced, limit, 1024 * 1024)), limit: limit)
        case .relayEvents:
            self.pendingEvents = ByteBuffer()
            // A caller that waited for long has its head, and pings, already.
            if self.hasWrittenHead { _ = self.relay?.holdExpired() }
        case .fail(let failure): self.fail(failure)
        case .ignore: break
        }
    }

    private func upstreamBody(_ bytes: ByteBuffer) {
        guard let transfer = self.transfer else { return }
        let count = bytes.readableBytes
        if self.collected != nil {
            transfer.consumed(count)
            if self.awaitsAnswer { self.gathered(bytes) }
            let held = self.collected?.readableBytes ?? 0
            guard held + count <= self.collectLimit else {
                // An answer that is cut is none. Of an error the beginning is enough, and its end may never come.
                guard self.collectLimit == UpstreamRefusal.maximumBodyBytes else { return self.fail(.tooLarge) }
                transfer.cancel()
                return self.upstreamEnded()
            }
            // Nothing was told of an answer that is collected: the caller can be asked to come again.
            guard self.addCollected(bytes) else { return self.refuse(Refusal.overloaded) }
            return
        }
        guard var pending = self.pendingEvents else { return }
        self.pendingEvents = nil
        if pending.readableBytes == 0 { pending = bytes } else { pending.writeImmutableBuffer(bytes) }
        let isDone = self.relayEvents(in: &pending)
        guard !isDone else { return }
        guard pending.readableBytes <= RelayStateMachine.maximumEventBytes else {
            transfer.cancel()
            return self.fail(.tooLarge)
        }
        self.pendingEvents = ExchangeSession.compact(pending)
        self.acknowledge(count)
    }

    /// The same bytes without the memory of the events that were read off their front: what is left of a window waits
    /// for as long as the caller does.
    private static func compact(_ pending: ByteBuffer) -> ByteBuffer {
        let count = pending.readableBytes
        guard count > 0 else { return ByteBuffer() }
        return pending.readerIndex > count ? ByteBuffer(bytes: pending.readableBytesView) : pending
    }

    /// Hands whole events to the relay and writes what it lets through; true when the answer ended.
    private func relayEvents(in pending: inout ByteBuffer) -> Bool {
        var batch = EventBatch(reserving: pending.readableBytes)
        var ended = false
        while !ended, let length = self.boundary.next(in: pending) {
            guard let event = pending.readSlice(length: length),
                let (action, isTerminal) = self.relay?.event(event.readableBytesUInt8Span)
            else { break }
            if self.firstEventBy != nil, self.relay?.hasBegun == true { self.firstEventBy = nil }
            if self.awaitsAnswer, self.relay?.hasAnswered == true { self.attemptAnswered() }
            switch action {
            case .forward(let begins):
                if begins { self.beginStream() }
                if self.record.firstTokenAt == nil { self.firstToken() }
                batch.append(event)
            case .replace(let bytes, let begins):
                if begins { self.beginStream() }
                guard !bytes.isEmpty else { break }
                if self.record.firstTokenAt == nil { self.firstToken() }
                batch.append(ByteBuffer(bytes: bytes))
            case .hold, .drop: break
            case .fail(let failure):
                self.fail(failure)
                return true
            case .breakOff(let failure):
                self.writeChunk(&batch)
                self.fail(failure)
                return true
            }
            ended = isTerminal
        }
        self.writeChunk(&batch)
        if ended { self.finishStream([]) }
        return ended
    }

    /// Relays a last event that its provider did not end with a blank line; true when the answer ended.
    private func relayLastEvent() -> Bool {
        guard var pending = self.pendingEvents, RelayStateMachine.isWholeEvent(pending.readableBytesUInt8Span) else {
            return false
        }
        self.pendingEvents = nil
        pending.writeStaticString("\n\n")
        return self.relayEvents(in: &pending)
    }

    /// `cleanly`: as HTTP goes, its answer is complete.
    func upstreamEnded(cleanly isClean: Bool = false, by failure: AttemptFailure? = nil) {
        guard self.relay != nil, self.transfer != nil else { return }
        self.transfer = nil
        if isClean, self.relayLastEvent() { return self.flush() }
        guard let action = failure.map({ self.relay?.upstreamFailed($0) }) ?? self.relay?.upstreamFinished() else {
            return
        }
        switch action {
        case .answer(let status): self.answerWhole(status: status)
        case .refusal(let status, let retryAfter):
            let body = self.collected.map { Array($0.readableBytesView) } ?? []
            if self.retryWithoutReasoning(status: status, body: body) { return }
            self.fail(
                UpstreamRefusal.classify(
                    status: status,
                    retryAfter: retryAfter,
                    body: body,
                    as: self.relay?.retelling ?? Retelling()
                )
            )
        case .finish(let closing): self.finishStream(closing)
        case .fail(let failure), .breakOff(let failure): self.fail(failure)
        case .nothing: break
        }
        self.flush()
    }

    // MARK: Whole answers

    private func answerWhole(status: Int) {
        guard let body = self.collected, let dialect = self.dialect else { return self.fail(.garbage) }
        if self.counted != nil { return self.answerCount(body) }
        if let translation = self.translation { return self.answerTranslated(body, translation, status: status) }
        switch AnswerCheck.check(body.readableBytesUInt8Span, dialect: dialect) {
        case .garbage: self.fail(.garbage)
        case .failure(let usage):
            if let last = self.record.tries.indices.last { self.record.tries[last].usage = usage }
            let said = try? JSONReader.read(body.readableBytesUInt8Span, maximumValues: WholeBody.maximumValues)
            self.fail(AttemptFailure(reportedIn: said, as: self.relay?.retelling ?? Retelling()))
        case .answer(let usage):
            self.record.usage = usage
            let keepsAlive = self.keepsAlive
            let splices = self.responseIDs?.splices(inAnswer: body.readableBytesUInt8Span) ?? []
            self.writeWhole(
                status: status,
                contentType: "application/json",
                body: splices.isEmpty ? [body] : body.pieces(splices),
                keepsAlive: keepsAlive,
                extra: self.lossHeaders
            )
            self.settle(status: status, complete: true)
            self.connection.answered(closes: !keepsAlive)
        }
    }

    private func answerTranslated(_ body: ByteBuffer, _ translation: Translation, status: Int) {
        let answer: Translation.Answer
        switch translation.answer(Array(body.readableBytesView), as: self.relay?.retelling ?? Retelling()) {
        case .failure(let failure): return self.fail(failure)
        case .success(let translated): answer = translated
        }
        self.record.usage = answer.usage
        self.record.isUsageEstimated = answer.isUsageEstimated
        let keepsAlive = self.keepsAlive
        self.writeWhole(
            status: status,
            contentType: "application/json",
            body: [ByteBuffer(bytes: answer.body)],
            keepsAlive: keepsAlive,
            extra: self.lossHeaders
        )
        self.settle(status: status, complete: true)
        self.connection.answered(closes: !keepsAlive)
    }

    /// Tells the caller what the target could not be told.
    private var lossHeaders: [(StaticString, String)] {
        guard let dropped = self.record.dropped else { return [] }
        return [("x-router-dropped", dropped)]
    }

    /// An answer of ours.
    func answerJSON(_ value: JSONValue, extra: [(StaticString, String)] = []) {
        let keepsAlive = self.keepsAlive
        self.writeWhole(
            status: 200,
            contentType: "application/json",
            body: [ByteBuffer(bytes: JSONWriter.write(value))],
            keepsAlive: keepsAlive,
            extra: extra
        )
        self.settle(status: 200, complete: true)
        self.connection.answered(closes: !keepsAlive)
    }

    func writeWhole(
        status: Int,
        contentType: StaticString,
        body: [ByteBuffer],
        keepsAlive: Bool,
        extra: [(StaticString, String)] = []
    ) {
        let isHead = self.facts?.method == "HEAD"
        let length = body.reduce(0) { $0 + $1.readableBytes }
        let inlined = !isHead && length <= 16 * 1024
        var buffer = self.loop.allocator.buffer(capacity: 512 + (inlined ? length : 0))
        ResponseHead.write(
            to: &buffer,
            status: status,
            contentType: contentType,
            body: .length(length),
            requestID: self.requestIDText,
            date: self.loop.date(),
            keepsAlive: keepsAlive,
            minorVersion: self.facts?.minorVersion ?? 1,
            extra: extra + self.idHeaders
        )
        self.hasWrittenHead = true
        self.record.responseBytes = isHead ? 0 : length
        // A small body rides in the head's buffer; a large one is not copied.
        if inlined { for piece in body { buffer.writeImmutableBuffer(piece) } }
        self.connection.write(buffer)
        if !inlined, !isHead { for piece in body { self.connection.write(piece) } }
        self.connection.flush()
    }

    // MARK: Streams

    /// Nobody on the way is to keep a stream, or to hold it back.
    private static let streamHeaders: [(StaticString, String)] = [
        ("cache-control", "no-cache"), ("x-accel-buffering", "no"),
    ]

    func beginStream() {
        guard !self.hasWrittenHead else { return }
        self.hasWrittenHead = true
        self.holdSince = nil
        self.isChunked = self.facts?.minorVersion != 0
        var buffer = self.loop.allocator.buffer(capacity: 512)
        ResponseHead.write(
            to: &buffer,
            status: 200,
            contentType: "text/event-stream; charset=utf-8",
            body: self.isChunked ? .chunked : .untilClose,
            requestID: self.requestIDText,
            date: self.loop.date(),
            keepsAlive: self.isChunked && self.keepsAlive,
            minorVersion: 1,
            extra: ExchangeSession.streamHeaders + self.lossHeaders + self.idHeaders
        )
        self.write(buffer)
    }

    func writeChunk(_ batch: inout EventBatch) {
        guard let bytes = batch.take() else { return }
        self.record.responseBytes += bytes.readableBytes
        guard self.isChunked else { return self.write(bytes) }
        let count = bytes.readableBytes
        let inlined = count <= 4096
        var head = self.loop.allocator.buffer(capacity: 24 + (inlined ? count : 0))
        ChunkedBody.writeSize(count, to: &head)
        if inlined {
            head.writeImmutableBuffer(bytes)
            head.writeStaticString("\r\n")
            self.write(head)
        } else {
            self.write(head)
            self.write(bytes)
            self.write(ByteBuffer(staticString: "\r\n"))
        }
    }

    /// Ends the stream well, with `closing` before the end.
    private func finishStream(_ closing: [UInt8]) {
        self.endStream(lastBytes: closing, complete: true, errorCode: nil)
    }

    /// From here on no other target can give the answer.
    func firstToken() {
        self.record.firstTokenAt = MonotonicClock.now()
        if self.dispatch != nil { self.abandonBody() }
    }

    /// Ends a stream that had begun with the dialect's own error.
    func breakOff(_ failure: AttemptFailure) {
        // Until something of an answer was told, all attempts decide, as they do where a status can be told.
        let error = self.record.firstTokenAt == nil ? self.terminalError(failure) : failure.callerError
        let event = self.relay?.failureEvent(error, requestID: self.requestID) ?? []
        self.endStream(lastBytes: event, complete: false, errorCode: error.code)
    }

    private func endStream(lastBytes: [UInt8], complete: Bool, errorCode: String?) {
        var batch = EventBatch()
        if !lastBytes.isEmpty { batch.append(ByteBuffer(bytes: lastBytes)) }
        self.writeChunk(&batch)
        if self.isChunked { self.write(ByteBuffer(staticString: ChunkedBody.end)) }
        // Behind a terminal event a provider has nothing to say; if it goes on, nobody listens.
        let keepsAlive = self.isChunked && self.keepsAlive
        self.record.errorCode = errorCode
        self.settle(status: 200, complete: complete)
        self.releaseTransfer()
        self.flush()
        self.connection.answered(closes: !keepsAlive)
    }

    /// Lets a transfer run out whose answer is complete, so that its connection can serve again.
    private func releaseTransfer() {
        self.relay?.stop()
        self.pendingEvents = nil
        guard let transfer = self.transfer else { return }
        if self.unacknowledged > 0 {
            transfer.consumed(self.unacknowledged)
            self.unacknowledged = 0
        }
        // A provider that speaks on behind the caller's own stop is not listened to.
        if self.relay?.wantsCancel == true { transfer.cancel() } else { self.loop.endGrace(transfer) }
        self.transfer = nil
    }

    // MARK: Failures

    /// Nothing of an answer was sent, or the stream has to break off.
    func fail(_ failure: AttemptFailure) {
        if let counted = self.counted {
            self.noteFailure(failure)
            self.stopUpstream()
            return self.answerEstimate(of: counted.body, counted.outline)
        }
        self.attemptFailed(failure)
        if self.tryAnother(after: failure) { return }
        if self.hasWrittenHead { return self.breakOff(failure) }
        self.refuse(self.terminalError(failure))
    }

    // MARK: Backpressure

    private func write(_ buffer: ByteBuffer) {
        self.connection.write(buffer)
        self.needsFlush = true
        self.lastWriteSecond = self.loop.second
    }

    func flush() {
        guard self.needsFlush else { return }
        self.needsFlush = false
        self.connection.flush()
    }

    /// Tells the transfer that bytes were passed on, unless the caller is behind.
    private func acknowledge(_ count: Int) {
        self.unacknowledged += count
        // Bytes count as written when flushed: only then is the channel's own mark up to date.
        self.flush()
        if self.connection.isWritable { self.callerCanTakeMore() }
    }

    func callerCanTakeMore() {
        guard self.unacknowledged > 0, let transfer = self.transfer else { return }
        let count = self.unacknowledged
        self.unacknowledged = 0
        transfer.consumed(count)
    }
}
