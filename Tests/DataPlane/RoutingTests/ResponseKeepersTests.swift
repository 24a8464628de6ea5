import Contract
import GatewayTestSupport
import Identity
import Routing
import Testing

@Suite struct ResponseKeepersTests {
    @Test func `one model at one provider keeps alone, beside targets that are not asked in Responses`() throws {
        let group = try ExampleTable.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "acme", "m"),
            TargetRecord.example("c", "chat", "m"),
        ])
        #expect(group.responseKeepers == .single)
        #expect(ResponseKeepers(of: []) == .single)
        #expect(ResponseKeepers(of: group.targets.filter { $0.provider.id.text == "chat" }) == .single)
    }

    @Test func `several models at one provider are told from several providers`() throws {
        let models = try ExampleTable.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "acme", "n"),
        ])
        #expect(models.responseKeepers == .singleProvider)
        let providers = try ExampleTable.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "acme", "n"),
            TargetRecord.example("c", "other", "m"),
        ])
        #expect(providers.responseKeepers == .several)
    }

    @Test func `a disabled target counts for the group, as its responses may be continued later`() throws {
        let group = try ExampleTable.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m", enabled: false),
        ])
        #expect(group.responseKeepers == .several)
        let plan = RoutePlanner.plan(group, dialect: .openAIResponses, .init(random: 1))
        #expect(ResponseKeepers(of: plan.candidates.map(\.target)) == .single)
    }
}
