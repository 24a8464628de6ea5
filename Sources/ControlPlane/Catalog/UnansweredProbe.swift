/// A case that was asked about in vain since something was last found out: every time it was not run.
package struct UnansweredProbe: Hashable, Sendable {
    /// When it was last asked, in milliseconds since 1970.
    package var askedAt: Int
    /// How often in a row; at least 1.
    package var times: Int

    /// What is over in a moment should not keep a model from serving for longer.
    static let firstDelay = 5 * 60_000
    /// What is wrong for days is asked about once a day.
    static let longestDelay = 86_400_000

    package init(askedAt: Int, times: Int) {
        self.askedAt = askedAt
        self.times = times
    }

    /// When it should be asked about again, in milliseconds since 1970, for evidence that lasts `lifetime` milliseconds.
    ///
    /// | times | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | more |
    /// |---|---|---|---|---|---|---|---|---|---|---|
    /// | minutes | 5 | 10 | 20 | 40 | 80 | 160 | 320 | 640 | 1280 | a day |
    ///
    /// A seventh of the lifetime if that is less, as for failures.
    package func dueAt(lifetime: Int) -> Int {
        let delay = UnansweredProbe.firstDelay << min(max(0, self.times - 1), 10)
        return self.askedAt + min(delay, UnansweredProbe.longestDelay, lifetime / 7)
    }
}
