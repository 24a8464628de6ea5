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
}
