import Canonical
import Contract
import Exchange
import GatewayTestSupport
import Identity
import Routing
import Testing
import Wire

@Suite struct TargetTraitsTests {
    private func traits(_ quirks: JSONObject) throws -> TargetTraits {
        try self.traits { $0.quirks = quirks }
    }

    private func traits(now: Int = 1_000, _ change: (inout ModelRecord) -> Void) throws -> TargetTraits {
        var body = try SnapshotBody.example()
        body.models = body.models.map { model in
            var model = model
            change(&model)
            return model
        }
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        return TargetTraits(try #require(table.group("default")?.targets.first), dialect: .openAIChat, now: now)
    }

    @Test func `without quirks a model is told everything`() throws {
        let traits = try self.traits(JSONObject())
        #expect(traits.usesMaximumCompletionTokens && traits.takesStreamOptions && traits.takesSampling)
        #expect(traits.takesStrictTools && traits.takesCacheKey && traits.takesEndUser && traits.efforts == nil)
        #expect(!traits.takesReasoningContent && !traits.takesOnlyLeadingSystem && !traits.takesSystemTurns)
    }

    @Test func `each quirk changes what a model is told`() throws {
        let traits = try self.traits(
            JSONObject([
                ("max_tokens_field", "max_tokens"), ("no_stream_options", true), ("thinking_budget", true),
                ("no_sampling", true), ("no_output_schema", true), ("no_strict_tools", true), ("system_turns", true),
                ("no_cache_key", true), ("no_user", true), ("reasoning_content", true), ("leading_system_only", true),
                ("efforts", "none high unheard-of"),
            ])
        )
        #expect(!traits.usesMaximumCompletionTokens && !traits.takesStreamOptions && !traits.takesSampling)
        #expect(!traits.takesStrictTools && !traits.takesCacheKey && !traits.takesEndUser && !traits.takesOutputSchema)
        #expect(traits.takesReasoningContent && traits.takesOnlyLeadingSystem && traits.takesSystemTurns)
        #expect(traits.usesThinkingBudget && traits.efforts == [.none, .high])
    }

    @Test(
        arguments: [
            (false, nil, 0, false), (true, nil, 0, true),
            // Proof outdoes the declaration, for as long as it is one.
            (false, .passed, 1_001, true), (true, .failed, 1_001, false), (false, .passed, 1_000, false),
            (true, .failed, 1_000, true),
        ] as [(Bool, EvidenceRecord.Verdict?, Int, Bool)]
    )
    func `a model is told what it is proven or declared to be good at`(
        _ isDeclared: Bool,
        _ verdict: EvidenceRecord.Verdict?,
        _ end: Int,
        _ isTold: Bool
    ) throws {
        let traits = try self.traits { model in
            model.declared = [
                .openAIChat: DeclaredCapabilities(structuredOutput: isDeclared, reasoning: isDeclared)
            ]
            model.evidence = [CapabilityCase.reasoning, .structuredOutput].compactMap { proven in
                verdict.map {
                    EvidenceRecord(dialect: .openAIChat, case: proven, verdict: $0, observedAt: 1, expiresAt: end)
                }
            }
        }
        #expect(traits.reasons == isTold && traits.takesOutputSchema == isTold)
    }

    @Test func `what is proven in another dialect is not told in this one`() throws {
        let traits = try self.traits { model in
            model.declared = [:]
            model.evidence = [
                EvidenceRecord(
                    dialect: .openAIResponses,
                    case: .reasoning,
                    verdict: .passed,
                    observedAt: 1,
                    expiresAt: 2_000
                )
            ]
        }
        #expect(!traits.reasons && !traits.takesOutputSchema)
    }
}
