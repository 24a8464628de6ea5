import Contract
import CurlTransport
import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Telemetry

/// What becomes of a stream while its target says nothing.
extension ExchangeSession {
    /// A stream's attempt begins: the target has as long for its first event as for its first byte, and the caller's
    /// wait for its head began with the first attempt.
    func awaitFirstEvent(of target: Target, since now: UInt64) {
        let limit = target.timeouts.falling(backTo: self.loop.limits.timeouts).firstByte
        // More than 24 days are no limit.
        self.firstEventBy = limit.map { now + UInt64(clamping: min($0, Int(Int32.max))) * 1_000_000 } ?? .max
        self.awaitsAnswer = true
        if self.holdSince == nil, !self.hasWrittenHead { self.holdSince = self.loop.second }
    }

    /// Once a second: leaves a target whose stream does not begin, opens a stream that was held back too long, and pings
    /// one that is silent.
    func tick(_ second: Int) {
        guard let dialect = self.dialect, self.record.stream, self.transfer != nil, self.counted == nil else { return }
        // The transport waits for heads; what comes behind them may be comments without end.
        if let limit = self.firstEventBy, self.pendingEvents != nil, MonotonicClock.now() >= limit {
            self.transfer?.cancel()
            return self.fail(.timeout(.firstByte))
        }
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
