/// A point on the machine's monotonic clock, in nanoseconds since an arbitrary start.
struct MonotonicTime: Hashable, Comparable, Sendable {
    var nanoseconds: Int64

    static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Later by `duration`; what lies beyond the clock's range (292 years) becomes its end.
    func advanced(by duration: Duration) -> MonotonicTime {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        let (time, late) = self.nanoseconds.addingReportingOverflow(sum)
        guard !overflow, !overflowed, !late else {
            return MonotonicTime(nanoseconds: seconds < 0 ? .min : .max)
        }
        return MonotonicTime(nanoseconds: time)
    }

    /// The time from `earlier` to this one.
    func since(_ earlier: MonotonicTime) -> Duration {
        .nanoseconds(self.nanoseconds - earlier.nanoseconds)
    }

    /// Whole milliseconds until `later`, rounded up so that waiting them is enough; 0 when it has passed.
    func milliseconds(until later: MonotonicTime) -> Int {
        guard later > self else { return 0 }
        let (left, overflow) = later.nanoseconds.subtractingReportingOverflow(self.nanoseconds)
        guard !overflow else { return .max }
        return Int(left / 1_000_000 + (left % 1_000_000 == 0 ? 0 : 1))
    }
}
