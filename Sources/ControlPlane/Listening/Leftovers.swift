/// What of one connection's incoming bytes is still wanted.
///
/// A request can be answered before it has come whole: refused, or too large. Many clients send all of it before they
/// read. Would nobody take the rest, they would wait in vain; would the connection be closed upon it, the reset
/// would destroy the answer on its way. So the rest is thrown away, up to a limit.
struct Leftovers {
    enum Phase: Hashable {
        /// What comes is wanted. Goes to `discarding` or `ending`.
        case serving
        /// The request is answered; the rest of its body is thrown away. Goes to `serving` or `ending`.
        case discarding(bytes: Int)
        /// The last answer is written; all that comes is thrown away until the client closes.
        case ending(bytes: Int)
    }

    enum Part: Hashable {
        /// `closes` when the client wants no further request on this connection.
        case head(closes: Bool)
        case body(bytes: Int)
        case end
    }

    enum Verdict: Hashable {
        case deliver
        case discard
        /// The client sent more than is read for the sake of its answer.
        case close
    }

    /// The most that is thrown away.
    static let maximumBytes = 64 * 1024 * 1024

    private(set) var phase = Phase.serving
    /// Requests whose answers are not complete: more than one with a client that pipelines.
    private var unanswered = 0
    /// Whether the newest request's end is still to come.
    private var isReceiving = false
    private var closes = false

    /// Whether there may be something to throw away.
    var isDiscarding: Bool { self.phase != .serving }

    var isEnding: Bool {
        if case .ending = self.phase { true } else { false }
    }

    mutating func received(_ part: Part) -> Verdict {
        switch self.phase {
        case .serving:
            switch part {
            case .head(let closes):
                self.unanswered += 1
                self.isReceiving = true
                self.closes = self.closes || closes
            case .body: break
            case .end: self.isReceiving = false
            }
            return .deliver
        case .discarding(let count):
            guard case .body(let bytes) = part else {
                // The server waits for the end before it takes the next request.
                self.isReceiving = false
                self.phase = .serving
                return .deliver
            }
            self.phase = .discarding(bytes: count + bytes)
            return count + bytes > Leftovers.maximumBytes ? .close : .discard
        case .ending(let count):
            guard case .body(let bytes) = part else { return .discard }
            self.phase = .ending(bytes: count + bytes)
            return count + bytes > Leftovers.maximumBytes ? .close : .discard
        }
    }

    /// The head of an answer is written.
    mutating func answerBegan(closes: Bool) {
        self.closes = self.closes || closes
    }

    /// An answer is written to its end.
    mutating func answered() {
        guard case .serving = self.phase else { return }
        self.unanswered = max(0, self.unanswered - 1)
        guard self.unanswered == 0 else { return }
        if self.closes {
            self.phase = .ending(bytes: 0)
        } else if self.isReceiving {
            self.phase = .discarding(bytes: 0)
        }
    }

    /// What comes cannot be framed any more; true when nobody waits to be told.
    mutating func failed() -> Bool {
        switch self.phase {
        case .serving: return false
        case .discarding(let bytes):
            self.phase = .ending(bytes: bytes)
            return true
        case .ending: return true
        }
    }
}
