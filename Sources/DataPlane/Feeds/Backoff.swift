/// How long to wait after failures in a row: exponential with full jitter, so that a fleet does not return at once.
///
/// The wait is uniform between 0 and `min(cap, base · 2^(n-1))`:
///
/// | failures n | longest wait with base 500 ms and cap 30 s |
/// |---|---|
/// | 1 | 0.5 s |
/// | 2 | 1 s |
/// | 4 | 4 s |
/// | 7 and more | 30 s |
package struct Backoff: Hashable, Sendable {
    /// Milliseconds.
    package let base: Int
    /// Milliseconds.
    package let cap: Int

    package init(base: Int = 500, cap: Int = 30_000) {
        self.base = max(1, base)
        self.cap = max(1, cap)
    }

    /// Milliseconds to wait after `failures` in a row; `random` is 64 uniform bits.
    package func delay(failures: Int, random: UInt64) -> Int {
        guard failures > 0 else { return 0 }
        // 2^40 ms are 35 years: far above any cap, far below an overflow with it.
        let factor = 1 << min(failures - 1, 40)
        let (product, overflow) = self.base.multipliedReportingOverflow(by: factor)
        let limit = overflow ? self.cap : min(self.cap, product)
        return Int(random % UInt64(limit + 1))
    }
}
