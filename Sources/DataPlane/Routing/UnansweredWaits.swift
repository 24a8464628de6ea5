/// How long callers waited for a target that gave them nothing, and left.
///
/// Who leaves says nothing about a target by itself: it may have been in haste. But limits for the first byte are
/// minutes and callers' patience is seconds, so that a target that hangs would never be found out. So the waits of all
/// who left with nothing are added up, for as long as the target says nothing to anybody: when they come to what one
/// patient caller would have to wait (``patience(stream:firstByte:)``), it is at fault, and with each that follows.
///
/// What one caller can do by itself is bounded: waits of less than a second count nothing, those at the same time count
/// once, and a single byte for anybody wipes them all out.
///
/// Times are nanoseconds on the monotonic clock.
package struct UnansweredWaits: Hashable, Sendable {
    /// The wait of whoever leaves sooner is its own haste: few answers begin in less.
    static let shortest: UInt64 = 1_000_000_000
    /// Heads of streams come in a few seconds even from models that think for minutes.
    static let streamPatience: UInt64 = 10_000_000_000
    /// A whole answer is all that comes, and a model may think for minutes.
    static let answerPatience: UInt64 = 300_000_000_000
    /// What was seen longer ago says nothing any more; more than the longest time between two trials of a target.
    static let memory: UInt64 = 300_000_000_000

    /// How much of a patient caller's wait is used up: at 1 the target is at fault.
    private var used = 0.0
    /// Until when waits have counted.
    private var countedUntil: UInt64 = 0

    package init() {}

    /// How long a target may say nothing at all before that is its fault: never longer than its own limit for the first
    /// byte.
    package static func patience(stream: Bool, firstByte: UInt64) -> UInt64 {
        min(stream ? UnansweredWaits.streamPatience : UnansweredWaits.answerPatience, firstByte)
    }

    /// A caller left that had waited since `start` without a byte of an answer; whether the target is at fault.
    package mutating func left(since start: UInt64, at now: UInt64, patience: UInt64) -> Bool {
        guard now > start, now - start >= UnansweredWaits.shortest else { return false }
        if start > self.countedUntil, start - self.countedUntil > UnansweredWaits.memory { self.used = 0 }
        let from = max(start, self.countedUntil)
        if now > from {
            self.used += Double(now - from) / Double(max(patience, 1))
            self.countedUntil = now
        }
        return self.used >= 1
    }
}
