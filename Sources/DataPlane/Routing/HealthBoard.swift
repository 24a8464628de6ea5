package import Identity

/// What a node has seen of its targets lately: who is to be left alone, and how quick the others are.
///
/// A value that is told what happens; local to its node and lost with it. Times are nanoseconds on the monotonic clock.
package struct HealthBoard: Sendable {
    private struct Entry: Sendable {
        var breaker = CircuitBreaker()
        var responseTime = ResponseTime()
        var inFlight = 0
        /// Whether nothing ended without an answer since it answered last; so, too, what was never asked.
        var isInGoodStanding = true

        mutating func began(at now: UInt64) {
            self.inFlight += 1
            self.responseTime.began(at: now)
            self.breaker.began(at: now)
        }

        mutating func ended(_ outcome: AttemptOutcome, since start: UInt64, at now: UInt64, jitter: UInt64) {
            self.inFlight = max(0, self.inFlight - 1)
            switch outcome {
            case .success: self.breaker.succeeded(since: start, at: now)
            case .fault: self.breaker.failed(since: start, at: now, jitter: jitter)
            case .rateLimited, .quotaExhausted, .unauthenticated, .accessDenied, .neutral:
                self.breaker.endedWithoutVerdict(since: start)
            }
        }
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
        guard case .open(_, let until) = entry.breaker.state else { return .ready }
        return .ejected(until: max(until, now))
    }

    /// Whether nothing that was asked of it failed since it answered last.
    package func isInGoodStanding(_ key: HealthKey) -> Bool { self.entries[key]?.isInGoodStanding ?? true }

    private func holds(on key: HealthKey) -> [Backoff] {
        HealthBoard.holdKeys(of: key).compactMap { self.holds[$0] }
    }

    private static func holdKeys(of key: HealthKey) -> [HoldKey] {
        [
            HoldKey(provider: key.provider), HoldKey(provider: key.provider, model: key.model),
            HoldKey(provider: key.provider, dialect: key.dialect),
            HoldKey(provider: key.provider, model: key.model, dialect: key.dialect),
        ]
    }

    /// The cost of asking it once more, in nanoseconds to the first event; 0 for what was never asked.
    package func cost(of key: HealthKey, at now: UInt64) -> Double {
        guard let entry = self.entries[key] else { return 0 }
        return entry.responseTime.cost(inFlight: entry.inFlight, at: now)
    }

    // MARK: What happens

    package mutating func began(_ key: HealthKey, at now: UInt64) {
        self.update(key) { $0.began(at: now) }
    }

    /// The first event of a streamed answer came to an attempt that began at `start`; how the answer ends is told later.
    package mutating func answered(_ key: HealthKey, since start: UInt64, at now: UInt64) {
        self.update(key) { entry in
            entry.breaker.answered(since: start)
            entry.isInGoodStanding = true
            entry.responseTime.answered(since: start, within: now > start ? now - start : 0, at: now)
        }
        self.release(key, answeredSince: start)
    }

    /// An attempt ended that began at `start`; nil = just now.
    ///
    /// `wasAnswered`: it had an answer, and the board was told so; `firstEvent`: nanoseconds from the attempt's start to
    /// its answer, where that was not told before; `jitter`: 64 uniform bits.
    package mutating func ended(
        _ key: HealthKey,
        _ outcome: AttemptOutcome,
        since start: UInt64? = nil,
        wasAnswered: Bool = false,
        firstEvent: UInt64? = nil,
        at now: UInt64,
        jitter: UInt64
    ) {
        let start = start ?? now
        self.update(key) { entry in
            entry.ended(outcome, since: start, at: now, jitter: jitter)
            // A caller that leaves in the middle of an answer says nothing.
            if !wasAnswered || outcome != .neutral { entry.isInGoodStanding = outcome == .success }
            if wasAnswered { return }
            if outcome == .success {
                let whole = now > start ? now - start : 0
                entry.responseTime.answered(since: start, within: firstEvent ?? whole, at: now)
            } else {
                entry.responseTime.gaveUp(since: start, at: now)
            }
        }
        switch outcome {
        case .success: self.release(key, answeredSince: start)
        case .rateLimited(let seconds):
            let model = HoldKey(provider: key.provider, model: key.model)
            self.holds[model, default: Backoff()].extend(.rate, retryAfter: seconds, since: start, at: now)
        case .quotaExhausted(let seconds):
            let account = HoldKey(provider: key.provider)
            self.holds[account, default: Backoff()].extend(.quota, retryAfter: seconds, since: start, at: now)
        case .unauthenticated:
            let credential = HoldKey(provider: key.provider, dialect: key.dialect)
            self.holds[credential, default: Backoff()].extend(.access, retryAfter: nil, since: start, at: now)
        case .accessDenied:
            let release = HoldKey(provider: key.provider, model: key.model, dialect: key.dialect)
            self.holds[release, default: Backoff()].extend(.access, retryAfter: nil, since: start, at: now)
        case .fault, .neutral: break
        }
    }

    /// Changes what is kept of one target, found once: this runs for every request.
    private mutating func update(_ key: HealthKey, _ change: (inout Entry) -> Void) {
        change(&self.entries[key, default: Entry()])
    }

    /// An answer proves that nothing holds any more of what it came from, unless it was under way before.
    private mutating func release(_ key: HealthKey, answeredSince start: UInt64) {
        guard !self.holds.isEmpty else { return }
        for held in HealthBoard.holdKeys(of: key) where self.holds[held]?.isOver(byAnswerTo: start) == true {
            self.holds[held] = nil
        }
    }

    /// Forgets what no target asks any more.
    package mutating func prune(keeping keys: Set<HealthKey>) {
        self.entries = self.entries.filter { keys.contains($0.key) || $0.value.inFlight > 0 }
        let providers = Set(keys.map(\.provider))
        self.holds = self.holds.filter { providers.contains($0.key.provider) }
    }

    /// Forgets what is held against providers that are asked otherwise now; what is in flight stays, and how quick they
    /// are.
    package mutating func forget(heldAgainst providers: Set<Slug>) {
        self.holds = self.holds.filter { !providers.contains($0.key.provider) }
        for key in self.entries.keys where providers.contains(key.provider) {
            self.entries[key]?.breaker = CircuitBreaker()
            self.entries[key]?.isInGoodStanding = true
        }
    }

    /// One target as it stands, for metrics and the control plane: at its worst where groups see it differently.
    package struct Report: Hashable, Sendable {
        package let key: HealthKey
        package let verdict: HealthVerdict
        package let inFlight: Int
        /// How many of those in flight have no answer yet.
        package let waiting: Int
    }

    package func reports(at now: UInt64) -> [Report] {
        var reports: [HealthKey: Report] = [:]
        for (key, entry) in self.entries {
            let verdict = self.verdict(on: key, at: now)
            let other = reports[key.shared]
            reports[key.shared] = Report(
                key: key.shared,
                verdict: other.map { $0.verdict.until > verdict.until ? $0.verdict : verdict } ?? verdict,
                inFlight: entry.inFlight + (other?.inFlight ?? 0),
                waiting: entry.responseTime.waiting + (other?.waiting ?? 0)
            )
        }
        return Array(reports.values)
    }
}
