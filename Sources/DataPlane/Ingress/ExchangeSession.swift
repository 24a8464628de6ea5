import Canonical
import Contract
import CurlTransport
import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Telemetry
import Wire

/// One request from its head to its record: asks the cores what to do, and does it.
///
/// Confined to the event loop of its connection. The steps in order: `begin` (head), `append` and `bodyComplete`
/// (body), `plan` and `attempt` (upstream; see ExchangeSession+Attempt.swift), `upstream` (answer), `settle` (record).
final class ExchangeSession {
    let connection: ConnectionHandler
    let loop: IngressLoop
    let facts: HeadFacts?
    let requestID: RequestID
    let requestIDText: String
    private let endpoint: Endpoint?
    var record: RequestRecord

    var state: ServingState?
    var token: TokenRecord?
    var body: [UInt8] = []
    private var budgeted = 0
    var receivedBytes = 0
    /// Whether the caller holds its body back until it is told to go on.
    private var awaitsContinue = false
    private(set) var isSettled = false

    // The answer's side; see ExchangeSession+Answer.swift.
    /// The caller's dialect, once a target is asked.
    var dialect: Dialect?
    /// Nil where the target speaks the caller's dialect.
    var translation: Translation?
    /// The way to other targets, while one may still have to be asked.
    var dispatch: Dispatch?
    /// How many candidates were not tried.
    var untried = 0
    /// Seconds until the first target may be asked that was left alone; nil where there is none.
    var pauseElsewhere: Int?
    /// The attempts that failed, in their order.
    var failures: [TerminalFailure.Attempt] = []
    /// Why the first candidate that could not be told all was passed over.
    var passedOver: TranslationRefusal?
    /// What the target was sent, while it may have to be sent again.
    var sent: SentRequest?
    var reasoningRetry = ReasoningRetry()
    /// The ids of a whole answer of which the caller knows others.
    var responseIDs: KeptResponseIDs?
    /// The request whose tokens a provider is asked to count.
    var counted: (body: [UInt8], outline: RequestOutline)?
    var relay: RelayStateMachine?
    var transfer: Transfer?
    /// Whose health the running attempt tells of; nil when there is none, or it tells nothing.
    var attemptKey: HealthKey?
    /// Whether the target's health was told of the first event of the running attempt's stream.
    var isAnswerTold = false
    private(set) var collected: ByteBuffer?
    private(set) var collectLimit = 0
    private var collectedBudget = 0
    var pendingEvents: ByteBuffer?
    var boundary = EventCutter()
    var isChunked = false
    var hasWrittenHead = false
    var needsFlush = false
    /// Body bytes of the transfer that the caller has not taken yet.
    var unacknowledged = 0
    var lastWriteSecond = 0
    /// Since when a stream's caller waits for its head; nil when it has it.
    var holdSince: Int?
    /// When a stream's first event, or the beginning of a body, must have come, in nanoseconds on the monotonic clock; nil
    /// when it has.
    var firstEventBy: UInt64?
    /// Whether nothing of the running attempt's answer has come: of a stream announcements at most, of a body white space.
    var awaitsAnswer = false

    /// `facts`: of a request whose head could not be parsed no more than its first line, or nil.
    init(connection: ConnectionHandler, loop: IngressLoop, facts: HeadFacts?) {
        self.connection = connection
        self.loop = loop
        self.facts = facts
        self.requestID = RequestID(
            milliseconds: UInt64(max(0, WallClock.now())),
            random: (loop.random(), loop.random())
        )
        self.requestIDText = self.requestID.description
        self.endpoint = Endpoint(path: facts?.path ?? "")
        self.record = RequestRecord(requestID: self.requestIDText, startedAt: MonotonicClock.now())
        if let endpoint = self.endpoint { self.record.endpoint = endpoint.name }
        loop.journal.began()
    }

    /// The shape of errors on the request's path.
    private var envelope: ErrorEnvelope {
        Endpoint.envelope(
            of: self.endpoint,
            path: self.facts?.path ?? "",
            dialectHeaders: self.facts?.dialectHeaders ?? []
        )
    }

    /// The request's id under the name by which Anthropic's clients know it.
    var idHeaders: [(StaticString, String)] {
        guard self.envelope == .anthropic else { return [] }
        return [("request-id", self.requestIDText)]
    }

    /// Whether the caller, or its token's setting, wants a refusal rather than an answer to less than it asked.
    var isStrict: Bool { (self.facts?.isStrict ?? false) || (self.token?.strict ?? false) }

    /// What is derived from the pepper of the caller's token; nil before it is known.
    var pepperKeys: PepperKeys? {
        guard let token = self.token, let state = self.state else { return nil }
        return self.loop.authenticator.keys(of: token, in: state)
    }

    var keepsAlive: Bool { (self.facts?.keepsAlive ?? false) && !self.loop.isDraining }

    // MARK: Head

    /// Judges the head: framing, who asks, what for.
    ///
    /// Refuses at once or asks for the body.
    func begin() {
        guard let facts = self.facts else { return }
        // HTTP/1.0 knows no interim answers (RFC 9110 §10.1.1).
        self.awaitsContinue = facts.minorVersion > 0 && !facts.expectations.isEmpty
        if case .refuse(let error, let closes) = HeadInspection.framing(facts) {
            return self.refuse(error, closes: closes)
        }
        if self.endpoint?.needsToken ?? true, let error = self.authenticate(facts) { return self.refuse(error) }
        guard let endpoint = self.endpoint else { return self.refuse(Refusal.notFound) }
        if case .refuse(let error, let closes) = HeadInspection.form(facts, endpoint: endpoint) {
            return self.refuse(error, closes: closes)
        }
        if self.awaitsContinue {
            self.awaitsContinue = false
            self.connection.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            self.connection.flush()
        }
    }

    /// Nil when the caller is known and may come in.
    private func authenticate(_ facts: HeadFacts) -> CallerError? {
        let state: ServingState
        switch self.loop.serving() {
        case .notReady: return Refusal.notReady
        case .stale: return Refusal.stale
        case .ready(let current): state = current
        }
        self.state = state
        self.record.snapshotVersion = state.reference.version.number
        let presented: CallerToken
        switch PresentedCredential(facts) {
        case .none: return Refusal.unauthorized
        case .contradictory: return Refusal.contradictoryCredentials
        case .token(let token): presented = token
        }
        let found = state.table.token(presented.id)
        guard self.loop.authenticator.verify(presented, against: found, in: state), let found else {
            return Refusal.unauthorized
        }
        self.record.tokenID = presented.id
        guard let endpoint = self.endpoint else { return nil }
        if let error = TokenCheck.refusal(
            of: found,
            isRevoked: state.revokedTokens.contains(presented.id),
            now: WallClock.now(),
            endpoint: endpoint
        ) {
            return error
        }
        self.token = found
        return nil
    }

    // MARK: Body

    /// Takes a piece of the body, or refuses the request for it.
    func append(_ bytes: ByteBuffer) {
        self.receivedBytes += bytes.readableBytes
        guard self.receivedBytes <= HeadInspection.maximumBodyBytes else {
            return self.refuse(Refusal.requestTooLarge, closes: true)
        }
        guard self.endpoint?.takesBody == true else { return }
        guard self.loop.budget.take(bytes.readableBytes) else { return self.refuse(Refusal.overloaded) }
        self.budgeted += bytes.readableBytes
        if self.body.isEmpty {
            // The announced length is believed up to 1 MiB: an announcement costs the caller nothing.
            self.body.reserveCapacity(min(self.facts?.contentLength ?? bytes.readableBytes, 1024 * 1024))
        }
        JSONWriter.append(bytes.readableBytesUInt8Span, to: &self.body)
    }

    /// Gives back what the body took of the budget: it was thrown away, or the provider has it.
    func abandonBody() {
        self.body = []
        self.sent = nil
        self.dispatch = nil
        self.loop.budget.giveBack(self.budgeted)
        self.budgeted = 0
    }

    // MARK: A whole answer

    func collect(reserving count: Int, limit: Int) {
        self.dropCollected()
        self.collectLimit = limit
        self.collected = self.loop.allocator.buffer(capacity: count)
    }

    /// Adds a piece to a whole answer; false when the budget of all bodies does not have room for it.
    func addCollected(_ bytes: ByteBuffer) -> Bool {
        guard self.loop.budget.take(bytes.readableBytes) else { return false }
        self.collectedBudget += bytes.readableBytes
        self.collected?.writeImmutableBuffer(bytes)
        return true
    }

    func dropCollected() {
        self.collected = nil
        self.loop.budget.giveBack(self.collectedBudget)
        self.collectedBudget = 0
    }

    /// The request is complete.
    func bodyComplete() {
        guard !self.isSettled else { return }
        self.record.bodyReadAt = MonotonicClock.now()
        switch self.endpoint {
        case .hello?: self.answerHello()
        case .models?: self.answerModels()
        case .model(let name)?: self.answerModel(name)
        case .generate(let dialect)?: self.generate(dialect)
        case .countTokens?: self.countTokens()
        case .decision(let id)?: self.answerDecision(id)
        case .explain(let dialect)?: self.explain(dialect)
        case nil: self.refuse(Refusal.notFound)
        }
    }

    private func answerHello() {
        self.answerJSON(["object": "router", "documentation": "/docs/"])
    }

    private func answerModels() {
        guard let state = self.state, let token = self.token else { return self.refuse(Refusal.notReady) }
        self.answerJSON(ModelListing.list(state.table.groups(allowedFor: token)))
    }

    private func answerModel(_ name: String) {
        guard let group = self.allowedGroup(name) else { return self.refuse(Refusal.notFound) }
        self.answerJSON(ModelListing.entry(group))
    }

    func allowedGroup(_ name: String) -> Group? {
        guard let state = self.state, let token = self.token, let group = state.table.group(name),
            token.allow.contains(group.id)
        else { return nil }
        return group
    }

    // MARK: Refusals and ends

    /// Answers an error in the caller's shape.
    ///
    /// `closes`: the connection ends with it.
    func refuse(_ error: CallerError, closes: Bool = false) {
        guard !self.isSettled, !self.hasWrittenHead else { return }
        self.stopUpstream()
        let body = ErrorAnswer.body(error, envelope: self.envelope, requestID: self.requestIDText)
        // A caller that was not told to send its body may still do so, or send its next request: both look alike.
        let keepsAlive = self.keepsAlive && !closes && !self.awaitsContinue
        self.record.errorCode = error.code
        self.writeWhole(
            status: error.status,
            contentType: "application/json",
            body: [body],
            keepsAlive: keepsAlive,
            extra: ErrorAnswer.headers(error)
        )
        self.settle(status: error.status, complete: false)
        self.connection.answeredEarly(closes: !keepsAlive)
    }

    /// The caller closed its connection.
    func callerGone() {
        guard !self.isSettled else { return }
        self.stopUpstream()
        self.attemptForsaken()
        self.record.errorCode = "client-canceled"
        self.settle(status: self.hasWrittenHead ? 200 : 499, complete: false)
    }

    /// The process stops before the answer is told: no fault of the caller's, who is to know and to ask elsewhere.
    func shutDown() {
        guard !self.isSettled else { return }
        if self.transfer != nil { self.attemptFailed(.shutdown) }
        self.stopUpstream()
        if self.hasWrittenHead { return self.breakOff(.shutdown) }
        self.refuse(AttemptFailure.shutdown.callerError, closes: true)
    }

    /// Ends a running transfer: its remaining events find the relay stopped.
    func stopUpstream() {
        self.relay?.stop()
        self.transfer?.cancel()
        self.transfer = nil
        self.dropCollected()
        self.pendingEvents = nil
    }

    /// Writes the record, once.
    func settle(status: Int, complete: Bool) {
        guard !self.isSettled else { return }
        self.isSettled = true
        self.abandonBody()
        self.dropCollected()
        if let usage = self.relay?.usage, usage.isReported {
            self.record.usage = usage
            self.record.isUsageEstimated = self.relay?.isUsageEstimated == true
        } else if !complete, let last = self.record.tries.last, last.usage.isReported {
            self.record.usage = last.usage
        }
        self.record.requestBytes = self.receivedBytes
        self.record.status = status
        self.record.complete = complete
        let now = MonotonicClock.now()
        self.record.endedAt = now
        self.attemptEnded(complete ? .success : .neutral)
        if let last = self.record.tries.indices.last, self.record.tries[last].endedAt == nil {
            self.record.tries[last].endedAt = now
        }
        let generates = if case .generate? = self.endpoint { true } else { false }
        if generates || self.record.explained != nil { self.loop.decisions.add(self.record, id: self.requestID) }
        self.loop.journal.ended(self.record)
    }
}
