package import Canonical
package import Dialects
package import Identity
import Wire

/// One attempt from the provider's first byte to the last: what of its answer reaches the caller, and how it
/// ends.
///
/// The answer's 200 is held back until the provider has said something that belongs to an answer, so that all
/// that goes wrong before can still be told with a status. After it there is exactly one terminal event.
package struct RelayStateMachine: Sendable {
    private enum State: Sendable {
        /// Nothing came yet. Goes to `collectingError`, `collectingAnswer`, `holding` or `ended`.
        case awaitingHead
        /// The status says no; its body says why. Goes to `ended`.
        case collectingError(status: Int, retryAfter: Int?)
        /// A whole answer is being gathered. Goes to `ended`.
        case collectingAnswer
        /// A stream has begun, nothing meaningful has come. Goes to `relaying` or `ended`.
        case holding
        /// The caller has its 200. Goes to `ended`.
        case relaying
        /// The caller has all it will get, or is gone.
        case ended
    }

    private var state = State.awaitingHead
    private var passage: StreamPassage
    private let isStream: Bool

    /// Whether an event came that belongs to an answer.
    package private(set) var hasBegun = false

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

    /// The provider's head came.
    ///
    /// `retryAfter` is in seconds.
    package mutating func head(status: Int, contentType: String?, retryAfter: Int?) -> HeadAction {
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
        // Nearly all say it just so.
        let type =
            contentType == "application/json"
            ? contentType : contentType?.prefix { $0 != ";" && $0 != " " }.lowercased()
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

    package enum EventAction: Hashable, Sendable {
        /// Send the event; `begins`: the head of a stream first.
        case forward(begins: Bool)
        case replace([UInt8], begins: Bool)
        /// Keep the event back until it is known whether the answer begins.
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
        let observation = passed.observation
        self.wantsCancel = passed.wantsCancel
        // Comments and pings before an answer are the provider's own: a caller that waits for long gets ours, and an
        // answer that never begins can still be given by another target.
        guard observation.isMeaningful || self.hasBegun else { return (isHolding ? .hold : .drop, false) }
        if observation.disposition != .fail { self.hasBegun = true }
        self.state = observation.isTerminal ? .ended : .relaying
        switch observation.disposition {
        case .forward: return (.forward(begins: isHolding), observation.isTerminal)
        case .hide: return (isHolding ? .replace([], begins: true) : .drop, false)
        case .replace(let bytes): return (.replace(bytes, begins: isHolding), observation.isTerminal)
        case .fail:
            return (isHolding ? .fail(passed.failure) : .breakOff(passed.failure), true)
        }
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
    /// True when its 200 must go out now, to be followed
    /// by pings.
    package mutating func holdExpired() -> Bool {
        guard case .holding = self.state else { return false }
        self.state = .relaying
        return true
    }

    /// The caller is gone, or was answered otherwise.
    package mutating func stop() {
        self.state = .ended
    }

    /// The dialect's own terminal event for an answer that broke off.
    package func failureEvent(_ error: CallerError, requestID: RequestID) -> [UInt8] {
        self.passage.failureEvent(error, requestID: requestID.description)
    }
}
