/// Counts failed authentications by peer address, so that whoever guesses is told to stop.
///
/// Each address has a bucket of `burst` failures that refills evenly over a minute.
struct FailureThrottle: Sendable {
    private struct Bucket {
        var failures: Double
        var at: Duration
    }

    private let burst: Double
    private let capacity: Int
    private var buckets: [String: Bucket] = [:]

    /// `burst` failures a minute; at most `capacity` addresses are remembered.
    init(burst: Int = 10, capacity: Int = 10_000) {
        self.burst = Double(burst)
        self.capacity = capacity
    }

    /// Seconds after which the address may try again; nil when it may now.
    mutating func delay(of address: String, at now: Duration) -> Int? {
        guard let bucket = self.buckets[address] else { return nil }
        let failures = self.remaining(bucket, at: now)
        if failures <= 0 {
            self.buckets[address] = nil
            return nil
        }
        guard failures > self.burst - 1 else { return nil }
        return max(1, Int(((failures - self.burst + 1) * 60 / self.burst).rounded(.up)))
    }

    mutating func noteFailure(of address: String, at now: Duration) {
        let failures = self.buckets[address].map { self.remaining($0, at: now) } ?? 0
        if self.buckets[address] == nil, self.buckets.count >= self.capacity { self.makeRoom(at: now) }
        self.buckets[address] = Bucket(failures: min(failures + 1, self.burst), at: now)
    }

    private func remaining(_ bucket: Bucket, at now: Duration) -> Double {
        let seconds =
            Double((now - bucket.at).components.seconds) + Double((now - bucket.at).components.attoseconds) * 1e-18
        return max(0, bucket.failures - seconds * self.burst / 60)
    }

    /// Forgets whoever has served its time, or else the one that waits the longest.
    private mutating func makeRoom(at now: Duration) {
        self.buckets = self.buckets.filter { self.remaining($0.value, at: now) > 0 }
        if self.buckets.count >= self.capacity, let oldest = self.buckets.min(by: { $0.value.at < $1.value.at }) {
            self.buckets[oldest.key] = nil
        }
    }
}
