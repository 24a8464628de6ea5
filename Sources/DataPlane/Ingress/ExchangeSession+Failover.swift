import Canonical
import Contract
import Dialects
import Exchange
import Identity
import Routing
import Telemetry

/// From one target to the next, for as long as the caller has seen nothing of an answer.
extension ExchangeSession {
    /// Tells the target's health how the running attempt ended; once, however often it is called.
    func attemptEnded(_ outcome: AttemptOutcome) {
        guard let key = self.attemptKey else { return }
        self.attemptKey = nil
        let now = MonotonicClock.now()
        let attempt = self.record.tries.last
        let started = attempt?.startedAt ?? now
        // A stream's was told when it came, a whole answer's is told now.
        let first = self.record.stream ? nil : attempt?.firstEventAt
        self.loop.health.ended(
            key,
            outcome,
            since: started,
            wasAnswered: self.isAnswerTold,
            firstEvent: first.map { $0 > started ? $0 - started : 0 },
            spoke: attempt?.firstByteAt != nil,
            at: now,
            jitter: self.loop.random()
        )
    }

    /// The caller left while the attempt ran: no fault of the target's unless it hangs.
    func attemptForsaken() {
        guard let key = self.attemptKey, let attempt = self.record.tries.last, attempt.firstByteAt == nil else {
            return self.attemptEnded(.neutral)
        }
        let limit = self.firstEventBy ?? .max
        let hangs = self.loop.health.leftUnanswered(
            key,
            since: attempt.startedAt,
            at: MonotonicClock.now(),
            patience: UnansweredWaits.patience(
                stream: self.record.stream,
                firstByte: limit > attempt.startedAt ? limit - attempt.startedAt : 0
            )
        )
        self.attemptEnded(hangs ? .fault : .neutral)
    }

    /// The running attempt began to answer: its target is there, however the answer ends.
    func attemptAnswered() {
        self.awaitsAnswer = false
        guard let last = self.record.tries.indices.last else { return }
        let now = MonotonicClock.now()
        self.record.tries[last].firstEventAt = now
        guard let key = self.attemptKey else { return }
        self.isAnswerTold = true
        self.loop.health.answered(key, since: self.record.tries[last].startedAt, at: now)
    }

    /// Remembers how the running attempt failed.
    func attemptFailed(_ failure: AttemptFailure) {
        self.attemptEnded(failure.outcome(in: self.record, at: MonotonicClock.now()))
        guard let position = self.noteFailure(failure) else { return }
        if self.failures.count > 0, failure.mayFailOver, let group = self.record.group {
            self.loop.health.retryFailed(in: group)
        }
        self.failures.append(TerminalFailure.Attempt(position: position, failure: failure))
    }

    /// Writes the failure of the running attempt on the record; the target's place in its group, nil without an attempt.
    @discardableResult
    func noteFailure(_ failure: AttemptFailure) -> Int? {
        guard let last = self.record.tries.indices.last else { return nil }
        self.record.tries[last].failure = failure.code
        if let usage = self.relay?.usage, usage.isReported { self.record.tries[last].usage = usage }
        self.record.tries[last].endedAt = MonotonicClock.now()
        return self.record.tries[last].position
    }

    /// How often the running attempt's request went out.
    func noteSends(_ count: Int) {
        guard let last = self.record.tries.indices.last else { return }
        self.record.tries[last].sends = count
    }

    /// Asks another target after a failure that is not the caller's own; false when the failure stands.
    func tryAnother(after failure: AttemptFailure) -> Bool {
        guard failure.mayFailOver, self.record.firstTokenAt == nil, self.dispatch?.hasMore == true,
            !self.isOverdue
        else { return false }
        self.forgetWithdrawn()
        guard let dispatch = self.dispatch, self.choice(in: dispatch) != nil else { return false }
        self.stopUpstream()
        self.clearAnswer()
        return self.attemptNext()
    }

    /// Forgets candidates that a newer snapshot has no more, or switched off.
    private func forgetWithdrawn() {
        guard case .ready(let newest) = self.loop.serving(), newest.reference != self.state?.reference,
            let group = self.dispatch?.request.group
        else { return }
        self.dispatch?.keep { newest.table.offers($0, in: group) }
    }

    /// Who is asked next, by its index among those that are left: the plan's first, and behind a failure whom health says
    /// then.
    func choice(in dispatch: Dispatch) -> Int? {
        guard !self.record.tries.isEmpty else { return dispatch.rest.startIndex }
        return self.loop.health.next(
            among: dispatch.rest,
            in: dispatch.request.group.id.text,
            at: MonotonicClock.now()
        )
    }

    /// Whether the time that the whole request has is used up.
    private var isOverdue: Bool {
        let defaults = self.loop.limits.timeouts
        guard let limit = self.dispatch?.request.group.total(defaults: defaults) ?? defaults.total else { return false }
        return self.elapsedMilliseconds >= limit
    }

    /// The limits of the attempt that begins now; of the request's total the first has all.
    func timeouts(of target: Target, in group: Group) -> TimeoutRecord {
        group.timeouts(
            of: target,
            defaults: self.loop.limits.timeouts,
            spent: self.record.tries.isEmpty ? 0 : self.elapsedMilliseconds
        )
    }

    private var elapsedMilliseconds: Int {
        let now = MonotonicClock.now()
        return Int(clamping: (now > self.record.startedAt ? now - self.record.startedAt : 0) / 1_000_000)
    }

    /// What the caller is told when no attempt gave an answer.
    func terminalError(_ failure: AttemptFailure) -> CallerError {
        guard !self.failures.isEmpty else { return failure.callerError }
        return TerminalFailure.error(
            self.failures,
            model: self.record.group ?? "",
            dialect: self.dialect?.rawValue ?? "",
            elsewhere: self.untried > 0 ? 0 : self.pauseElsewhere
        )
    }

    /// What the caller is told when no candidate could be asked at all.
    var unsentError: CallerError {
        self.passedOver.map { CallerError($0) } ?? AttemptFailure.unsendable.callerError
    }
}
