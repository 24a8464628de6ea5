import Contract
import GatewayTestSupport
import Identity
import Testing

@testable import Routing

/// Who is asked when who was asked before failed.
@Suite struct FailoverTests {
    private static let second: UInt64 = 1_000_000_000

    /// Providers `acme` and `other` with the models `m` and `n` each.
    private func table(_ targets: [TargetRecord], enabled: Bool = true) throws -> RoutingTable {
        let body = SnapshotBody(
            deployment: try Example.slug("metrum"),
            providers: [
                try ProviderRecord.example("acme", authentication: .none),
                try ProviderRecord.example("other", authentication: .none, enabled: enabled),
            ],
            models: try ["acme", "other"].flatMap { provider in
                try ["m", "n"].map { try ModelRecord.example($0, of: provider) }
            },
            groups: [GroupRecord(id: try Example.slug("g"), strategy: .priority, targets: targets)]
        )
        return try RoutingTable(body, secrets: SecretsBundle(peppers: [:], providerSecrets: [:]))
    }

    /// Four candidates, of four models.
    private func candidates() throws -> [Candidate] {
        let targets = [
            try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m"),
            try TargetRecord.example("c", "acme", "n"), try TargetRecord.example("d", "other", "n"),
        ]
        let group = try #require(try self.table(targets).group("g"))
        let plan = RoutePlanner.plan(group, dialect: .openAIChat, RoutePlanner.Circumstances(random: 1))
        try #require(plan.candidates.map(\.target.id.text) == ["a", "b", "c", "d"])
        return plan.candidates
    }

    private func next(_ rest: ArraySlice<Candidate>, _ board: HealthBoard, hasBudget: Bool = true, at now: UInt64 = 0)
        -> String?
    {
        RoutePlanner.next(among: rest, health: board, hasBudget: hasBudget, at: now).map { rest[$0].target.id.text }
    }

    @Test func `who asked for a pause meanwhile is not asked, and who failed meanwhile is asked last`() throws {
        let all = try self.candidates()
        var board = HealthBoard()
        #expect(self.next(all[1...], board) == "b")
        board.ended(all[1].healthKey, .rateLimited(retryAfter: 600), at: 0, jitter: 0)
        for _ in 0..<3 { board.ended(all[2].healthKey, .fault, at: 0, jitter: 0) }
        #expect(self.next(all[1...], board) == "d")
        #expect(self.next(all[1...2], board) == "c")
        #expect(self.next(all[1...1], board) == nil)
        #expect(self.next(all[1...1], board, at: 600 * Self.second) == "b")
    }

    @Test func `without a budget only those are asked that have not failed since they answered`() throws {
        let all = try self.candidates()
        var board = HealthBoard()
        for failed in [1, 2] {
            board.began(all[failed].healthKey, at: 0)
            board.ended(all[failed].healthKey, .fault, since: 0, at: 0, jitter: 0)
        }
        #expect(self.next(all[1...], board, hasBudget: true) == "b")
        #expect(self.next(all[1...], board, hasBudget: false) == "d")
        #expect(self.next(all[1...2], board, hasBudget: false) == nil)
        board.began(all[2].healthKey, at: 1)
        board.answered(all[2].healthKey, since: 1, at: 2)
        board.ended(all[2].healthKey, .neutral, since: 1, wasAnswered: true, at: 3, jitter: 0)
        #expect(self.next(all[1...2], board, hasBudget: false) == "c")
    }

    /// What a node does with requests that all come at once, as their attempts end one after the other.
    private func retries(of requests: Int, healthy: Set<String>) throws -> (answered: Int, asked: Int) {
        var all = try self.candidates()
        all.removeLast()
        var board = HealthBoard()
        var budget = RetryBudget()
        var running = (0..<requests).map { _ in (candidate: all[0], rest: all[1...]) }
        for _ in running {
            budget.began(at: 0)
            board.began(all[0].healthKey, at: 0)
        }
        var (answered, asked, now) = (0, requests, UInt64(0))
        while !running.isEmpty {
            let begun = now
            now += Self.second
            var again: [(candidate: Candidate, rest: ArraySlice<Candidate>)] = []
            for (candidate, rest) in running {
                let isHealthy = healthy.contains(candidate.target.id.text)
                board.ended(candidate.healthKey, isHealthy ? .success : .fault, since: begun, at: now, jitter: 0)
                if isHealthy { answered += 1 }
                guard !isHealthy else { continue }
                if rest.count < 2 { budget.retryFailed() }
                guard
                    let index = RoutePlanner.next(
                        among: rest,
                        health: board,
                        hasBudget: budget.allowsRetry,
                        at: now
                    )
                else { continue }
                var left = rest
                let chosen = left.remove(at: index)
                board.began(chosen.healthKey, at: now)
                asked += 1
                again.append((chosen, left))
            }
            running = again
        }
        return (answered, asked)
    }

    @Test func `a healthy third target answers all that two dead ones before it did not`() throws {
        #expect(try self.retries(of: 40, healthy: ["c"]).answered == 40)
    }

    @Test func `when all fail one after the other, repeats are a fifth of the requests`() throws {
        let all = try self.candidates()
        var board = HealthBoard()
        var budget = RetryBudget()
        var repeats = 0
        for request in 0..<5_000 {
            let now = UInt64(request) * 1_000_000
            budget.began(at: now)
            var rest = all[...]
            var isFirst = true
            while let index = isFirst
                ? rest.startIndex
                : RoutePlanner.next(among: rest, health: board, hasBudget: budget.allowsRetry, at: now),
                rest.indices.contains(index)
            {
                let candidate = rest.remove(at: index)
                board.began(candidate.healthKey, at: now)
                board.ended(candidate.healthKey, .fault, since: now, at: now, jitter: 0)
                if !isFirst {
                    repeats += 1
                    budget.retryFailed()
                }
                isFirst = false
            }
        }
        #expect((1000...1020).contains(repeats))
    }

    @Test func `what a newer snapshot has no more or switched off is not offered`() throws {
        let all = try self.candidates()
        let group = try #require(try self.table([]).group("g"))
        let newest = try self.table([
            try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m", enabled: false),
            try TargetRecord.example("c", "acme", "m"),
        ])
        #expect(all.filter { newest.offers($0, in: group) }.map(\.target.id.text) == ["a"])
        let off = try self.table(
            [try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m")],
            enabled: false
        )
        #expect(all.filter { off.offers($0, in: group) }.map(\.target.id.text) == ["a"])
    }
}
