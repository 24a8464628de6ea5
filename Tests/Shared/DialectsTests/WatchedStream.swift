import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Wire

/// Feeds a stream to a watch in whatever pieces it comes, as the relay does, and keeps what the caller would get.
struct WatchedStream {
    private var boundary = ServerSentEventBoundary()
    private var pending: [UInt8] = []
    private var scanned = 0
    private var consumed = 0
    private var isEnded = false

    private(set) var watch: StreamWatch
    /// What the caller would get.
    private(set) var given: [UInt8] = []
    private(set) var observations: [StreamObservation] = []
    /// How many bytes of the stream each observed event ends at.
    private(set) var ends: [Int] = []
    /// How much was given by then.
    private(set) var givenCounts: [Int] = []

    init(_ dialect: Dialect, hidesUsage: Bool = false, ids: KeptResponseIDs? = nil) {
        self.watch = StreamWatch(dialect, hidesUsage: hidesUsage, ids: ids)
    }

    init(_ fixture: StreamFixture, hidesUsage: Bool = false) {
        self.init(fixture.dialect, hidesUsage: hidesUsage)
        self.feed(fixture.bytes[...])
    }

    /// A stream of events that are written as text.
    init(_ dialect: Dialect, hidesUsage: Bool = false, events: [String]) {
        self.init(dialect, hidesUsage: hidesUsage)
        for event in events { self.feed(Array(event.utf8)[...]) }
    }

    var givenText: String { String(decoding: self.given, as: UTF8.self) }

    mutating func feed(_ piece: ArraySlice<UInt8>) {
        self.pending.append(contentsOf: piece)
        var boundary = self.boundary
        while let end = boundary.next(in: self.pending.span, from: self.scanned) {
            let event = Array(self.pending[..<end])
            self.pending.removeFirst(end)
            self.scanned = 0
            self.consumed += end
            self.observe(event)
        }
        self.boundary = boundary
        self.scanned = self.pending.count
    }

    private mutating func observe(_ event: [UInt8]) {
        // Behind a terminal event nothing is let through.
        guard !self.isEnded else { return }
        let observation = self.watch.observe(event.span)
        self.isEnded = observation.isTerminal
        switch observation.disposition {
        case .forward: self.given.append(contentsOf: event)
        case .replace(let bytes): self.given.append(contentsOf: bytes)
        case .hide, .fail: break
        }
        self.observations.append(observation)
        self.ends.append(self.consumed)
        self.givenCounts.append(self.given.count)
    }

    /// What each event was taken for, in words for goldens.
    var story: JSONValue {
        .array(
            self.observations.map { observation in
                var words: [String] =
                    switch observation.disposition {
                    case .forward: ["forward"]
                    case .hide: ["hide"]
                    case .replace: ["replace"]
                    case .fail(.reported): ["fail"]
                    case .fail(let failure): ["fail", "\(failure)"]
                    }
                if observation.isTerminal { words.append("terminal") }
                if !observation.isMeaningful { words.append("meaningless") }
                if observation.isAnnouncement { words.append("announcement") }
                return .string(words.joined(separator: " "))
            }
        )
    }
}
