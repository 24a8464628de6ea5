import Contract
import Dialects
import Identity
import Routing
import Testing

@testable import Ingress

@Suite struct HealthRegisterTests {
    @Test func `a group whose targets are all down takes no repeats from the others`() throws {
        let state = try GatewaySnapshot.state(options: GatewayOptions(), tokens: Tokens(), port: 1)
        let register = HealthRegister()
        for name in ["main", "pair"] {
            let group = try #require(state.table.group(name))
            let circumstances = RoutePlanner.Circumstances(monotonicNow: 1, random: 2)
            _ = register.plan(group, dialect: .openAIChat, needs: RequestNeeds(), circumstances)
        }
        while register.allowsRetry(in: "main") { register.retryFailed(in: "main") }
        #expect(register.allowsRetry(in: "pair"))
        register.keep(to: state)
        #expect(!register.allowsRetry(in: "main"))
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
            firstEvent: nil,
            spoke: spoke,
            at: 107 * second,
            jitter: 0
        )
        #expect(left(107, 113) == !spoke)
        register.answered(key, since: 113 * second, at: 114 * second)
        #expect(!left(114, 120))
    }
}
