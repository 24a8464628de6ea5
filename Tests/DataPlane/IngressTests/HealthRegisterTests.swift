import Contract
import Dialects
import Identity
import Routing
import Telemetry
import Testing

@testable import Ingress

@Suite struct HealthRegisterTests {
    @Test func `a group whose targets are all down takes no repeats from the others`() throws {
        let state = try GatewaySnapshot.state(options: GatewayOptions(), tokens: Tokens(), port: 1)
        let register = HealthRegister()
        var candidates: ArraySlice<Candidate> = []
        for name in ["main", "pair"] {
            let group = try #require(state.table.group(name))
            let circumstances = RoutePlanner.Circumstances(monotonicNow: 1, random: 2)
            let plan = register.plan(group, dialect: .openAIChat, needs: RequestNeeds(), circumstances)
            candidates = plan.candidates[...]
        }
        // Budgets tell among those that failed.
        for key in Set(candidates.map(\.healthKey)) {
            register.began(key, at: 1)
            register.ended(key, .fault, since: 1, wasAnswered: false, firstEvent: nil, spoke: false, at: 1, jitter: 0)
        }
        func allowsRetry(in group: String) -> Bool { register.next(among: candidates, in: group, at: 1) != nil }
        for _ in 0..<100 where allowsRetry(in: "main") { register.retryFailed(in: "main") }
        #expect(!allowsRetry(in: "main"))
        #expect(allowsRetry(in: "pair"))
        register.keep(to: state)
        #expect(!allowsRetry(in: "main"))
    }

    @Test(arguments: [false, true])
    func `a byte for anybody wipes out the waits of those who left`(_ spoke: Bool) throws {
        let register = HealthRegister()
        let name = try #require(Slug("a"))
        let key = HealthKey(provider: name, model: name, dialect: .openAIChat)
        let second: UInt64 = 1_000_000_000
        func left(_ from: UInt64, _ to: UInt64) -> Bool {
            register.leftUnanswered(key, since: from * second, at: to * second, patience: 10 * second)
        }
        #expect(!left(100, 106))
        register.began(key, at: 106 * second)
        register.ended(
            key,
            .neutral,
            since: 106 * second,
            wasAnswered: false,
            firstEvent: nil,
            spoke: spoke,
            at: 107 * second,
            jitter: 0
        )
        #expect(left(107, 113) == !spoke)
        register.answered(key, since: 113 * second, at: 114 * second)
        #expect(!left(114, 120))
    }

    /// How a provider may be asked otherwise.
    enum Change: CaseIterable {
        case credential, url, scheme, nothing
    }

    @Test(arguments: Change.allCases)
    func `what was held against a provider is forgotten when it is asked otherwise`(_ change: Change) throws {
        let tokens = Tokens()
        let register = HealthRegister()
        register.keep(to: try GatewaySnapshot.state(options: GatewayOptions(), tokens: tokens, port: 1), at: 1)
        let provider = try #require(Slug("up"))
        let model = try #require(Slug("m"))
        let held = HealthKey(provider: provider, model: model, dialect: .openAIChat)
        let open = HealthKey(provider: try #require(Slug("spare")), model: model, dialect: .openAIChat)
        // Far ahead, so that nothing is over while this runs.
        let now = MonotonicClock.now() + 3_600_000_000_000
        func end(_ key: HealthKey, _ outcome: AttemptOutcome, since start: UInt64) {
            register.ended(
                key,
                outcome,
                since: start,
                wasAnswered: false,
                firstEvent: nil,
                spoke: false,
                at: now,
                jitter: 0
            )
        }
        register.began(held, at: now)
        end(held, .quotaExhausted(retryAfter: 900), since: now)
        // One that will be under way still.
        register.began(held, at: now)
        register.began(open, at: now)
        register.began(open, at: now)
        register.began(open, at: now)
        for _ in 0..<3 { end(open, .fault, since: now) }
        func isReady() -> [Bool] {
            [held, open].map { key in register.reports().contains { $0.key == key && $0.verdict == .ready } }
        }
        #expect(!isReady().contains(true))

        var options = GatewayOptions()
        if change == .scheme { options.authentication = .xAPIKey }
        let state = try GatewaySnapshot.state(
            options: options,
            tokens: tokens,
            port: change == .url ? 2 : 1,
            number: 43,
            secretRevision: change == .credential ? 1 : 0
        )
        register.keep(to: state, at: now + 1)
        #expect(isReady() == (change == .nothing ? [false, false] : [true, true]))
        // What was asked before tells of the time before.
        end(held, .quotaExhausted(retryAfter: 900), since: now)
        #expect(isReady().first == (change != .nothing))
        end(held, .quotaExhausted(retryAfter: 900), since: now + 1)
        #expect(isReady().first == false)
    }
}
