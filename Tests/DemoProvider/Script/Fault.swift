import Wire

/// What goes wrong with an answer, and where.
struct Fault: Hashable, Sendable {
    /// A place in an answer.
    enum Place: String, Hashable, Sendable {
        case beforeHead = "before_head"
        case afterHead = "after_head"
        case middle = "mid"
        /// Before anything that says how the answer ended.
        case beforeEnd = "before_end"
        /// Before the very last event only.
        case beforeLast = "before_last"
    }

    /// Where the connection is cut or hangs; nil when it does neither.
    private var place: Place?
    /// What happens there.
    private(set) var step: ResponseStep?
    private var errorEvent: String?
    private var breaksEvent: Bool
    private var endsEarly: Bool

    init(_ directives: Directives) {
        if let cut = directives["cut"].flatMap(Place.init) {
            self.place = cut
            self.step = .close(reset: directives.isSet("reset"))
        } else if let hang = directives["hang"].flatMap(Place.init) {
            self.place = hang
            self.step = .hang
        }
        self.errorEvent = directives.isSet("error_event") ? directives["error_event"] : nil
        self.breaksEvent = directives["garbage"] == "event"
        self.endsEarly = directives["cut"] == "clean_end"
    }

    /// What happens at `place`; nil when nothing does.
    func step(_ place: Place) -> ResponseStep? { self.place == place ? self.step : nil }

    /// The index of the first frame that is not sent; nil when all are.
    func stop(in frames: [AnswerEvent]) -> Int? {
        switch self.place {
        case .middle: Fault.middle(of: frames)
        case .beforeEnd: frames.firstIndex { $0.kind == .finishing || $0.kind == .last } ?? frames.count
        case .beforeLast: frames.firstIndex { $0.kind == .last } ?? frames.count
        case .beforeHead, .afterHead, nil: nil
        }
    }

    /// The events of `answer` with the faults that leave the connection intact.
    func disturb(_ answer: any DialectAnswer, directives: Directives) -> [AnswerEvent] {
        var events = answer.events
        if let errorEvent = self.errorEvent {
            let start = errorEvent == "first" ? 0 : Fault.middle(of: events)
            let failure = ProviderFailure(
                status: directives.int("error_status") ?? 500,
                message: "The demo provider failed on request.",
                code: directives["error_code"]
            )
            events[start...] = answer.failure(failure, after: start, directives: directives)[...]
        }
        if self.breaksEvent {
            let broken =
                Array("event: \u{0}\ndata: {\"broken\": \nretry: never\ndata\n\n".utf8) + [0xff, 0xfe, 0x0a, 0x0a]
            events.insert(AnswerEvent(.delta, bytes: broken), at: Fault.middle(of: events))
        }
        if self.endsEarly {
            events.removeAll { $0.kind == .finishing || $0.kind == .last }
        }
        return events
    }

    private static func middle(of frames: [AnswerEvent]) -> Int {
        let deltas = frames.indices.filter { frames[$0].kind == .delta }
        return deltas.isEmpty ? frames.count / 2 : deltas[deltas.count / 2]
    }
}
