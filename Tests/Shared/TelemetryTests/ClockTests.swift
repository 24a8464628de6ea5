import Telemetry
import Testing

@Suite struct ClockTests {
    @Test func `the clocks run`() {
        let first = MonotonicClock.now()
        #expect(MonotonicClock.now() >= first)
        // After this was written, and before the year 2100.
        #expect((1_795_000_000_000..<4_102_444_800_000).contains(WallClock.now()))
    }
}
