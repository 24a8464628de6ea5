/// How long a provider is left alone that said "too much": as long as it asks for, else longer each time.
///
/// Times are nanoseconds on the monotonic clock.
struct Backoff: Hashable, Sendable {
    /// The first and the longest wait.
    struct Range: Hashable, Sendable {
        let first: UInt64
        let longest: UInt64

        static let rate = Range(first: 1_000_000_000, longest: 60_000_000_000)
        static let quota = Range(first: 30_000_000_000, longest: 300_000_000_000)
        /// A credential or a model's release is mended by people, who want to see at once that it worked.
        static let access = Range(first: 5_000_000_000, longest: 30_000_000_000)
    }

    /// The most that a provider is believed which says for how long: what it limits by the day is asked again sooner,
    /// as people may have mended it.
    private static let longestAsked: UInt64 = 900_000_000_000

    private(set) var until: UInt64 = 0
    /// Until when the provider itself asked to be left alone; what is beyond is our own caution.
    private(set) var askedUntil: UInt64 = 0
    /// When the provider last said so; 0 before it did.
    private var since: UInt64 = 0
    private var steps = 0

    /// An attempt that began at `start` was told "too much".
    ///
    /// `retryAfter`: seconds that the provider asks for; believed up to a quarter of an hour.
    mutating func extend(_ range: Range, retryAfter: Int?, since start: UInt64, at now: UInt64) {
        if let asked = Backoff.nanoseconds(retryAfter) {
            self.askedUntil = max(self.askedUntil, now + asked)
            self.until = max(self.until, self.askedUntil)
            self.since = now
            return
        }
        // Attempts that were under way together tell one thing, not several.
        guard now >= self.until, start >= self.since else { return }
        self.until = now + min(range.first << UInt64(min(self.steps, 10)), range.longest)
        self.since = now
        self.steps += 1
    }

    /// Whether an answer to an attempt that began at `start` proves that it is over; one that was under way before the
    /// provider said so proves nothing.
    func isOver(byAnswerTo start: UInt64) -> Bool { start >= self.since }

    private static func nanoseconds(_ seconds: Int?) -> UInt64? {
        guard let seconds, seconds > 0 else { return nil }
        let (product, isTooMuch) = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return isTooMuch ? Backoff.longestAsked : min(product, Backoff.longestAsked)
    }
}
