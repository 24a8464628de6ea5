import Feeds
import GatewayTestSupport
import Testing

@Suite struct BackoffTests {
    /// `min(30 000, 500 · 2^(n-1))`, and the highest chance always gives just that.
    @Test(arguments: [
        (0, 0), (1, 500), (2, 1000), (3, 2000), (4, 4000), (5, 8000), (6, 16_000), (7, 30_000), (8, 30_000),
        (63, 30_000), (64, 30_000), (1_000_000, 30_000),
    ])
    func `the longest wait doubles up to the cap`(failures: Int, longest: Int) {
        let backoff = Backoff()
        #expect(backoff.delay(failures: failures, random: UInt64(longest)) == longest)
        #expect(backoff.delay(failures: failures, random: 0) == 0)
        // One more wraps around: nothing longer is possible.
        #expect(backoff.delay(failures: failures, random: UInt64(longest) + 1) == 0)
    }

    @Test func `waits spread over the whole range`() {
        var generator = SeededGenerator(seed: 1)
        let waits = (0..<1000).map { _ in Backoff().delay(failures: 3, random: generator.next()) }
        #expect(waits.allSatisfy { (0...2000).contains($0) })
        #expect((waits.min() ?? 2000) < 50 && (waits.max() ?? 0) > 1950)
    }

    @Test func `absurd figures do not overflow`() {
        let backoff = Backoff(base: Int.max, cap: Int.max - 1)
        #expect(backoff.delay(failures: 60, random: UInt64.max) >= 0)
        #expect(Backoff(base: 0, cap: -5).delay(failures: 3, random: 1) <= 1)
    }
}
