import Exchange
import Routing
import Testing

/// What failures say about a target's health.
@Suite struct AttemptOutcomeTests {
    /// A request whose attempts began at these times.
    private static func record(_ starts: [UInt64], stream: Bool = false) -> RequestRecord {
        var record = RequestRecord(requestID: "r", startedAt: 0)
        record.stream = stream
        record.tries = starts.map {
            AttemptRecord(position: 0, target: "t", provider: "p", model: "m", dialect: "d", startedAt: $0)
        }
        return record
    }

    private static func total(_ record: RequestRecord) -> AttemptOutcome {
        AttemptFailure.timeout(.total).outcome(in: record, at: 100)
    }

    @Test func `who says nothing for the whole time of a request is at fault`() {
        #expect(Self.total(Self.record([0])) == .fault)
        #expect(Self.total(Self.record([0], stream: true)) == .fault)
        #expect(Self.total(Self.record([0, 1])) == .fault)
    }

    @Test func `who had only what others left of the time is not`() {
        #expect(Self.total(Self.record([0, 90])) == .neutral)
        #expect(Self.total(Self.record([])) == .neutral)
    }

    @Test(arguments: [false, true])
    func `a long answer is no fault, and a head alone is no answer`(_ stream: Bool) {
        var record = Self.record([0], stream: stream)
        record.tries[0].firstByteAt = 20
        #expect(Self.total(record) == .fault)
        record.tries[0].firstEventAt = 30
        #expect(Self.total(record) == .neutral)
    }

    @Test func `a request beyond a provider's limits says nothing about it`() {
        let failure = AttemptFailure.status(413, retryAfter: nil)
        #expect(failure.outcome(in: Self.record([0]), at: 100) == .neutral)
        #expect(failure.mayFailOver)
    }

    @Test(arguments: [503, 529])
    func `an overload without a time is a fault`(_ status: Int) {
        func outcome(_ retryAfter: Int?) -> AttemptOutcome {
            AttemptFailure.status(status, retryAfter: retryAfter).outcome(in: Self.record([0]), at: 100)
        }
        #expect(outcome(nil) == .fault && outcome(0) == .fault)
        #expect(outcome(5) == .rateLimited(retryAfter: 5))
    }

    @Test func `the other limits are the target's`() {
        for limit in [AttemptFailure.Limit.connect, .firstByte, .idle] {
            #expect(AttemptFailure.timeout(limit).outcome(in: Self.record([0]), at: 100) == .fault)
        }
    }
}
