import Identity

/// What a node has seen of its targets lately: who is to be left alone, and how quick the others are.
///
/// A value that is told what happens; local to its node and lost with it. Times are nanoseconds on the monotonic clock.
package struct HealthBoard: Sendable {
    private struct Entry: Sendable {
        var breaker = CircuitBreaker()
        var latency: PeakLatency?
        var inFlight = 0
    }

    /// Whom a provider's "too much" is about: the whole account, one model, one dialect, or one model in one.
    private struct HoldKey: Hashable, Sendable {
        var provider: Slug
        var model: Slug?
        var dialect: Dialect?
    }

    private var entries: [HealthKey: Entry] = [:]
    private var holds: [HoldKey: Backoff] = [:]

    package init() {}

    package func verdict(on key: HealthKey, at now: UInt64) -> HealthVerdict {
        if !self.holds.isEmpty {
            let holds = self.holds(on: key)
            if let asked = holds.map(\.askedUntil).max(), asked > now { return .held(until: asked) }
            if let until = holds.map(\.until).max(), until > now { return .ejected(until: until) }
        }
        guard let entry = self.entries[key], !entry.breaker.admits(at: now) else { return .ready }
        guard case .open(let until) = entry.breaker.state else { return .ready }
        return .ejected(until: max(until, now))
    }

    private func holds(on key: HealthKey) -> [Backoff] {
        [
            HoldKey(provider: key.provider), HoldKey(provider: key.provider, model: key.model),
            HoldKey(provider: key.provider, dialect: key.dialect),
            HoldKey(provider: key.provider, model: key.model, dialect: key.dialect),
        ].compactMap { self.holds[$0] }
    }

    /// The cost of asking it once more, in nanoseconds to the first event; 0 for what was never measured and is idle.
    package func cost(of key: HealthKey, at now: UInt64) -> Double {
        guard let entry = self.entries[key] else { return 0 }
        // Unmeasured ones share what comes among them by what they have in hand.
        let latency = entry.latency?.value(at: now) ?? 0
        return (latency + 1) * Double(entry.inFlight + 1) - 1
    }

    // MARK: What happens

    package mutating func began(_ key: HealthKey, at now: UInt64) {
        self.entries[key, default: Entry()].inFlight += 1
        self.entries[key]?.breaker.began(at: now)
    }

    /// `firstEvent`: nanoseconds from the attempt's start to its first event, where there was one; `jitter`: 64 uniform
    /// bits.
    package mutating func ended(
        _ key: HealthKey,
        _ outcome: AttemptOutcome,
        firstEvent: UInt64? = nil,
        at now: UInt64,
        jitter: UInt64
    ) {
        var entry = self.entries[key] ?? Entry()
        entry.inFlight = max(0, entry.inFlight - 1)
        switch outcome {
        case .success:
            entry.breaker.succeeded(at: now)
            if let firstEvent {
                if entry.latency == nil {
                    entry.latency = PeakLatency(firstEvent, at: now)
                } else {
                    entry.latency?.observe(firstEvent, at: now)
                }
            }
            if !self.holds.isEmpty { self.release(key) }
        case .fault: entry.breaker.failed(at: now, jitter: jitter)
        case .rateLimited(let seconds):
            entry.breaker.endedWithoutVerdict()
            self.hold(HoldKey(provider: key.provider, model: key.model), .rate, seconds, now)
        case .quotaExhausted(let seconds):
            entry.breaker.endedWithoutVerdict()
            self.hold(HoldKey(provider: key.provider), .quota, seconds, now)
        case .unauthenticated:
            entry.breaker.endedWithoutVerdict()
            self.hold(HoldKey(provider: key.provider, dialect: key.dialect), .access, nil, now)
        case .accessDenied:
            entry.breaker.endedWithoutVerdict()
            self.hold(HoldKey(provider: key.provider, model: key.model, dialect: key.dialect), .access, nil, now)
        case .neutral: entry.breaker.endedWithoutVerdict()
        }
        self.entries[key] = entry
    }

    private mutating func hold(_ key: HoldKey, _ range: Backoff.Range, _ retryAfter: Int?, _ now: UInt64) {
        self.holds[key, default: Backoff()].extend(range, retryAfter: retryAfter, at: now)
    }

    /// An answer proves that nothing holds any more of what it came from.
    private mutating func release(_ key: HealthKey) {
        self.holds[HoldKey(provider: key.provider)] = nil
        self.holds[HoldKey(provider: key.provider, model: key.model)] = nil
        self.holds[HoldKey(provider: key.provider, dialect: key.dialect)] = nil
        self.holds[HoldKey(provider: key.provider, model: key.model, dialect: key.dialect)] = nil
    }

    /// Forgets what no target asks any more.
    package mutating func prune(keeping keys: Set<HealthKey>) {
        self.entries = self.entries.filter { keys.contains($0.key) || $0.value.inFlight > 0 }
        let providers = Set(keys.map(\.provider))
        self.holds = self.holds.filter { providers.contains($0.key.provider) }
    }

    /// One target as it stands, for metrics and the control plane.
    package struct Report: Hashable, Sendable {
        package let key: HealthKey
        package let verdict: HealthVerdict
        package let inFlight: Int
    }

    package func reports(at now: UInt64) -> [Report] {
        self.entries.map { key, entry in
            Report(key: key, verdict: self.verdict(on: key, at: now), inFlight: entry.inFlight)
        }
    }
}
