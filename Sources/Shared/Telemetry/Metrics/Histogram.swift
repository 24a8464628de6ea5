import Synchronization

/// How often a measure fell into each of some fixed ranges.
package final class Histogram: Sendable {
    /// Upper bounds in seconds for everything that waits for a model: from a cached answer to a long agent turn.
    package static let latencyBuckets: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600,
    ]

    /// Rising upper bounds, each included in its range; a last range without a bound follows.
    let bounds: [Double]
    private let counters: [Counter]
    /// The bits of a `Double`: the standard library has no atomic one.
    private let sumBits = Atomic<UInt64>(0)

    init(bounds: [Double]) {
        self.bounds = bounds
        self.counters = (0...bounds.count).map { _ in Counter() }
    }

    /// Counts a measure; NaN and the infinities are ignored, which no sum would survive.
    package func observe(_ value: Double) {
        guard value.isFinite else { return }
        // Most measures are small: a walk finds their range sooner than a halving of fewer than 20 bounds.
        let index = self.bounds.firstIndex { value <= $0 } ?? self.bounds.count
        self.counters[index].add()
        var bits = self.sumBits.load(ordering: .relaxed)
        while true {
            let sum = Double(bitPattern: bits) + value
            let (isExchanged, original) = self.sumBits.weakCompareExchange(
                expected: bits,
                desired: sum.bitPattern,
                ordering: .relaxed
            )
            if isExchanged { return }
            bits = original
        }
    }

    /// Counts a duration in seconds.
    package func observe(nanoseconds: UInt64) {
        self.observe(Double(nanoseconds) / 1e9)
    }

    package var sum: Double { Double(bitPattern: self.sumBits.load(ordering: .relaxed)) }

    /// For each bound and then without one: how many measures were not above it.
    package var cumulativeCounts: [Int] {
        var total = 0
        return self.counters.map { counter in
            total += counter.value
            return total
        }
    }

    package var count: Int { self.cumulativeCounts.last ?? 0 }
}
