import Contract
import Exchange
import GatewayTestSupport
import Identity
import Routing
import Testing
import Wire

@Suite struct ExplanationTests {
    @Test func `no more targets are told than a request is tried on`() throws {
        let body = SnapshotBody(
            deployment: try Example.slug("metrum"),
            providers: [try ProviderRecord.example("acme", authentication: .none)],
            models: [try ModelRecord.example("m", of: "acme")],
            groups: [
                GroupRecord(
                    id: try Example.slug("g"),
                    targets: try ["a", "b", "c", "d"].map { try TargetRecord.example($0, "acme", "m") },
                    maximumAttempts: 2
                )
            ]
        )
        let table = try RoutingTable(body, secrets: SecretsBundle(peppers: [:], providerSecrets: [:]))
        let group = try #require(table.group("g"))
        let plan = RoutePlanner.plan(group, dialect: .openAIChat, RoutePlanner.Circumstances(random: 1))
        #expect(plan.candidates.count == 4)
        let explanation = Explanation(
            group: group,
            dialect: .openAIChat,
            needs: RequestNeeds(),
            stream: false,
            plan: plan
        )
        var record = RequestRecord(requestID: "", startedAt: 0)
        explanation.note(in: &record)
        #expect(record.explained?.map(\.target) == plan.candidates.prefix(2).map(\.target.id.text))
        #expect(explanation.json["targets"]?.arrayValue?.count == 2)
    }
}
