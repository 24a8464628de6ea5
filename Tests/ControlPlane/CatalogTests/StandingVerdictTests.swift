import Catalog
import Contract
import Testing

struct StandingVerdictTests {
    private static let day = 86_400_000
    private static let now = 100 * StandingVerdictTests.day

    private static func evidence(
        _ verdict: EvidenceRecord.Verdict,
        at time: Int = StandingVerdictTests.now,
        probe: Int = 1
    ) -> StandingEvidence {
        StandingEvidence(
            verdict: verdict,
            observedAt: time,
            expiresAt: time + 7 * StandingVerdictTests.day,
            probeVersion: probe
        )
    }

    /// One row of the table: what stands, how long ago it flipped, how often it was contradicted, what is seen.
    struct Case: Sendable {
        let stands: EvidenceRecord.Verdict
        var flippedDaysAgo: Double?
        var contrary = 0
        let seen: EvidenceRecord.Verdict
        var failures = 0
        let then: EvidenceRecord.Verdict
        let change: StandingVerdict.Change
    }

    @Test(arguments: [
        Case(stands: .passed, seen: .passed, then: .passed, change: .renewed),
        // One failed attempt among several still passes; it is the probe that judges.
        Case(stands: .passed, contrary: 1, seen: .passed, failures: 1, then: .passed, change: .renewed),
        Case(stands: .failed, seen: .failed, failures: 3, then: .failed, change: .renewed),
        Case(stands: .passed, seen: .failed, failures: 2, then: .failed, change: .flipped),
        Case(stands: .passed, seen: .failed, failures: 1, then: .passed, change: .doubted),
        Case(stands: .passed, contrary: 1, seen: .failed, failures: 1, then: .failed, change: .flipped),
        Case(stands: .failed, seen: .passed, then: .passed, change: .flipped),
        Case(stands: .failed, flippedDaysAgo: 2, seen: .passed, then: .passed, change: .flipped),
        Case(stands: .failed, flippedDaysAgo: 0.5, seen: .passed, then: .failed, change: .doubted),
        Case(stands: .failed, flippedDaysAgo: 0.5, contrary: 1, seen: .passed, then: .passed, change: .flipped),
        // However often it flapped: what was seen to fail for sure is told at once.
        Case(stands: .passed, flippedDaysAgo: 0.1, seen: .failed, failures: 3, then: .failed, change: .flipped),
    ])
    func `a verdict turns over when it is sure`(_ row: Case) {
        let day = Double(StandingVerdictTests.day)
        let before = StandingVerdict(
            evidence: StandingVerdictTests.evidence(
                row.stands,
                at: StandingVerdictTests.now - StandingVerdictTests.day
            ),
            lookedAt: StandingVerdictTests.now - 1,
            flippedAt: row.flippedDaysAgo.map { StandingVerdictTests.now - Int($0 * day) },
            contrary: row.contrary
        )
        let seen = StandingVerdictTests.evidence(row.seen)
        let (after, change) = StandingVerdict.after(seen, failures: row.failures, before: before)
        #expect(after.evidence.verdict == row.then)
        #expect(change == row.change)
        #expect(after.lookedAt == StandingVerdictTests.now)
        switch change {
        case .doubted: #expect((after.evidence, after.contrary) == (before.evidence, row.contrary + 1))
        case .flipped: #expect((after.evidence, after.flippedAt, after.contrary) == (seen, StandingVerdictTests.now, 0))
        case .renewed, .first: #expect((after.evidence, after.flippedAt, after.contrary) == (seen, before.flippedAt, 0))
        }
    }

    @Test(arguments: EvidenceRecord.Verdict.allCases)
    func `the first that is seen stands, and what is seen after the last expired`(
        _ verdict: EvidenceRecord.Verdict
    ) {
        let seen = StandingVerdictTests.evidence(verdict)
        let first = StandingVerdict.after(seen, failures: 1, before: nil)
        #expect(first.change == .first && first.verdict.evidence == seen)
        let old = StandingVerdictTests.evidence(.passed, at: StandingVerdictTests.now - 7 * StandingVerdictTests.day)
        let expired = StandingVerdict(evidence: old, lookedAt: 1, flippedAt: 1, contrary: 0)
        #expect(StandingVerdict.after(seen, failures: 1, before: expired).change == .first)
    }

    @Test func `what another probe found is no reason to doubt`() {
        let before = StandingVerdict(evidence: StandingVerdictTests.evidence(.passed, probe: 1), lookedAt: 1)
        let seen = StandingVerdictTests.evidence(.failed, probe: 2)
        let (after, change) = StandingVerdict.after(seen, failures: 1, before: before)
        #expect(change == .first && after.evidence == seen)
    }

    @Test func `a target that fails every other time ends as failed, with one flip`() {
        var standing: StandingVerdict?
        var flips = 0
        for step in 0..<20 {
            let time = StandingVerdictTests.now + step * 60_000
            let isGood = step.isMultiple(of: 2)
            let seen = StandingVerdictTests.evidence(isGood ? .passed : .failed, at: time)
            let (after, change) = StandingVerdict.after(seen, failures: isGood ? 0 : 3, before: standing)
            standing = after
            if change == .flipped { flips += 1 }
        }
        #expect(flips == 1)
        #expect(standing?.evidence.verdict == .failed)
    }

    @Test func `it is looked at again before it expires, and soon when it is in doubt`() {
        let evidence = StandingVerdictTests.evidence(.passed)
        let week = 7 * StandingVerdictTests.day
        let sure = StandingVerdict(evidence: evidence, lookedAt: StandingVerdictTests.now)
        #expect(sure.dueAt(lifetime: week) == evidence.expiresAt - week / 5)
        let failed = StandingVerdict(
            evidence: StandingVerdictTests.evidence(.failed),
            lookedAt: StandingVerdictTests.now
        )
        #expect(failed.dueAt(lifetime: week) == StandingVerdictTests.now + StandingVerdictTests.day)
        let doubted = StandingVerdict(evidence: evidence, lookedAt: StandingVerdictTests.now, contrary: 1)
        #expect(doubted.dueAt(lifetime: week) == StandingVerdictTests.now + 60_000)
    }
}
