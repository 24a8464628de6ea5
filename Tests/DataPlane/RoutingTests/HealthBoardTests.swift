import Contract
import GatewayTestSupport
import Identity
import Testing

@testable import Routing

@Suite struct HealthBoardTests {
    static let second: UInt64 = 1_000_000_000

    private let key: HealthKey
    private let otherDialect: HealthKey
    private let otherModel: HealthKey

    init() throws {
        let acme = try Example.slug("acme")
        let model = try Example.slug("m")
        self.key = HealthKey(provider: acme, model: model, dialect: .openAIChat)
        self.otherDialect = HealthKey(provider: acme, model: model, dialect: .openAIResponses)
        self.otherModel = HealthKey(provider: acme, model: try Example.slug("n"), dialect: .openAIChat)
    }

    private func board(after outcomes: [AttemptOutcome], at now: UInt64 = 0) -> HealthBoard {
        var board = HealthBoard()
        for outcome in outcomes {
            board.began(self.key, at: now)
            board.ended(self.key, outcome, at: now, jitter: 0)
        }
        return board
    }

    @Test func `three faults in a row stop traffic, for this dialect only`() {
        #expect(self.board(after: [.fault, .fault]).verdict(on: self.key, at: 0) == .ready)
        let board = self.board(after: [.fault, .fault, .fault])
        #expect(board.verdict(on: self.key, at: 0) == .ejected(until: Self.second))
        #expect(board.verdict(on: self.otherDialect, at: 0) == .ready)
        #expect(board.verdict(on: self.otherModel, at: 0) == .ready)
    }

    @Test func `who is too slow for an impatient group is not so for the others, and is reported once`() throws {
        let targets = [try TargetRecord.example("a", "acme", "m")]
        func key(_ timeouts: TimeoutRecord) throws -> HealthKey {
            let group = try ExampleTable.group(targets, timeouts: timeouts)
            return Candidate(target: try #require(group.targets.first), dialect: .openAIChat).healthKey
        }
        let impatient = try key(TimeoutRecord(firstByte: 200))
        #expect(try key(TimeoutRecord(connect: 5, total: 300)) == self.key)
        var board = HealthBoard()
        board.began(self.key, at: 0)
        for _ in 0..<3 {
            board.began(impatient, at: 0)
            board.ended(impatient, .fault, at: 0, jitter: 0)
        }
        #expect(board.verdict(on: impatient, at: 0) == .ejected(until: Self.second))
        #expect(board.verdict(on: self.key, at: 0) == .ready)
        let report = HealthBoard.Report(key: self.key, verdict: .ejected(until: Self.second), inFlight: 1, waiting: 1)
        #expect(board.reports(at: 0) == [report])
        board.ended(impatient, .rateLimited(retryAfter: 9), at: 0, jitter: 0)
        #expect(board.verdict(on: self.key, at: 0) == .held(until: 9 * Self.second))
    }

    @Test func `a success between faults starts the count anew`() {
        let board = self.board(after: [.fault, .fault, .success, .fault, .fault])
        #expect(board.verdict(on: self.key, at: 0) == .ready)
    }

    @Test func `half of many being faults stops traffic too`() {
        let mixed = (0..<10).flatMap { _ in [AttemptOutcome.success, .fault] }
        #expect(self.board(after: mixed.dropLast(1)).verdict(on: self.key, at: 0) == .ready)
        #expect(self.board(after: mixed).verdict(on: self.key, at: 0) == .ejected(until: Self.second))
    }

    @Test func `what says nothing of a target changes nothing`() {
        let board = self.board(after: Array(repeating: .neutral, count: 100))
        #expect(board.verdict(on: self.key, at: 0) == .ready)
    }

    @Test func `one trial at a time goes through when the opening is over`() {
        var board = self.board(after: [.fault, .fault, .fault])
        #expect(board.verdict(on: self.key, at: Self.second - 1) == .ejected(until: Self.second))
        #expect(board.verdict(on: self.key, at: Self.second) == .ready)
        board.began(self.key, at: Self.second)
        #expect(board.verdict(on: self.key, at: Self.second) != .ready)
        board.ended(self.key, .success, at: Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: Self.second) == .ready)
        board.began(self.key, at: Self.second)
        #expect(board.verdict(on: self.key, at: Self.second) == .ready)
    }

    @Test func `a trial that takes long is followed by others, a few in all`() {
        var board = self.board(after: [.fault, .fault, .fault])
        var trials: [UInt64] = []
        for now in (10...600).map({ UInt64($0) * Self.second / 10 }) {
            guard board.verdict(on: self.key, at: now) == .ready else { continue }
            board.began(self.key, at: now)
            trials.append(now / Self.second)
        }
        #expect(trials == [1, 4, 7, 10])
        // The first verdict counts for all of them.
        board.ended(self.key, .success, since: 4 * Self.second, at: 61 * Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: 61 * Self.second) == .ready)
    }

    @Test func `of trials that run together one that fails opens it again, and the others change nothing`() {
        var board = self.board(after: [.fault, .fault, .fault])
        for start in [UInt64(1), 4] { board.began(self.key, at: start * Self.second) }
        board.ended(self.key, .fault, since: Self.second, at: 5 * Self.second, jitter: 0)
        board.ended(self.key, .success, since: 4 * Self.second, at: 6 * Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: 6 * Self.second) == .ejected(until: 7 * Self.second))
    }

    @Test func `a trial whose caller left makes room for another`() {
        var board = self.board(after: [.fault, .fault, .fault])
        board.began(self.key, at: Self.second)
        board.ended(self.key, .neutral, at: Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: Self.second) == .ready)
    }

    @Test func `each trial that fails doubles the wait, up to a minute, and a success forgets it`() {
        var board = self.board(after: [.fault, .fault, .fault])
        var now: UInt64 = 0
        var waits: [UInt64] = []
        for _ in 0..<8 {
            guard case .ejected(let until) = board.verdict(on: self.key, at: now) else { break }
            waits.append((until - now) / Self.second)
            now = until
            board.began(self.key, at: now)
            board.ended(self.key, .fault, at: now, jitter: 0)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60])
        guard case .ejected(let until) = board.verdict(on: self.key, at: now) else { return }
        board.began(self.key, at: until)
        board.ended(self.key, .success, at: until, jitter: 0)
        for _ in 0..<3 { board.ended(self.key, .fault, at: until, jitter: 0) }
        #expect(board.verdict(on: self.key, at: until) == .ejected(until: until + Self.second))
    }

    @Test func `a rate limit holds the model in all dialects, as long as it asks for`() {
        let board = self.board(after: [.rateLimited(retryAfter: 7)])
        #expect(board.verdict(on: self.key, at: 0) == .held(until: 7 * Self.second))
        #expect(board.verdict(on: self.otherDialect, at: 0) == .held(until: 7 * Self.second))
        #expect(board.verdict(on: self.otherModel, at: 0) == .ready)
        #expect(board.verdict(on: self.key, at: 7 * Self.second) == .ready)
    }

    @Test func `a provider is left alone for as long as it asks, a quarter of an hour at most`() {
        let board = self.board(after: [.rateLimited(retryAfter: 120)])
        #expect(board.verdict(on: self.key, at: 119 * Self.second) == .held(until: 120 * Self.second))
        for asked in [900, 3600, .max] {
            let board = self.board(after: [.rateLimited(retryAfter: asked)])
            #expect(board.verdict(on: self.key, at: 0) == .held(until: 900 * Self.second))
            #expect(board.verdict(on: self.key, at: 901 * Self.second) == .ready)
        }
    }

    @Test func `limits without a word of how long put the target behind the others, longer each time`() {
        var board = self.board(after: Array(repeating: .rateLimited(retryAfter: nil), count: 50))
        #expect(board.verdict(on: self.key, at: 0) == .ejected(until: Self.second))
        board.ended(self.key, .rateLimited(retryAfter: nil), at: Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: Self.second) == .ejected(until: 3 * Self.second))
        board.ended(self.key, .success, at: 3 * Self.second, jitter: 0)
        board.ended(self.key, .rateLimited(retryAfter: nil), at: 3 * Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: 3 * Self.second) == .ejected(until: 4 * Self.second))
    }

    @Test func `an answer that was under way before a pause does not end it`() {
        var board = HealthBoard()
        for outcome in [AttemptOutcome.rateLimited(retryAfter: 30), .quotaExhausted(retryAfter: 40), .accessDenied] {
            board.began(self.key, at: 10)
            board.ended(self.key, outcome, since: 10, at: 20, jitter: 0)
        }
        board.answered(self.key, since: 15, at: 25)
        board.ended(self.key, .success, since: 15, at: 30, jitter: 0)
        #expect(board.verdict(on: self.key, at: 40) == .held(until: 20 + 40 * Self.second))
        #expect(board.verdict(on: self.otherDialect, at: 40) == .held(until: 20 + 40 * Self.second))
        board.answered(self.key, since: 20, at: 40)
        #expect(board.verdict(on: self.key, at: 40) == .ready)
    }

    @Test func `refusals of what was under way before a pause do not make the next one longer`() {
        var board = self.board(after: [.rateLimited(retryAfter: nil)], at: 10)
        board.ended(self.key, .rateLimited(retryAfter: nil), since: 5, at: 2 * Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: 2 * Self.second) == .ready)
    }

    @Test func `an answer that was under way before an opening does not end it`() {
        var board = self.board(after: [.fault, .fault, .fault], at: 10)
        board.answered(self.key, since: 9, at: 11)
        board.ended(self.key, .success, since: 9, at: 12, jitter: 0)
        #expect(board.verdict(on: self.key, at: 12) == .ejected(until: 10 + Self.second))
        board.ended(self.key, .success, since: 11, at: 13, jitter: 0)
        #expect(board.verdict(on: self.key, at: 13) == .ready)
    }

    @Test func `what was under way before an opening and fails behind it changes nothing`() {
        var board = self.board(after: [.fault, .fault, .fault], at: 10)
        let late = 2 * Self.second
        board.began(self.key, at: late)
        for outcome in [AttemptOutcome.fault, .neutral] {
            board.ended(self.key, outcome, since: 9, at: late, jitter: 0)
            // The trial is still on its way: no second one.
            #expect(board.verdict(on: self.key, at: late) == .ejected(until: late))
        }
        board.ended(self.key, .fault, since: late, at: late, jitter: 0)
        #expect(board.verdict(on: self.key, at: late) == .ejected(until: late + 2 * Self.second))
    }

    @Test func `a trial is passed with the first event, and what breaks behind it is a fault all the same`() {
        var board = self.board(after: [.fault, .fault, .fault])
        board.began(self.key, at: Self.second)
        board.answered(self.key, since: Self.second, at: 2 * Self.second)
        #expect(board.verdict(on: self.key, at: 2 * Self.second) == .ready)
        #expect(Int(board.cost(of: self.key, at: 2 * Self.second) / 1e9) == 2)
        board.ended(self.key, .fault, since: Self.second, wasAnswered: true, at: 3 * Self.second, jitter: 0)
        #expect(board.verdict(on: self.key, at: 3 * Self.second) == .ejected(until: 5 * Self.second))
    }

    @Test func `streams that all break midway stop traffic`() {
        var board = HealthBoard()
        for _ in 0..<3 {
            board.began(self.key, at: 0)
            board.answered(self.key, since: 0, at: 0)
            board.ended(self.key, .fault, since: 0, wasAnswered: true, at: 0, jitter: 0)
        }
        #expect(board.verdict(on: self.key, at: 0) == .ejected(until: Self.second))
    }

    @Test func `an empty account puts all of its models behind others`() {
        let board = self.board(after: [.quotaExhausted(retryAfter: nil)])
        for key in [self.key, self.otherDialect, self.otherModel] {
            #expect(board.verdict(on: key, at: 0) == .ejected(until: 30 * Self.second))
        }
    }

    @Test func `a broken key or release holds no more than it is about`() {
        let unknown = self.board(after: [.unauthenticated])
        #expect(unknown.verdict(on: self.otherModel, at: 0) == .ejected(until: 5 * Self.second))
        #expect(unknown.verdict(on: self.otherDialect, at: 0) == .ready)
        let denied = self.board(after: [.accessDenied])
        #expect(denied.verdict(on: self.key, at: 0) == .ejected(until: 5 * Self.second))
        #expect(denied.verdict(on: self.otherModel, at: 0) == .ready)
        #expect(denied.verdict(on: self.otherDialect, at: 0) == .ready)
    }

    @Test func `what is not asked any more is forgotten`() {
        var board = self.board(after: [.fault, .fault, .fault, .quotaExhausted(retryAfter: nil)])
        board.prune(keeping: [])
        #expect(board.verdict(on: self.key, at: 0) == .ready)
        #expect(board.reports(at: 0).isEmpty)
    }

    @Test func `a peak counts at once and fades with time`() {
        var board = HealthBoard()
        func answer(_ milliseconds: UInt64, at now: UInt64) {
            board.began(self.key, at: now)
            board.ended(self.key, .success, firstEvent: milliseconds * 1_000_000, at: now, jitter: 0)
        }
        answer(100, at: 0)
        answer(900, at: 0)
        #expect(Int(board.cost(of: self.key, at: 0) / 1_000_000) == 900)
        answer(100, at: 0)
        #expect((800...830).contains(Int(board.cost(of: self.key, at: 0) / 1_000_000)))
        #expect((400...415).contains(Int(board.cost(of: self.key, at: 10 * Self.second) / 1_000_000)))
        #expect(board.cost(of: self.key, at: 3600 * Self.second) < 1)
    }
}
