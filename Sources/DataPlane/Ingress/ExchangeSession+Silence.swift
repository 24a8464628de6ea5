import Contract
import CurlTransport
import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Telemetry

/// What becomes of a request while its target says nothing.
extension ExchangeSession {
    /// An attempt begins: the target has as long for the first event of a stream, or the beginning of a body, as for its
    /// first byte.
    func awaitAnswer(of target: Target, since now: UInt64) {
        let limit = target.timeouts.falling(backTo: self.loop.limits.timeouts).firstByte
        // More than 24 days are no limit.
        self.firstEventBy = limit.map { now + UInt64(clamping: min($0, Int(Int32.max))) * 1_000_000 } ?? .max
        self.awaitsAnswer = true
    }

    /// A piece of a body came, and nothing but white space before it.
    func gathered(_ piece: ByteBuffer) {
        self.relay?.gathered(piece.readableBytesUInt8Span)
        guard self.relay?.hasBegun == true else { return }
        self.awaitsAnswer = false
        self.firstEventBy = nil
        if let last = self.record.tries.indices.last { self.record.tries[last].firstEventAt = MonotonicClock.now() }
    }

    /// Once a second: leaves a target whose answer does not begin, opens a stream that was held back too long, and pings
    /// one that is silent.
    func tick(_ second: Int) {
        guard let dialect = self.dialect, let transfer = self.transfer else { return }
        // The transport waits for heads; what comes behind them may be comments or white space without end.
        if let limit = self.firstEventBy, MonotonicClock.now() >= limit {
            if self.collected != nil {
                transfer.cancel()
                // An error has its status all the same.
                return self.upstreamEnded(by: .timeout(.firstByte))
            }
            if self.pendingEvents != nil {
                transfer.cancel()
                return self.fail(.timeout(.firstByte))
            }
        }
        guard self.record.stream, self.counted == nil else { return }
        if !self.hasWrittenHead {
            guard let since = self.holdSince, second - since >= self.loop.limits.hold else { return }
            _ = self.relay?.holdExpired()
            self.beginStream()
            self.writeSign(dialect)
        } else if self.connection.isWritable, second - self.lastWriteSecond >= self.loop.limits.hold {
            self.writeSign(dialect)
        }
    }

    /// A sign of life: what is held back of the answer, with which the target is settled, else a ping.
    private func writeSign(_ dialect: Dialect) {
        let held = self.relay?.release() ?? []
        if !held.isEmpty { self.firstToken() }
        var batch = EventBatch()
        batch.append(ByteBuffer(bytes: held.isEmpty ? StreamWatch.ping(dialect) : held))
        self.writeChunk(&batch)
        self.flush()
    }
}
