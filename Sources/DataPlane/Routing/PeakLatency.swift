/// How long a target takes to its first event: the latest peak, halved with each half-life that passes.
///
/// A bad sample counts at once, a good one little by little, and a target that is not asked is forgiven with time.
struct PeakLatency: Hashable, Sendable {
    private var nanoseconds: Double
    private var at: UInt64

    static let halfLife = 10_000_000_000.0

    init(_ sample: UInt64, at now: UInt64) {
        self.nanoseconds = Double(sample)
        self.at = now
    }

    func value(at now: UInt64) -> Double {
        let halvings = Double(now > self.at ? now - self.at : 0) / PeakLatency.halfLife
        guard halvings < 60 else { return 0 }
        let whole = halvings.rounded(.down)
        // Between two halvings a straight line is near enough.
        return self.nanoseconds * Double(sign: .plus, exponent: -Int(whole), significand: 1)
            * (1 - (halvings - whole) / 2)
    }

    /// What it was when it was last told, for who is to be forgiven for one attempt and not for many.
    var latest: Double { self.nanoseconds }

    /// A target has left us waiting for as long as this, and was given up.
    mutating func raise(to sample: UInt64, at now: UInt64) {
        self.nanoseconds = max(self.value(at: now), Double(sample))
        self.at = now
    }

    mutating func observe(_ sample: UInt64, at now: UInt64) {
        let present = self.value(at: now)
        // A tenth of the way down, all of the way up.
        self.nanoseconds = max(Double(sample), present * 0.9 + Double(sample) * 0.1)
        self.at = now
    }
}
