/// How quick one target is, by what it answered and by what it owes.
///
/// Times are nanoseconds on the monotonic clock.
struct ResponseTime: Hashable, Sendable {
    /// By answers, and by waits that were given up: so long at least an answer would have taken.
    private var peak: PeakLatency?
    private var hasAnswered = false
    /// Attempts that run and have no answer yet.
    private(set) var waiting = 0
    /// The sum of their starts, modulo 2^64: with their number it tells how long they have waited in all.
    private var starts: UInt64 = 0

    /// What it weighs that a target which never answered is being tried: more than any wait.
    private static let untried = 1e15

    mutating func began(at now: UInt64) {
        self.waiting += 1
        self.starts &+= now
    }

    /// An answer came within `time` to an attempt that began at `start`.
    mutating func answered(since start: UInt64, within time: UInt64, at now: UInt64) {
        self.stopWaiting(since: start)
        self.hasAnswered = true
        if self.peak == nil {
            self.peak = PeakLatency(time, at: now)
        } else {
            self.peak?.observe(time, at: now)
        }
    }

    /// An attempt that began at `start` ended without an answer.
    mutating func gaveUp(since start: UInt64, at now: UInt64) {
        self.stopWaiting(since: start)
        let waited = now > start ? now - start : 0
        if self.peak == nil {
            self.peak = PeakLatency(waited, at: now)
        } else {
            self.peak?.raise(to: waited, at: now)
        }
    }

    private mutating func stopWaiting(since start: UInt64) {
        guard self.waiting > 0 else { return }
        self.waiting -= 1
        self.starts = self.waiting > 0 ? self.starts &- start : 0
    }

    /// The cost of asking it once more while `inFlight` attempts run, in nanoseconds to the first event; 0 for an idle
    /// one that was never asked.
    ///
    /// One that is idle is forgiven with time; once it is being tried it is as slow as it was, until it answers. Who is
    /// waited for is as slow as the wait is long: the mean of all waits, times their number, is never below the longest.
    func cost(inFlight: Int, at now: UInt64) -> Double {
        guard self.waiting > 0 else {
            let latency = self.peak?.value(at: now) ?? 0
            return (latency + 1) * Double(inFlight + 1) - 1
        }
        let waited = Double(max(0, Int64(bitPattern: now &* UInt64(self.waiting) &- self.starts)))
        let mean = waited / Double(self.waiting)
        let latency = max(self.peak?.latest ?? 0, mean)
        return (latency + 1) * Double(inFlight + 1) - 1 + (self.hasAnswered ? 0 : ResponseTime.untried)
    }
}
