import Contract
import GatewayTestSupport
import Identity
import Testing

@testable import Routing

@Suite struct StrategyTests {
    private static let second: UInt64 = 1_000_000_000

    /// The key of a session.
    private static func key(_ session: UInt64) -> UInt64 {
        var generator = SeededGenerator(seed: session)
        return generator.next()
    }

    private func first(
        _ group: Group,
        _ health: HealthBoard = HealthBoard(),
        random: UInt64,
        affinity: UInt64? = nil,
        now: UInt64 = 0
    ) -> String? {
        RoutePlanner.plan(
            group,
            dialect: .openAIChat,
            health: health,
            RoutePlanner.Circumstances(monotonicNow: now, random: random, affinity: affinity)
        ).candidates.first?.target.id.text
    }

    private func three(_ weights: [Int] = [1, 1, 1], strategy: GroupRecord.Strategy = .weighted) throws -> Group {
        try ExampleTable.group(
            [
                try TargetRecord.example("a", "acme", "m", weight: weights[0]),
                try TargetRecord.example("b", "other", "m", weight: weights[1]),
                try TargetRecord.example("c", "acme", "n", weight: weights[2]),
            ],
            strategy: strategy
        )
    }

    @Test func `a session keeps its target, and sessions are spread by weight`() throws {
        let group = try self.three([1, 2, 7])
        var counts: [String: Int] = [:]
        for session in 0..<4000 {
            let key = Self.key(UInt64(session))
            let target = self.first(group, random: 1, affinity: key) ?? ""
            #expect(self.first(group, random: UInt64(session), affinity: key) == target)
            counts[target, default: 0] += 1
        }
        #expect((330...470).contains(counts["a"] ?? 0))
        #expect((720...880).contains(counts["b"] ?? 0))
        #expect((2700...2900).contains(counts["c"] ?? 0))
    }

    @Test func `a target that goes moves only its own sessions`() throws {
        let all = try self.three()
        let two = try ExampleTable.group([
            try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m"),
        ])
        for session in 0..<500 {
            let key = Self.key(UInt64(session))
            guard let before = self.first(all, random: 1, affinity: key), before != "c" else { continue }
            #expect(self.first(two, random: 1, affinity: key) == before)
        }
    }

    @Test func `a session whose target failed goes elsewhere until it is back`() throws {
        let group = try self.three()
        let key = Self.key(7)
        let own = try #require(self.first(group, random: 1, affinity: key))
        let target = try #require(group.targets.first { $0.id.text == own })
        var board = HealthBoard()
        let health = Candidate(target: target, dialect: .openAIChat).healthKey
        for _ in 0..<3 { board.ended(health, .fault, at: 0, jitter: 0) }
        #expect(self.first(group, board, random: 1, affinity: key) != own)
        #expect(self.first(group, board, random: 1, affinity: key, now: Self.second) == own)
    }

    @Test func `the quicker target gets most of the traffic, and all get some`() throws {
        let group = try self.three(strategy: .leastLatency)
        var board = HealthBoard()
        let latencies: [String: UInt64] = ["a": 100, "b": 200, "c": 900]
        var counts: [String: Int] = [:]
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<3000 {
            let name = try #require(self.first(group, board, random: generator.next()))
            let target = try #require(group.targets.first { $0.id.text == name })
            let key = Candidate(target: target, dialect: .openAIChat).healthKey
            board.began(key, at: 0)
            board.ended(key, .success, firstEvent: (latencies[name] ?? 0) * 1_000_000, at: 0, jitter: 0)
            counts[name, default: 0] += 1
        }
        // Of two drawn the quicker: 5/9, 3/9 and 1/9.
        #expect((counts["a"] ?? 0) > (counts["b"] ?? 0) && (counts["b"] ?? 0) > (counts["c"] ?? 0))
        #expect((counts["a"] ?? 0) > 1500 && (counts["c"] ?? 0) > 0)
    }

    @Test func `what is in hand weighs like slowness`() throws {
        let group = try ExampleTable.group(
            [try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m")],
            strategy: .leastLatency
        )
        var board = HealthBoard()
        for target in group.targets {
            let key = Candidate(target: target, dialect: .openAIChat).healthKey
            board.ended(key, .success, firstEvent: 100_000_000, at: 0, jitter: 0)
        }
        let busy = Candidate(target: group.targets[0], dialect: .openAIChat).healthKey
        for _ in 0..<5 { board.began(busy, at: 0) }
        for seed in 0..<50 { #expect(self.first(group, board, random: UInt64(seed)) == "b") }
    }

    @Test func `a price is known when both its parts are, and 0 is a price`() {
        let price = TargetPrice(input: 3_000_000, output: 15_000_000)
        #expect(price.cost(inputTokens: 10, outputTokens: 2) == 60_000_000)
        #expect(TargetPrice(input: 0, output: 0).cost(inputTokens: 10, outputTokens: 2) == 0)
        #expect(TargetPrice(input: nil, output: 1).cost(inputTokens: 10, outputTokens: 2) == nil)
    }

    @Test func `the cheapest comes first, and what has no price last`() throws {
        let records = [
            try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m"),
            try TargetRecord.example("c", "acme", "n"),
        ]
        let prices = [nil, TargetPrice(input: 9, output: 9), TargetPrice(input: 1, output: 2)]
        let targets = try ExampleTable.group(records).targets.enumerated().map { position, target in
            Target(
                records[position],
                position: position,
                provider: target.provider,
                model: target.model,
                groupTimeouts: TimeoutRecord(),
                price: prices[position]
            )
        }
        let group = Group(
            GroupRecord(id: try Example.slug("g"), strategy: .leastCost, targets: records),
            targets: targets
        )
        let plan = RoutePlanner.plan(group, dialect: .openAIChat, RoutePlanner.Circumstances(random: 1))
        #expect(plan.candidates.map(\.target.id.text) == ["c", "b", "a"])
    }

    @Test func `a session keeps its target among those that cost the same`() throws {
        let group = try self.three([1, 2, 7], strategy: .leastCost)
        var counts: [String: Int] = [:]
        for session in 0..<2000 {
            let key = Self.key(UInt64(session))
            let target = self.first(group, random: 1, affinity: key) ?? ""
            #expect(self.first(group, random: UInt64(session), affinity: key) == target)
            counts[target, default: 0] += 1
        }
        #expect((150...250).contains(counts["a"] ?? 0) && (1300...1500).contains(counts["c"] ?? 0))
    }

    @Test func `who failed lately comes last, and is better than nobody`() throws {
        let group = try self.three()
        var board = HealthBoard()
        for (index, target) in group.targets.enumerated() {
            let key = Candidate(target: target, dialect: .openAIChat).healthKey
            for _ in 0..<3 { board.ended(key, .fault, at: UInt64(index) * Self.second / 2, jitter: 0) }
        }
        let plan = RoutePlanner.plan(
            group,
            dialect: .openAIChat,
            health: board,
            RoutePlanner.Circumstances(monotonicNow: Self.second / 4, random: 1)
        )
        #expect(plan.candidates.map(\.target.id.text) == ["a", "b", "c"])
    }

    @Test func `when all asked to be left alone there is a time to come back, and no candidate`() throws {
        let group = try self.three()
        var board = HealthBoard()
        for (index, target) in group.targets.enumerated() {
            let key = Candidate(target: target, dialect: .openAIChat).healthKey
            board.ended(key, .rateLimited(retryAfter: 10 + index), at: 0, jitter: 0)
        }
        let plan = RoutePlanner.plan(
            group,
            dialect: .openAIChat,
            health: board,
            RoutePlanner.Circumstances(monotonicNow: Self.second, random: 1)
        )
        #expect(plan.candidates.isEmpty)
        #expect(plan.heldFor == 9 * Self.second)
        #expect(plan.refused.map(\.reason.code) == ["cooling-down", "cooling-down", "cooling-down"])
    }

    /// The figure, in the core's own time: a hundred requests a second for a hundred seconds, the first of two
    /// targets dead.
    @Test func `a dead target costs next to nothing after its first seconds`() throws {
        let group = try ExampleTable.group([
            try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m"),
        ])
        var board = HealthBoard()
        var generator = SeededGenerator(seed: 3)
        var late = 0
        for request in 0..<10_000 {
            let now = UInt64(request) * Self.second / 100
            let plan = RoutePlanner.plan(
                group,
                dialect: .openAIChat,
                health: board,
                RoutePlanner.Circumstances(monotonicNow: now, random: generator.next())
            )
            for candidate in plan.candidates {
                let isDead = candidate.target.id.text == "a"
                board.began(candidate.healthKey, at: now)
                board.ended(candidate.healthKey, isDead ? .fault : .success, at: now, jitter: generator.next())
                if isDead, now > 10 * Self.second { late += 1 }
                if !isDead { break }
            }
        }
        #expect(late <= 10)
    }

    @Test func `repeats in vain are a fifth of the requests at most`() {
        var budget = RetryBudget()
        var repeats = 0
        for _ in 0..<10_000 {
            budget.began(at: 0)
            for _ in 0..<2 where budget.allowsRetry {
                repeats += 1
                budget.retryFailed()
            }
        }
        #expect((2000...2010).contains(repeats))
    }

    @Test func `a quiet node may ask again once in a second`() {
        var budget = RetryBudget()
        func useUp() -> Int {
            var repeats = 0
            while budget.allowsRetry {
                repeats += 1
                budget.retryFailed()
            }
            return repeats
        }
        _ = useUp()
        let repeats = (UInt64(1)...100).map { second in
            budget.began(at: second * Self.second)
            return useUp()
        }
        #expect((100...120).contains(repeats.reduce(0, +)))
        budget.began(at: 100_000 * Self.second)
        #expect(useUp() == 10)
    }
}
