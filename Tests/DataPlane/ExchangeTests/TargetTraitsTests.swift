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
        var body = try SnapshotBody.example()
        body.models = body.models.map { model in
            var model = model
            model.quirks = quirks
            return model
        }
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        return TargetTraits(try #require(table.group("default")?.targets.first), dialect: .openAIChat)
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
}
