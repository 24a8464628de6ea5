import Glibc

/// The two clocks that the feed reads, both in milliseconds.
package struct FeedClock: Sendable {
    /// Never set back, starts anywhere: ages and pauses.
    package let monotonic: @Sendable () -> Int
    /// Since 1970, as the machine believes: only what must survive a restart, and what operators read.
    package let wall: @Sendable () -> Int

    package init(monotonic: @escaping @Sendable () -> Int, wall: @escaping @Sendable () -> Int) {
        self.monotonic = monotonic
        self.wall = wall
    }

    /// The machine's own.
    ///
    /// Time asleep counts as age, hence the boot-time clock.
    package static let system = FeedClock(
        monotonic: { FeedClock.read(CLOCK_BOOTTIME) },
        wall: { FeedClock.read(CLOCK_REALTIME) }
    )

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        unsafe _ = clock_gettime(clock, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
