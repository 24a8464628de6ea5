/// What one transfer is waiting for, and what each thing that happens to it means.
///
/// Pure: libcurl's callbacks, the receiver's pace and the clock come in, decisions go out. What an upstream does
/// never reaches a trap: out of order input fails the transfer or is ignored, as each input says.
struct TransferStateMachine: Hashable, Sendable {
    /// Interim answers after which an upstream is taken to send nothing else.
    static let maximumInterimResponses = 16

    private enum State: Hashable, Sendable {
        /// No byte of the final answer came yet. Goes to `readingHead`, or `ended`.
        case waiting
        /// The final status line came. Goes to `receiving`, `failing` or `ended`.
        case readingHead
        /// The head was delivered. Goes to `paused`, `failing` or `ended`.
        case receiving
        /// The receiver holds a whole window of bytes. Goes back to `receiving`, or to `ended`.
        case paused
        /// A callback refused what came; libcurl will report the end. Goes to `ended`.
        case failing(TransferFailure)
        /// The terminal event was decided.
        case ended
    }

    private var state = State.waiting
    private var head = HeadReader()
    private var headerBytes = 0
    private var interimResponses = 0
    private let maximumHeaderBytes: Int
    private let windowBytes: Int
    private let timeouts: TransferTimeouts
    private let started: MonotonicTime

    /// When something last came from the upstream, or the receiver let it go on.
    private var lastProgress: MonotonicTime

    /// When the first byte of the final answer came.
    private(set) var answered: MonotonicTime?

    init(timeouts: TransferTimeouts, maximumHeaderBytes: Int, windowBytes: Int, at now: MonotonicTime) {
        self.timeouts = timeouts
        self.maximumHeaderBytes = maximumHeaderBytes
        self.windowBytes = windowBytes
        self.started = now
        self.lastProgress = now
    }

    enum HeaderAction: Hashable, Sendable {
        case proceed
        case deliver(TransferHead)
        /// The callback must make libcurl end the transfer.
        case refuse
    }

    /// One header line came: of an interim head, of the final one, or a trailer, which is counted and dropped.
    mutating func headerLine(_ line: Span<UInt8>, at now: MonotonicTime) -> HeaderAction {
        self.headerBytes += line.count
        switch self.state {
        case .waiting, .readingHead:
            guard self.headerBytes <= self.maximumHeaderBytes else { return self.refuse(.headersTooLarge) }
            return self.headLine(line, at: now)
        case .receiving, .paused:
            guard self.headerBytes <= self.maximumHeaderBytes else { return self.refuse(.headersTooLarge) }
            self.lastProgress = now
            return .proceed
        case .failing, .ended:
            return .refuse
        }
    }

    private mutating func headLine(_ line: Span<UInt8>, at now: MonotonicTime) -> HeaderAction {
        switch self.head.read(line) {
        case .incomplete:
            self.lastProgress = now
            if self.state == .waiting, let status = self.head.status, status >= 200 {
                self.state = .readingHead
                self.answered = now
            }
            return .proceed
        case .interim:
            self.interimResponses += 1
            guard self.interimResponses <= Self.maximumInterimResponses else {
                return self.refuse(.tooManyInterimResponses)
            }
            return .proceed
        case .complete(let head):
            self.lastProgress = now
            self.state = .receiving
            return .deliver(head)
        case .invalid:
            return self.refuse(.badResponse)
        }
    }

    private mutating func refuse(_ failure: TransferFailure) -> HeaderAction {
        self.state = .failing(failure)
        return .refuse
    }

    enum BodyAction: Hashable, Sendable {
        case accept
        /// The receiver holds a window's worth: if it still does when the pause is announced, receive no more.
        case pause
        /// The callback must make libcurl end the transfer.
        case refuse
    }

    /// Body bytes came, while the receiver holds `heldBytes`.
    ///
    /// Bytes before a head mean that it was no HTTP.
    mutating func bodyBytes(heldBytes: Int, at now: MonotonicTime) -> BodyAction {
        switch self.state {
        case .receiving:
            self.lastProgress = now
            return heldBytes < self.windowBytes ? .accept : .pause
        case .paused:
            // libcurl offers again what was held back only after the pause has ended.
            return .pause
        case .waiting, .readingHead:
            self.state = .failing(.badResponse)
            return .refuse
        case .failing, .ended:
            return .refuse
        }
    }

    /// The pause was announced and the receiver still holds its window.
    mutating func paused() {
        guard self.state == .receiving else { return }
        self.state = .paused
    }

    /// The receiver is below half its window again; true when receiving must go on now.
    mutating func resumed(at now: MonotonicTime) -> Bool {
        guard self.state == .paused else { return false }
        self.state = .receiving
        self.lastProgress = now
        return true
    }

    enum TimeAction: Hashable, Sendable {
        case wait(until: MonotonicTime?)
        case fail(TransferFailure)
    }

    /// What the clock means: the earliest moment to look again, or the limit that was passed.
    ///
    /// Of limits passed at once the one named is the one passed first.
    mutating func time(_ now: MonotonicTime) -> TimeAction {
        let limit: (MonotonicTime, TransferFailure)?
        switch self.state {
        case .waiting: limit = self.beginning
        // Lines of a head that come one by one are no answer yet.
        case .readingHead: limit = [self.beginning, self.stall].compactMap({ $0 }).min(by: { $0.0 < $1.0 })
        case .receiving: limit = self.stall
        case .paused: limit = nil
        case .failing, .ended: return .wait(until: nil)
        }
        let total = self.timeouts.total.map { (self.started.advanced(by: $0), TransferFailure.totalTimeout) }
        guard let first = [limit, total].compactMap({ $0 }).min(by: { $0.0 < $1.0 }) else { return .wait(until: nil) }
        guard first.0 <= now else { return .wait(until: first.0) }
        self.state = .ended
        return .fail(first.1)
    }

    private var beginning: (MonotonicTime, TransferFailure)? {
        self.timeouts.firstByte.map { (self.started.advanced(by: $0), .firstByteTimeout) }
    }

    private var stall: (MonotonicTime, TransferFailure)? {
        self.timeouts.idle.map { (self.lastProgress.advanced(by: $0), .idleTimeout) }
    }

    enum EndAction: Hashable, Sendable {
        case finish
        case fail(TransferFailure)
        /// The terminal event was given already.
        case nothing
    }

    /// libcurl reported the end.
    mutating func ended(_ outcome: TransferOutcome) -> EndAction {
        defer { self.state = .ended }
        switch (self.state, outcome) {
        case (.ended, _): return .nothing
        case (.failing(let failure), _): return .fail(failure)
        case (_, .failed(let failure)): return .fail(failure)
        case (.receiving, .completed), (.paused, .completed): return .finish
        // Closed in order within a head is no error to libcurl.
        case (.waiting, .completed), (.readingHead, .completed): return .fail(.receiveFailed)
        }
    }

    /// Somebody on this side ends it: the caller, or the shutdown.
    mutating func abandoned(_ failure: TransferFailure) -> EndAction {
        guard self.state != .ended else { return .nothing }
        self.state = .ended
        return .fail(failure)
    }

    /// From the start to the first byte of the final answer; nil = none came.
    var firstByte: Duration? { self.answered?.since(self.started) }

    /// From the start to `now`.
    func elapsed(at now: MonotonicTime) -> Duration { now.since(self.started) }
}
