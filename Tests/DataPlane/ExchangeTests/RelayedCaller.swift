import Canonical
import Dialects
import Exchange
import Identity
import Testing

/// A caller behind a relay: plays the server's part and notices whatever a server could not do.
struct RelayedCaller {
    /// What can happen to a relay.
    enum Input: Hashable, Sendable {
        case head(Int, String?)
        case event(String)
        case finished
        case failed(AttemptFailure)
        case holdExpired
        /// The caller has heard nothing for as long as a stream is held.
        case silent
        case stop
    }

    enum Progress: Hashable, Sendable {
        /// Nothing was sent, and a status can still be chosen.
        case waiting
        /// A stream's 200 was sent.
        case streaming
        /// All was said, or nobody listens.
        case ended
    }

    private var relay: RelayStateMachine
    private(set) var progress = Progress.waiting
    /// How many times an end was told.
    private(set) var ends = 0
    /// What could not have been done at that moment.
    private(set) var violations: [String] = []
    /// What the caller got of a stream.
    private(set) var text = ""
    /// How the answer ended, in words.
    private(set) var outcome = ""

    init(_ dialect: Dialect, isStream: Bool = true, hidesUsage: Bool = false) {
        self.relay = RelayStateMachine(dialect: dialect, isStream: isStream, hidesUsage: hidesUsage)
    }

    var usage: TokenUsage { self.relay.usage }

    mutating func take(_ input: Input) {
        switch input {
        case .head(let status, let type):
            switch self.relay.head(status: status, contentType: type, retryAfter: 7) {
            case .collect, .relayEvents: self.require(.waiting, "a head")
            case .fail(let failure): self.end(from: .waiting, "fail \(failure.code)")
            case .ignore: break
            }
        case .event(let text): self.event(text)
        case .finished: self.end(self.relay.upstreamFinished())
        case .failed(let failure): self.end(self.relay.upstreamFailed(failure))
        case .holdExpired:
            if self.relay.holdExpired() {
                self.require(.waiting, "a late start")
                self.progress = .streaming
            }
            self.release()
        case .silent: self.release()
        case .stop:
            self.relay.stop()
            self.progress = .ended
        }
    }

    private mutating func release() {
        let bytes = self.relay.release()
        if !bytes.isEmpty { self.require(.streaming, "a release") }
        self.text += String(decoding: bytes, as: UTF8.self)
    }

    private mutating func event(_ text: String) {
        let bytes = Array(text.utf8)
        let (action, isTerminal) = self.relay.event(bytes.span)
        switch action {
        case .forward(let begins): self.send(text, begins)
        case .replace(let bytes, let begins): self.send(String(decoding: bytes, as: UTF8.self), begins)
        case .hold: if self.progress == .ended { self.violations.append("a held event behind the end") }
        case .drop: break
        case .fail(let failure): self.end(from: .waiting, "fail \(failure.code)")
        case .breakOff(let failure): self.breakOff(failure)
        }
        switch action {
        case .forward, .replace: if isTerminal { self.end(from: .streaming, "finish") }
        case .fail, .breakOff: if !isTerminal { self.violations.append("a failure that is not terminal") }
        case .hold, .drop: if isTerminal { self.violations.append("a terminal event that is not told") }
        }
    }

    private mutating func send(_ text: String, _ begins: Bool) {
        self.require(begins ? .waiting : .streaming, "an event that \(begins ? "begins" : "goes on")")
        self.progress = .streaming
        self.text += text
    }

    private mutating func end(_ action: RelayStateMachine.EndAction) {
        switch action {
        case .answer(let status): self.end(from: .waiting, "answer \(status)")
        case .refusal(let status, _): self.end(from: .waiting, "refusal \(status)")
        case .finish(let closing):
            self.text += String(decoding: closing, as: UTF8.self)
            self.end(from: .streaming, "finish")
        case .fail(let failure): self.end(from: .waiting, "fail \(failure.code)")
        case .breakOff(let failure): self.breakOff(failure)
        case .nothing: self.require(.ended, "nothing")
        }
    }

    private mutating func breakOff(_ failure: AttemptFailure) {
        let event = self.relay.failureEvent(failure.callerError, requestID: RequestID(milliseconds: 1, random: (2, 3)))
        self.text += String(decoding: event, as: UTF8.self)
        self.end(from: .streaming, "break off \(failure.code)")
    }

    private mutating func end(from progress: Progress, _ outcome: String) {
        self.require(progress, outcome)
        self.progress = .ended
        self.ends += 1
        self.outcome = outcome
    }

    private mutating func require(_ progress: Progress, _ what: String) {
        if self.progress != progress { self.violations.append("\(what) while \(self.progress)") }
    }
}
