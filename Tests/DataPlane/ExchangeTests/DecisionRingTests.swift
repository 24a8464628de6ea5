import Exchange
import Identity
import Testing

/// What is remembered of requests, and for how long.
@Suite struct DecisionRingTests {
    private func decision(_ number: UInt64, good: Bool = true, endedAt: Int = 0) -> Decision {
        let id = RequestID(milliseconds: 1, random: (0, number << 8))
        var record = RequestRecord(requestID: id.description, startedAt: 0)
        record.status = good ? 200 : 502
        record.complete = good
        record.tries = [
            AttemptRecord(position: 0, target: "t", provider: "p", model: "m", dialect: "openai-chat", startedAt: 0)
        ]
        return Decision(id: id, record: record, endedAt: endedAt)
    }

    @Test func `a decision is told by the request's id`() {
        var ring = DecisionRing(capacity: 3)
        for number in UInt64(0)..<3 { ring.add(self.decision(number)) }
        for number in UInt64(0)..<3 {
            let decision = self.decision(number)
            #expect(ring.decision(on: decision.id, now: 1) == decision)
        }
        #expect(ring.decision(on: self.decision(3).id, now: 1) == nil)
    }

    @Test func `the oldest makes place for the latest`() {
        var ring = DecisionRing(capacity: 3)
        for number in UInt64(0)..<7 { ring.add(self.decision(number)) }
        let known = (UInt64(0)..<7).map { ring.decision(on: self.decision($0).id, now: 0) != nil }
        #expect(known == [false, false, false, false, true, true, true])
    }

    @Test func `good requests push out none that went wrong`() {
        var ring = DecisionRing(capacity: 2)
        ring.add(self.decision(0, good: false))
        for number in UInt64(1)..<9 { ring.add(self.decision(number)) }
        #expect(ring.decision(on: self.decision(0).id, now: 0) != nil)
    }

    @Test func `after a quarter of an hour nothing is told`() {
        var ring = DecisionRing(capacity: 2)
        let decision = self.decision(0, endedAt: 1_000)
        ring.add(decision)
        #expect(ring.decision(on: decision.id, now: 901_000) != nil)
        #expect(ring.decision(on: decision.id, now: 901_001) == nil)
        ring.expire(now: 901_001)
        #expect(ring.decision(on: decision.id, now: 1_000) == nil)
    }
}
