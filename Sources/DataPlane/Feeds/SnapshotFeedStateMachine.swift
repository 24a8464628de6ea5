package import Contract

/// Decides when a node polls, which offered snapshot it tries, what it reports and when a snapshot counts as good.
///
/// One thing is under way at a time. Times are milliseconds of a monotonic clock, chances are 64 uniform bits;
/// both are arguments.
package struct SnapshotFeedStateMachine: Sendable {
    /// The figures that the machine goes by, in milliseconds.
    package struct Limits: Hashable, Sendable {
        /// How many control planes there are to ask in turn; at least 1.
        package var servers = 1
        /// How long an answer may be held back.
        package var pollWait = 25_000
        /// Between the starts of two polls when the first was answered early and brought nothing new, so that a
        /// control plane that cannot hold an answer back is not asked in a loop.
        package var minimumInterval = 1000
        /// How long a snapshot must have been served before it counts as good.
        package var bake = 60_000
        /// After how long a refused snapshot that is still offered is tried again.
        package var retryRefused = 60_000
        package var backoff = Backoff()

        package init() {}
    }

    private enum State {
        /// Nothing is under way, and nothing begins before `until`. Goes to `polling`.
        case resting(until: Int)
        /// A poll is under way. Goes to `resting`, or to `applying` on an offer.
        case polling(since: Int, wait: Int)
        /// An offered snapshot is being fetched and tried. Goes to `resting`.
        case applying(SnapshotOffer)
    }

    private struct Refusal {
        let reference: SnapshotReference
        /// The code last reported.
        let code: String
        /// When it may be tried again; nil means only when the process is another one.
        let retryAt: Int?
    }

    private let limits: Limits
    private var state = State.resting(until: 0)
    /// What is served; nil before the first snapshot.
    package private(set) var running: SnapshotReference?
    /// The highest version that was ever admitted here, in earlier processes too.
    private var highest: SnapshotVersion?
    /// What the control plane has not heard yet.
    private var verdict: SnapshotVerdict?
    private var refusal: Refusal?
    private var baking: (reference: SnapshotReference, until: Int)?
    private var server = 0
    private var failures = 0
    private var hasPolled = false
    private var lastSequence = 0

    /// `highest` is the highest version ever admitted on this node, `revocationSequence` the last revocation applied.
    package init(limits: Limits, highest: SnapshotVersion? = nil, revocationSequence: Int = 0) {
        self.limits = limits
        self.highest = highest
        self.lastSequence = revocationSequence
    }

    /// A snapshot from disk is being served.
    package mutating func booted(_ reference: SnapshotReference, at now: Int) {
        self.running = reference
        self.raise(reference.version)
        self.baking = (reference, now + self.limits.bake)
    }

    /// The process died repeatedly on this snapshot, which is therefore not tried again by this one.
    package mutating func crashLooped(_ reference: SnapshotReference) {
        let rejection = SnapshotRejection.crashLoop(reference.version)
        self.refusal = Refusal(reference: reference, code: rejection.code, retryAt: nil)
        self.verdict = SnapshotVerdict(refusing: reference, because: rejection)
    }

    package enum NextAction: Hashable, Sendable {
        /// Nothing to do for so many milliseconds.
        case wait(milliseconds: Int)
        /// The snapshot has been served for long enough: make it the last known good one, and ask again.
        case promote(SnapshotReference)
        /// Ask this control plane, and tell it this.
        case poll(server: Int, waitMilliseconds: Int, running: SnapshotReference?, verdict: SnapshotVerdict?)
        /// Something is still under way.
        case none
    }

    /// What to do now.
    package mutating func next(at now: Int) -> NextAction {
        if let baking = self.baking, now >= baking.until {
            self.baking = nil
            return .promote(baking.reference)
        }
        switch self.state {
        case .resting(let until) where until > now:
            let wake = self.baking.map { min($0.until, until) } ?? until
            return .wait(milliseconds: wake - now)
        case .resting:
            // The first answer comes at once, to know soon how fresh we are; so does the one to a verdict, and the
            // first after failures, or a control plane that is back would be silent for as long as it may hold.
            var wait = self.hasPolled && self.verdict == nil && self.failures == 0 ? self.limits.pollWait : 0
            if let baking = self.baking { wait = min(wait, baking.until - now) }
            self.state = .polling(since: now, wait: wait)
            return .poll(
                server: self.server,
                waitMilliseconds: wait,
                running: self.running,
                verdict: self.verdict
            )
        case .polling, .applying:
            return .none
        }
    }

    package enum HeartbeatAction: Hashable, Sendable {
        /// Nothing to try.
        case rest
        /// Fetch, check and serve this snapshot, then report by `applied`, `refused` or `fetchFailed`.
        case apply(SnapshotOffer)
    }

    /// A believed answer to the poll arrived.
    package mutating func received(_ heartbeat: Heartbeat, at now: Int) -> HeartbeatAction {
        guard case .polling(let since, let wait) = self.state else { return .rest }
        self.hasPolled = true
        self.failures = 0
        self.verdict = nil
        let news = heartbeat.revocationSequence != self.lastSequence
        self.lastSequence = heartbeat.revocationSequence
        // An answer to `wait` 0 is early by right; the next poll waits.
        let isEarly = wait > 0 && now - since < self.limits.minimumInterval && !news
        self.state = .resting(until: isEarly ? since + self.limits.minimumInterval : now)

        guard let current = heartbeat.current, current != self.running else {
            self.refusal = nil
            return .rest
        }
        if let refusal = self.refusal, refusal.reference == current {
            guard let retryAt = refusal.retryAt, now >= retryAt else { return .rest }
        }
        if let rejection = self.objection(to: current, secretsAnnounced: heartbeat.secretsSHA256 != nil) {
            self.refuse(current, because: rejection, at: now)
            if self.verdict != nil { self.state = .resting(until: now) }
            return .rest
        }
        guard let secretsSHA256 = heartbeat.secretsSHA256 else { return .rest }
        let offer = SnapshotOffer(reference: current, secretsSHA256: secretsSHA256)
        self.state = .applying(offer)
        return .apply(offer)
    }

    /// No believable answer to the poll came: the next control plane is asked, at once while there is one that was
    /// not tried yet, after a pause otherwise.
    package mutating func pollFailed(at now: Int, random: UInt64) {
        guard case .polling = self.state else { return }
        self.pause(at: now, random: random)
    }

    /// The offered snapshot is served.
    package mutating func applied(at now: Int) {
        guard case .applying(let offer) = self.state else { return }
        self.running = offer.reference
        self.raise(offer.reference.version)
        self.refusal = nil
        self.verdict = SnapshotVerdict(snapshot: offer.reference, outcome: .applied)
        self.baking = (offer.reference, now + self.limits.bake)
        self.state = .resting(until: now)
    }

    /// The offered snapshot is not fit to be served.
    package mutating func refused(because rejection: SnapshotRejection, at now: Int) {
        guard case .applying(let offer) = self.state else { return }
        self.state = .resting(until: now)
        self.refuse(offer.reference, because: rejection, at: now)
    }

    /// The offered snapshot or its secrets could not be fetched; it is tried again as soon as polling works.
    package mutating func fetchFailed(detail: String, at now: Int, random: UInt64) {
        guard case .applying(let offer) = self.state else { return }
        self.refuse(offer.reference, because: .unavailable(detail), at: now, retryAt: now)
        self.pause(at: now, random: random)
    }

    private func objection(to offered: SnapshotReference, secretsAnnounced: Bool) -> SnapshotRejection? {
        if let running = self.running, offered.version <= running.version { return .notNewer(offered.version) }
        // Equal to the highest is fine: it was admitted once, and its files were lost.
        if let highest = self.highest, offered.version < highest { return .notNewer(offered.version) }
        return secretsAnnounced ? nil : .secretsUnavailable("the heartbeat announces none for this node")
    }

    private mutating func refuse(
        _ reference: SnapshotReference,
        because rejection: SnapshotRejection,
        at now: Int,
        retryAt: Int? = nil
    ) {
        // Told once per snapshot and reason, however often it is tried.
        if self.refusal?.reference != reference || self.refusal?.code != rejection.code {
            self.verdict = SnapshotVerdict(refusing: reference, because: rejection)
        }
        self.refusal = Refusal(
            reference: reference,
            code: rejection.code,
            retryAt: retryAt ?? now + self.limits.retryRefused
        )
    }

    private mutating func pause(at now: Int, random: UInt64) {
        self.failures += 1
        let servers = max(1, self.limits.servers)
        self.server = (self.server + 1) % servers
        let rounds = self.failures % servers == 0 ? self.failures / servers : 0
        self.state = .resting(until: now + self.limits.backoff.delay(failures: rounds, random: random))
    }

    private mutating func raise(_ version: SnapshotVersion) {
        self.highest = self.highest.map { max($0, version) } ?? version
    }
}
