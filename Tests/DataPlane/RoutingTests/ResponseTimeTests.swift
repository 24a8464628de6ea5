import Contract
import GatewayTestSupport
import Identity
import Testing

@testable import Routing

/// Who is quick, by what it answered and by what it owes.
@Suite struct ResponseTimeTests {
    private static let second: UInt64 = 1_000_000_000
    private static let millisecond: UInt64 = 1_000_000

    private func pair() throws -> (Group, quick: HealthKey, silent: HealthKey) {
        let group = try ExampleTable.group(
            [try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m")],
            strategy: .leastLatency
        )
        let keys = group.targets.map { Candidate(target: $0, dialect: .openAIChat).healthKey }
        return (group, keys[0], keys[1])
    }

    /// How many of these requests go to `b`, which says nothing; `a` answers in 50 ms.
    private func askedOfSilent(_ group: Group, _ board: inout HealthBoard, at times: [UInt64]) -> Int {
        var generator = SeededGenerator(seed: 11)
        var asked = 0
        for now in times {
            let candidate = RoutePlanner.plan(
                group,
                dialect: .openAIChat,
                health: board,
                RoutePlanner.Circumstances(monotonicNow: now, random: generator.next())
            ).candidates.first
            guard let candidate else { continue }
            board.began(candidate.healthKey, at: now)
            guard candidate.target.id.text == "a" else {
                asked += 1
                continue
            }
            board.ended(candidate.healthKey, .success, since: now, at: now + 50 * Self.millisecond, jitter: 0)
        }
        return asked
    }

    @Test func `a target that was never measured is tried once, and not again before it answers`() throws {
        let (group, quick, _) = try self.pair()
        var board = HealthBoard()
        board.began(quick, at: 0)
        board.ended(quick, .success, since: 0, at: 50 * Self.millisecond, jitter: 0)
        let times = (1...20).map { UInt64($0) * Self.second / 5 }
        #expect(self.askedOfSilent(group, &board, at: times) == 1)
    }

    @Test func `a target that was quick long ago is tried with one of many that come at once`() throws {
        let (group, quick, silent) = try self.pair()
        var board = HealthBoard()
        let later = 1000 * Self.second
        for (key, now) in [(silent, 0), (quick, later - Self.second)] {
            board.began(key, at: now)
            board.ended(key, .success, since: now, at: now + 50 * Self.millisecond, jitter: 0)
        }
        #expect(self.askedOfSilent(group, &board, at: Array(repeating: later, count: 40)) == 1)
        #expect(self.askedOfSilent(group, &board, at: (1...40).map { later + UInt64($0) * Self.second / 5 }) == 0)
    }

    @Test func `those that were never measured share what comes by what they have in hand`() throws {
        let (group, one, other) = try self.pair()
        var board = HealthBoard()
        for seed in 0..<40 {
            let plan = RoutePlanner.plan(
                group,
                dialect: .openAIChat,
                health: board,
                RoutePlanner.Circumstances(random: UInt64(seed))
            )
            guard let first = plan.candidates.first else { continue }
            board.began(first.healthKey, at: 0)
        }
        let counts = Dictionary(uniqueKeysWithValues: board.reports(at: 0).map { ($0.key, $0.inFlight) })
        #expect(counts == [one: 20, other: 20])
    }

    @Test func `who is waited for is as slow as the longest wait`() throws {
        let (_, key, _) = try self.pair()
        var board = HealthBoard()
        board.began(key, at: 0)
        board.answered(key, since: 0, at: 50 * Self.millisecond)
        board.ended(key, .success, since: 0, wasAnswered: true, at: Self.second, jitter: 0)
        for start in [UInt64(2), 9, 10] { board.began(key, at: start * Self.second) }
        #expect(board.cost(of: key, at: 10 * Self.second) >= 8e9)
        board.answered(key, since: 2 * Self.second, at: 11 * Self.second)
        board.answered(key, since: 9 * Self.second, at: 11 * Self.second)
        board.answered(key, since: 10 * Self.second, at: 11 * Self.second)
        #expect(board.cost(of: key, at: 21 * Self.second) < 4 * 5e9)
    }

    @Test func `a wait that was given up is remembered, and fades`() throws {
        let (_, key, _) = try self.pair()
        var board = HealthBoard()
        board.began(key, at: 0)
        board.ended(key, .neutral, since: 0, at: 10 * Self.second, jitter: 0)
        #expect(board.cost(of: key, at: 10 * Self.second) == 10e9)
        #expect(board.cost(of: key, at: 20 * Self.second) == 5e9)
        // Nothing was answered yet: the next one is a trial again.
        board.began(key, at: 20 * Self.second)
        #expect(board.cost(of: key, at: 20 * Self.second) > 1e14)
    }

    @Test func `a refusal that comes at once makes nobody quick`() throws {
        let (_, key, _) = try self.pair()
        var board = HealthBoard()
        board.began(key, at: 0)
        board.ended(key, .success, since: 0, at: 2 * Self.second, jitter: 0)
        board.began(key, at: 2 * Self.second)
        board.ended(key, .neutral, since: 2 * Self.second, at: 2 * Self.second + 1, jitter: 0)
        #expect(board.cost(of: key, at: 2 * Self.second + 1) > 1.9e9)
    }
}
