import Catalog
import Testing

@Suite struct UnansweredProbeTests {
    private static let week = 7 * 86_400_000

    @Test(arguments: [(1, 5), (2, 10), (3, 20), (4, 40), (8, 640), (9, 1280), (10, 1440), (11, 1440), (.max, 1440)])
    func `what was asked about in vain is asked about again soon, and then less and less`(times: Int, minutes: Int) {
        let probe = UnansweredProbe(askedAt: 1000, times: times)
        #expect(probe.dueAt(lifetime: Self.week) == 1000 + minutes * 60_000)
    }

    @Test func `evidence that lasts an hour is not waited for until it is over`() {
        #expect(UnansweredProbe(askedAt: 0, times: 9).dueAt(lifetime: 3_600_000) == 3_600_000 / 7)
    }
}
