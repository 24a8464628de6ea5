import Contract
import Dialects
import Exchange
import GatewayTestSupport
import Identity
import Routing
import Testing

/// Who must serve a request that continues what a provider keeps.
@Suite struct ResponsePinTests {
    private static let seal = ToySeal.seal(key: 3)
    private static let open = ToySeal.open(key: 3)

    /// Providers `acme` (models `m` and `n`), `other` and `chat` (Chat only, models `m`).
    private static func group(
        _ targets: [TargetRecord],
        named name: String = "g",
        evidence: [EvidenceRecord] = []
    ) throws -> Group {
        let body = SnapshotBody(
            deployment: try Example.slug("metrum"),
            providers: [
                try ProviderRecord.example("acme", authentication: .none),
                try ProviderRecord.example("other", authentication: .none),
                try ProviderRecord.example("chat", dialects: [.openAIChat], authentication: .none),
            ],
            models: try ["acme", "other", "chat"].map { provider in
                var model = try ModelRecord.example("m", of: provider)
                if provider == "acme" { model.evidence = evidence }
                return model
            } + [try ModelRecord.example("n", of: "acme")],
            groups: [GroupRecord(id: try Example.slug(name), targets: targets)]
        )
        let table = try RoutingTable(body, secrets: SecretsBundle(peppers: [:], providerSecrets: [:]))
        return try #require(table.group(name))
    }

    private static func outline(_ previous: String? = nil, conversation: Bool = false) -> RequestOutline {
        var outline = RequestOutline(objectStart: 1, model: "g", modelRange: 9..<12, stream: false)
        outline.previousResponseID = previous
        outline.previousResponseIDRange = previous.map { 40..<(42 + $0.utf8.count) }
        outline.namesConversation = conversation
        return outline
    }

    private static func decide(
        _ outline: RequestOutline,
        _ group: Group,
        needs: RequestNeeds = RequestNeeds(),
        health: HealthBoard = HealthBoard()
    ) -> ResponsePin {
        ResponsePin.decide(
            outline,
            in: group,
            plan: RoutePlanner.plan(
                group,
                dialect: .openAIResponses,
                needs: needs,
                health: health,
                .init(now: 1, random: 5)
            ),
            Eligibility.Request(
                dialect: .openAIResponses,
                needs: needs,
                strategy: group.strategy,
                proof: group.proof,
                now: 1
            ),
            open: ResponsePinTests.open
        )
    }

    /// What a caller would be told of an answer whose id is `id`.
    private static func told(
        _ outline: RequestOutline,
        _ group: Group,
        _ target: Target,
        previousID: String? = nil,
        id: String = "resp_1"
    ) -> String? {
        var names = ResponsePin.names(
            outline,
            in: group,
            servedBy: target,
            previousID: previousID,
            seal: ResponsePinTests.seal
        )
        return names?.name(of: id)
    }

    @Test(arguments: [["acme m", "acme n"], ["acme m", "other m"], ["acme m", "other m", "chat m", "acme n"]])
    func `a response is continued where it was made, by its own id`(_ names: [String]) throws {
        let records = try names.enumerated().map { index, name in
            let parts = name.split(separator: " ").map { String($0) }
            return try TargetRecord.example("t\(index)", parts[0], parts[1])
        }
        let group = try ResponsePinTests.group(records)
        for target in group.targets where target.provider.id.text != "chat" {
            let name = try #require(ResponsePinTests.told(ResponsePinTests.outline(), group, target))
            guard case .target(let keeper, let id) = ResponsePinTests.decide(ResponsePinTests.outline(name), group)
            else {
                Issue.record("not pinned")
                continue
            }
            #expect(keeper.target.id == target.id && keeper.dialect == .openAIResponses && id == "resp_1")
        }
    }

    @Test func `ids are named only where several could have made them and the response is kept`() throws {
        let single = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("c", "chat", "m"),
        ])
        #expect(ResponsePinTests.told(ResponsePinTests.outline(), single, single.targets[0]) == nil)
        let several = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m", enabled: false),
        ])
        #expect(ResponsePinTests.told(ResponsePinTests.outline(), several, several.targets[0]) != nil)
        var outline = ResponsePinTests.outline()
        outline.keepsResponse = false
        #expect(ResponsePinTests.told(outline, several, several.targets[0]) == nil)
    }

    @Test func `an id that was named still works when its group has one target left`() throws {
        let several = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m"),
        ])
        let single = try ResponsePinTests.group([TargetRecord.example("a", "acme", "m")])
        let name = try #require(ResponsePinTests.told(ResponsePinTests.outline(), several, several.targets[0]))
        let outline = ResponsePinTests.outline(name)
        guard case .target(_, let id) = ResponsePinTests.decide(outline, single) else {
            Issue.record("not pinned")
            return
        }
        // The answer repeats what it continues: the caller's name of it, while its own id stays.
        let found = ResponsePin.names(
            outline,
            in: single,
            servedBy: single.targets[0],
            previousID: id,
            seal: ResponsePinTests.seal
        )
        var names = try #require(found)
        let answer = Array(#"{"id":"resp_2","previous_response_id":"resp_1"}"#.utf8)
        let splices = names.splices(inAnswer: answer.span)
        let told = String(decoding: Splice.applied(splices, to: answer.span), as: UTF8.self)
        #expect(told == #"{"id":"resp_2","previous_response_id":"\#(name)"}"#)
    }

    @Test func `a target that is switched off or gone is not replaced by another`() throws {
        let group = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m"),
        ])
        let name = try #require(ResponsePinTests.told(ResponsePinTests.outline(), group, group.targets[0]))
        for targets in [
            [try TargetRecord.example("a", "acme", "m", enabled: false), try TargetRecord.example("b", "other", "m")],
            [try TargetRecord.example("b", "other", "m")],
            [try TargetRecord.example("a", "acme", "n"), try TargetRecord.example("b", "other", "m")],
            [try TargetRecord.example("c", "chat", "m")],
        ] {
            let later = try ResponsePinTests.group(targets)
            guard case .refused(let error, _) = ResponsePinTests.decide(ResponsePinTests.outline(name), later) else {
                Issue.record("not refused")
                continue
            }
            #expect(error == Refusal.responseKeeperGone)
            #expect(error.status == 400 && error.code == "invalid-request")
            #expect(error.parameter == "previous_response_id" && error.shouldRetry == false)
        }
    }

    @Test func `a keeper that asked for a pause is waited for`() throws {
        let group = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m"),
        ])
        let name = try #require(ResponsePinTests.told(ResponsePinTests.outline(), group, group.targets[0]))
        var health = HealthBoard()
        let key = Candidate(target: group.targets[0], dialect: .openAIResponses).healthKey
        health.ended(key, .rateLimited(retryAfter: 7), at: 0, jitter: 0)
        let pin = ResponsePinTests.decide(ResponsePinTests.outline(name), group, health: health)
        guard case .refused(let error, let refused) = pin else {
            Issue.record("not refused")
            return
        }
        #expect(error.status == 503 && error.code == "upstream-capacity-throttled")
        #expect((7...8).contains(error.retryAfter ?? 0))
        #expect(Set(refused.map(\.position)) == [0, 1])
    }

    @Test func `a keeper that is blind in Responses is not sent an image there, though it sees in Chat`() throws {
        func proof(_ dialect: Dialect, _ verdict: EvidenceRecord.Verdict) -> EvidenceRecord {
            EvidenceRecord(dialect: dialect, case: .imageInline, verdict: verdict, observedAt: 0, expiresAt: 100)
        }
        let targets = [try TargetRecord.example("a", "acme", "m"), try TargetRecord.example("b", "other", "m")]
        let blind = [proof(.openAIResponses, .failed), proof(.openAIChat, .passed)]
        for evidence in [blind, [proof(.openAIResponses, .failed)]] {
            let group = try ResponsePinTests.group(targets, evidence: evidence)
            let name = try #require(ResponsePinTests.told(ResponsePinTests.outline(), group, group.targets[0]))
            var needs = RequestNeeds()
            needs.inlineImages = 1
            let pin = ResponsePinTests.decide(ResponsePinTests.outline(name), group, needs: needs)
            guard case .refused(let error, let refused) = pin else {
                Issue.record("not refused")
                continue
            }
            #expect(error.status == 502 && error.code == "no-eligible-target")
            let reason = refused.first { $0.position == 0 }?.reason
            #expect(reason == .failed(.imageInline, at: 0))
            guard case .target = ResponsePinTests.decide(ResponsePinTests.outline(name), group) else {
                Issue.record("text goes on")
                continue
            }
        }
    }

    @Test func `an id of somebody else goes on where one provider can know it, and nowhere else`() throws {
        let models = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "acme", "n"),
            TargetRecord.example("c", "chat", "m"),
        ])
        let providers = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m"),
        ])
        let halfOff = try ResponsePinTests.group([
            TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m", enabled: false),
        ])
        let elsewhere = try ResponsePinTests.group(
            [TargetRecord.example("a", "acme", "m"), TargetRecord.example("b", "other", "m")],
            named: "elsewhere"
        )
        let foreign = try #require(
            ResponsePinTests.told(ResponsePinTests.outline(), elsewhere, elsewhere.targets[0])
        )
        for outline in [
            ResponsePinTests.outline("resp_68a1"), ResponsePinTests.outline(foreign), ResponsePinTests.outline(""),
            ResponsePinTests.outline(conversation: true),
        ] {
            for group in [models, halfOff] {
                guard case .free = ResponsePinTests.decide(outline, group) else {
                    Issue.record("not free")
                    continue
                }
            }
            guard case .refused(let error, _) = ResponsePinTests.decide(outline, providers) else {
                Issue.record("not refused")
                continue
            }
            #expect(error.status == 400 && error.code == "invalid-request" && error.shouldRetry == false)
            #expect(error.parameter == (outline.namesConversation ? "conversation" : "previous_response_id"))
        }
        guard case .free = ResponsePinTests.decide(ResponsePinTests.outline(), providers) else {
            Issue.record("a request that continues nothing is free")
            return
        }
    }
}
