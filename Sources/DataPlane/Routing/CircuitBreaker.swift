/// Stops traffic to what fails, and lets single trials find out when it works again.
///
/// Times are nanoseconds on the monotonic clock.
struct CircuitBreaker: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Traffic flows. Goes to `open`.
        case closed
        /// None flows before `until`. Goes to `closed`, or to `open` for longer, with the trial after that.
        case open(since: UInt64, until: UInt64)
    }

    private(set) var state = State.closed
    /// Faults without a success between them.
    private var faultsInARow = 0
    /// Times in a row that it opened.
    private var openings = 0
    private var trialsInFlight = 0
    private var lastTrialAt: UInt64 = 0
    /// What ended lately: this span of time and the one before.
    private var current = Tally()
    private var previous = Tally()
    private var spanStart: UInt64 = 0

    private struct Tally: Hashable, Sendable {
        var ended = 0
        var faults = 0
    }

    /// Faults in a row that open it: chance alone rarely makes three.
    static let faultsToOpen = 3
    /// How many must have ended lately for half of them being faults to open it.
    static let volumeToOpen = 20
    static let span: UInt64 = 10_000_000_000
    /// How long it stays open at first; twice as long each time that the trial fails.
    static let firstOpening: UInt64 = 1_000_000_000
    static let longestOpening: UInt64 = 60_000_000_000

    /// How long a trial may take before another is sent after it: a long answer is no bad one.
    static let trialPause: UInt64 = 3_000_000_000
    /// The most trials behind one opening that run without a verdict: what hangs does not take requests without end.
    static let mostTrials = 4

    /// Whether an attempt may begin: always while closed; behind an opening single trials.
    func admits(at now: UInt64) -> Bool {
        guard case .open(_, let until) = self.state else { return true }
        guard now >= until else { return false }
        if self.trialsInFlight == 0 { return true }
        return self.trialsInFlight < CircuitBreaker.mostTrials && now >= self.lastTrialAt + CircuitBreaker.trialPause
    }

    mutating func began(at now: UInt64) {
        guard case .open(_, let until) = self.state, now >= until else { return }
        self.trialsInFlight += 1
        self.lastTrialAt = now
    }

    /// An answer begins that was asked for at `start`: traffic flows again.
    ///
    /// How the answer ends is not known yet, so what was counted stays: until one is whole the next fault opens it again,
    /// for longer.
    mutating func answered(since start: UInt64) {
        guard case .open(let opened, _) = self.state, start >= opened else { return }
        self.close()
    }

    /// An attempt that began at `start` gave a whole answer.
    mutating func succeeded(since start: UInt64, at now: UInt64) {
        // What began before the opening tells of the time before.
        if case .open(let opened, _) = self.state, start < opened { return }
        self.count(fault: false, at: now)
        self.faultsInARow = 0
        self.openings = 0
        self.close()
    }

    private mutating func close() {
        self.trialsInFlight = 0
        self.state = .closed
    }

    /// An attempt ended that says nothing about the target: a trial leaves the place to another.
    mutating func endedWithoutVerdict(since start: UInt64) {
        guard case .open(_, let until) = self.state, start >= until else { return }
        self.trialsInFlight = max(0, self.trialsInFlight - 1)
    }

    /// An attempt that began at `start` failed by the target's fault.
    ///
    /// `jitter` is 64 uniform bits: nodes that saw the same fault do not come back together.
    mutating func failed(since start: UInt64, at now: UInt64, jitter: UInt64) {
        // It began before the opening, or ends within it: what it tells is known.
        if case .open(let opened, let until) = self.state, start < opened || now < until { return }
        self.count(fault: true, at: now)
        self.faultsInARow += 1
        switch self.state {
        case .open: self.open(at: now, jitter: jitter)
        case .closed:
            let lately = self.current.ended + self.previous.ended
            let faults = self.current.faults + self.previous.faults
            let isMostlyFaults = lately >= CircuitBreaker.volumeToOpen && faults * 2 >= lately
            if self.faultsInARow >= CircuitBreaker.faultsToOpen || isMostlyFaults { self.open(at: now, jitter: jitter) }
        }
    }

    private mutating func open(at now: UInt64, jitter: UInt64) {
        let doubled = CircuitBreaker.firstOpening << UInt64(min(self.openings, 6))
        let length = min(doubled, CircuitBreaker.longestOpening)
        self.openings += 1
        self.trialsInFlight = 0
        // Up to a fifth longer.
        self.state = .open(since: now, until: now + length + jitter % (length / 5))
        self.current = Tally()
        self.previous = Tally()
    }

    private mutating func count(fault: Bool, at now: UInt64) {
        if now >= self.spanStart + CircuitBreaker.span {
            self.previous = now >= self.spanStart + 2 * CircuitBreaker.span ? Tally() : self.current
            self.current = Tally()
            self.spanStart = now
        }
        self.current.ended += 1
        if fault { self.current.faults += 1 }
    }
}
