package import Canonical
package import Dialects
package import Identity
import Wire

/// One attempt from the provider's first byte to the last: what of its answer reaches the caller, and how it
/// ends.
///
/// The answer's 200 is held back until the provider has said something of an answer, so that all that goes wrong before
/// can still be told with a status. Events that only announce an answer are kept until then, and go out with the first
/// that has something of it. After it there is exactly one terminal event.
package struct RelayStateMachine: Sendable {
    private enum State: Sendable {
        /// Nothing came yet. Goes to `collectingError`, `collectingAnswer`, `holding` or `ended`.
        case awaitingHead
        /// The status says no; its body says why. Goes to `ended`.
        case collectingError(status: Int, retryAfter: Int?)
        /// A whole answer is being gathered. Goes to `ended`.
        case collectingAnswer
        /// A stream has begun, nothing of an answer has come. Goes to `relaying` or `ended`.
        case holding
        /// The caller has its 200. Goes to `ended`.
        case relaying
        /// The caller has all it will get, or is gone.
        case ended
    }

    private var state = State.awaitingHead
    private var passage: StreamPassage
    private let isStream: Bool

    /// Whether an event came that belongs to an answer, if only to announce it; of what is gathered, a byte that is
    /// no white space.
    package private(set) var hasBegun = false

    /// Whether something of the answer itself came.
    package private(set) var hasAnswered = false

    /// The events that announce an answer, and what came behind them, as they are to be told.
    private var held: [UInt8] = []
    /// Whether the caller was told that an answer is to come: no event is held any more.
    private var hasAnnounced = false

    /// Whether the answer is whole although the provider speaks on: its transfer is to be cancelled.
    package private(set) var wantsCancel = false

    package init(_ passage: StreamPassage, isStream: Bool) {
        self.passage = passage
        self.isStream = isStream
    }

    /// For an answer in the caller's own dialect; `ids` are those that the caller is to know under other names.
    package init(dialect: Dialect, isStream: Bool, hidesUsage: Bool, ids: KeptResponseIDs? = nil) {
        self.init(StreamPassage(StreamWatch(dialect, hidesUsage: hidesUsage, ids: ids)), isStream: isStream)
    }

    /// How a failure that the provider reports inside its answer is told.
    package var retelling: Retelling {
        get { self.passage.retelling }
        set { self.passage.retelling = newValue }
    }

    package var usage: TokenUsage { self.passage.usage }

    /// Whether ``usage`` holds estimates in place of what the provider did not tell.
    package var isUsageEstimated: Bool { self.passage.isUsageEstimated }

    package enum HeadAction: Hashable, Sendable {
        /// Gather the body, at most this many bytes, and hand it over at the end.
        case collect(limit: Int)
        /// Cut the body into events and hand over each.
        case relayEvents
        /// Cancel the transfer and answer the failure.
        case fail(AttemptFailure)
        /// A head had come before; the transport never does that, and nothing may come of it.
        case ignore
    }

    /// The most that a whole answer may have.
    package static let maximumAnswerBytes = 64 * 1024 * 1024
    /// The most that one event may have.
    package static let maximumEventBytes = 16 * 1024 * 1024
    /// The most of what announces an answer that is held back: OpenAI repeats instructions and tools in each event.
    package static let maximumHeldBytes = 1024 * 1024

    /// The provider's head came.
    ///
    /// `contentEncodings` has the values of all lines; `retryAfter` is in seconds.
    package mutating func head(
        status: Int,
        contentType: String?,
        contentEncodings: [String] = [],
        retryAfter: Int?
    ) -> HeadAction {
        guard case .awaitingHead = self.state else { return .ignore }
        guard (200...299).contains(status) else {
            // Redirects are never followed: the new place was not agreed on.
            guard status >= 400 else {
                self.state = .ended
                return .fail(.garbage)
            }
            self.state = .collectingError(status: status, retryAfter: retryAfter)
            return .collect(limit: UpstreamRefusal.maximumBodyBytes)
        }
        // None was asked for, and none is undone here.
        guard contentEncodings.allSatisfy({ $0.isEmpty || $0.lowercased() == "identity" }) else {
            self.state = .ended
            return .fail(.garbage)
        }
        // Nearly all say it just so.
        let type =
            contentType == "application/json"
            ? contentType : contentType?.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
        if self.isStream {
            guard type == "text/event-stream" else {
                self.state = .ended
                return .fail(.garbage)
            }
            self.state = .holding
            return .relayEvents
        }
        guard type == "application/json" || type?.hasSuffix("+json") == true else {
            self.state = .ended
            return .fail(.garbage)
        }
        self.state = .collectingAnswer
        return .collect(limit: RelayStateMachine.maximumAnswerBytes)
    }

    /// A piece of a body came that is gathered: white space before it keeps a connection alive, and is no beginning.
    package mutating func gathered(_ piece: Span<UInt8>) {
        for index in piece.indices where ![0x20, 0x09, 0x0a, 0x0d].contains(piece[index]) {
            self.hasBegun = true
            return
        }
    }

    package enum EventAction: Hashable, Sendable {
        /// Send the event; `begins`: the head of a stream first.
        case forward(begins: Bool)
        case replace([UInt8], begins: Bool)
        /// Nothing goes out until it is known whether the answer begins.
        case hold
        case drop
        /// Nothing was sent: answer the failure with a status.
        case fail(AttemptFailure)
        /// The answer had begun: end it with the dialect's own error.
        case breakOff(AttemptFailure)
    }

    /// One whole event came.
    ///
    /// `isTerminal` tells that the answer has ended with it, and that nothing that follows is let through.
    package mutating func event(_ event: Span<UInt8>) -> (action: EventAction, isTerminal: Bool) {
        let isHolding: Bool
        switch self.state {
        case .holding: isHolding = true
        case .relaying: isHolding = false
        case .awaitingHead, .collectingError, .collectingAnswer, .ended: return (.drop, false)
        }
        let passed = self.passage.observe(event)
        self.wantsCancel = passed.wantsCancel
        if !self.hasAnswered {
            // Comments and pings before an answer are the provider's own: a caller that waits for long gets ours, and an
            // answer that never begins can still be given by another target.
            guard passed.observation.isMeaningful || self.hasBegun else { return (isHolding ? .hold : .drop, false) }
            if self.holds(event, passed.observation) { return (.hold, false) }
        }
        let isTerminal = passed.observation.isTerminal
        self.state = isTerminal ? .ended : .relaying
        switch passed.observation.disposition {
        case .fail:
            let failure = self.hasAnswered ? passed.failure.behindAnswer : passed.failure
            return (isHolding ? .fail(failure) : .breakOff(failure), true)
        case .forward where self.held.isEmpty: return (.forward(begins: isHolding), isTerminal)
        case .forward: return (.replace(self.takeHeld(before: event), begins: isHolding), isTerminal)
        case .replace(let bytes) where self.held.isEmpty: return (.replace(bytes, begins: isHolding), isTerminal)
        case .replace(let bytes): return (.replace(self.takeHeld(before: bytes.span), begins: isHolding), isTerminal)
        case .hide:
            let bytes = self.takeHeld(before: [UInt8]().span)
            return (isHolding || !bytes.isEmpty ? .replace(bytes, begins: isHolding) : .drop, false)
        }
    }

    /// Whether an event is held back that came before anything of the answer.
    private mutating func holds(_ event: Span<UInt8>, _ observation: StreamObservation) -> Bool {
        if case .fail = observation.disposition { return false }
        self.hasBegun = true
        guard observation.isAnnouncement || !observation.isMeaningful else {
            self.hasAnswered = true
            return false
        }
        guard !self.hasAnnounced else { return false }
        let bytes: [UInt8]? = if case .replace(let bytes) = observation.disposition { bytes } else { nil }
        guard self.held.count + (bytes?.count ?? event.count) <= RelayStateMachine.maximumHeldBytes else {
            self.hasAnnounced = true
            return false
        }
        if let bytes {
            self.held += bytes
        } else if observation.disposition == .forward {
            RelayStateMachine.append(event, to: &self.held)
        }
        return true
    }

    /// What is held back, which goes out before these bytes.
    private mutating func takeHeld(before bytes: Span<UInt8>) -> [UInt8] {
        var all = self.held
        self.held = []
        RelayStateMachine.append(bytes, to: &all)
        return all
    }

    private static func append(_ bytes: Span<UInt8>, to held: inout [UInt8]) {
        // Room is left to grow by itself: made to measure, thousands of pings behind an announcement would move all that
        // is held each time.
        guard !bytes.isEmpty else { return }
        unsafe bytes.withUnsafeBufferPointer { unsafe held.append(contentsOf: $0) }
    }

    package enum EndAction: Hashable, Sendable {
        /// The gathered body is an answer: send it with this status.
        case answer(status: Int)
        /// The gathered body says why the provider refused.
        case refusal(status: Int, retryAfter: Int?)
        /// Send these last bytes, if any, and end the stream.
        case finish([UInt8])
        case fail(AttemptFailure)
        case breakOff(AttemptFailure)
        /// All is said already.
        case nothing
    }

    /// Whether what is left when a provider has closed its stream cleanly is a last event without its blank line, which
    /// counts like any other.
    ///
    /// Not where an event's data breaks off.
    package static func isWholeEvent(_ rest: Span<UInt8>) -> Bool {
        guard let data = ServerSentEvent(lines: rest).data else { return false }
        if data.starts(with: "[DONE]".utf8) { return true }
        return (try? JSONReader.read(data, maximumDepth: JSONReader.defaultMaximumDepth + 8))?.objectValue != nil
    }

    /// The provider's answer is complete as HTTP goes, and all of its events were told.
    package mutating func upstreamFinished() -> EndAction {
        defer { self.state = .ended }
        switch self.state {
        case .awaitingHead: return .fail(.garbage)
        case .collectingError(let status, let retryAfter): return .refusal(status: status, retryAfter: retryAfter)
        case .collectingAnswer: return .answer(status: 200)
        case .holding: return .fail(.cutShort)
        case .relaying:
            guard let closing = self.passage.close() else { return .breakOff(.cutShort) }
            return .finish(closing)
        case .ended: return .nothing
        }
    }

    /// The transfer broke.
    package mutating func upstreamFailed(_ failure: AttemptFailure) -> EndAction {
        defer { self.state = .ended }
        switch self.state {
        case .awaitingHead, .collectingAnswer, .holding: return .fail(failure)
        // The status is what matters; how its body ended is not.
        case .collectingError(let status, let retryAfter): return .refusal(status: status, retryAfter: retryAfter)
        case .relaying:
            // A provider may drop the connection right behind its last event.
            if let closing = self.passage.close() { return .finish(closing) }
            return .breakOff(failure)
        case .ended: return .nothing
        }
    }

    /// The caller has waited long enough for a sign of life.
    ///
    /// True when its 200 must go out now, to be followed by what is held (`release`), or by pings.
    package mutating func holdExpired() -> Bool {
        guard case .holding = self.state else { return false }
        self.state = .relaying
        return true
    }

    /// What is held back, for a caller that has its 200 and waits for a sign of life; from here on nothing is held.
    ///
    /// Empty while nothing is.
    package mutating func release() -> [UInt8] {
        guard case .relaying = self.state, !self.held.isEmpty else { return [] }
        self.hasAnnounced = true
        defer { self.held = [] }
        return self.held
    }

    /// The caller is gone, or was answered otherwise.
    package mutating func stop() {
        self.state = .ended
    }

    /// The dialect's own terminal event for an answer that broke off, behind what announced it.
    package func failureEvent(_ error: CallerError, requestID: RequestID) -> [UInt8] {
        self.held + self.passage.failureEvent(error, requestID: requestID.description)
    }
}
