/// How much a node may ask again in vain for a group: a fifth of what it is asked, so that failing providers are not
/// buried under repeats.
///
/// An attempt more that gives the answer costs nothing: it was no waste, and where the first target of a group is down
/// every request needs one until the target is set aside. Nor is a target that has not failed itself since it answered
/// last kept from a request by it (`RoutePlanner.next`): what others did is not its fault.
package struct RetryBudget: Hashable, Sendable {
    /// In hundredths of an attempt.
    private var saved = RetryBudget.floor
    /// When a request came last, in nanoseconds on the monotonic clock.
    private var lastRequestAt: UInt64 = 0

    /// A quiet node can ask again ten times.
    private static let floor = 1_000
    private static let most = 10_000
    private static let perRequest = 20
    private static let perRetry = 100

    package init() {}

    /// A request has come; `now` is in nanoseconds on the monotonic clock.
    ///
    /// What a quiet node has comes back with time, one attempt in a second: few requests are no load.
    package mutating func began(at now: UInt64) {
        if self.saved < RetryBudget.floor, now > self.lastRequestAt {
            let earned = Int(clamping: (now - self.lastRequestAt) / (1_000_000_000 / UInt64(RetryBudget.perRetry)))
            self.saved = min(self.saved + min(earned, RetryBudget.floor), RetryBudget.floor)
        }
        self.lastRequestAt = max(self.lastRequestAt, now)
        self.saved = min(self.saved + RetryBudget.perRequest, RetryBudget.most)
    }

    /// Whether one more attempt may be made.
    package var allowsRetry: Bool { self.saved >= RetryBudget.perRetry }

    /// An attempt after the first of a request failed, too.
    ///
    /// Those under way are not counted: so many at once may be in vain as there are requests at once.
    package mutating func retryFailed() { self.saved = max(self.saved - RetryBudget.perRetry, -RetryBudget.most) }
}
