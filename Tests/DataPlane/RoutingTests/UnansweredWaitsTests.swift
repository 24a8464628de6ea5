import Testing

@testable import Routing

/// When those who left with nothing tell that a target hangs.
@Suite struct UnansweredWaitsTests {
    private static let second: UInt64 = 1_000_000_000

    /// Which of callers that left with nothing tell that it hangs; times are in seconds.
    private func verdicts(_ waits: [(from: Double, to: Double)], stream: Bool = true) -> [Bool] {
        var all = UnansweredWaits()
        let patience = UnansweredWaits.patience(stream: stream, firstByte: 600 * Self.second)
        return waits.map {
            all.left(since: UInt64($0.from * 1e9), at: UInt64($0.to * 1e9), patience: patience)
        }
    }

    @Test func `one caller that waited long enough is enough, and one that did not is not`() {
        #expect(self.verdicts([(100, 111)]) == [true])
        #expect(self.verdicts([(100, 109)]) == [false])
    }

    @Test func `impatient callers one after the other find out together`() {
        let waits = (0..<9).map { (from: 100 + Double($0) * 2, to: 101.5 + Double($0) * 2) }
        #expect(self.verdicts(waits) == Array(repeating: false, count: 6) + [true, true, true])
    }

    @Test func `callers that leave at once never do`() {
        #expect(!self.verdicts((0..<1000).map { (100 + Double($0), 100.9 + Double($0)) }).contains(true))
    }

    @Test func `waits at the same time count once`() {
        #expect(self.verdicts((0..<100).map { _ in (100, 105) }) == Array(repeating: false, count: 100))
        #expect(self.verdicts([(100, 106), (102, 108), (104, 111)]) == [false, false, true])
        #expect(self.verdicts([(100, 111), (102, 109)]) == [true, true])
    }

    @Test func `a whole answer may take minutes`() {
        #expect(self.verdicts([(100, 390)], stream: false) == [false])
        #expect(self.verdicts([(100, 401)], stream: false) == [true])
    }

    @Test func `what was long ago is forgotten`() {
        #expect(self.verdicts([(100, 109), (410, 418)]) == [false, false])
        #expect(self.verdicts([(100, 109), (390, 398)]) == [false, true])
    }

    @Test func `no target has longer than its own limit for the first byte`() {
        #expect(UnansweredWaits.patience(stream: true, firstByte: 2 * Self.second) == 2 * Self.second)
        #expect(UnansweredWaits.patience(stream: false, firstByte: 30 * Self.second) == 30 * Self.second)
        #expect(UnansweredWaits.patience(stream: true, firstByte: .max) == 10 * Self.second)
    }
}
