import Canonical
import Dialects
import Testing
import Wire

/// How much a Messages target is asked to think, row by row.
@Suite struct AnthropicMessagesThinkingCodecTests {
    private typealias Story = AnthropicMessagesCodecStory

    private static func request(
        effort: ReasoningOptions.Effort? = nil,
        thinking: ReasoningOptions.Thinking? = nil,
        cap: Int? = nil
    ) -> ModelRequest {
        var request = ModelRequest(model: "fast")
        request.turns = [Turn(.user, [.text(TextBlock("Think."))])]
        request.reasoning.effort = effort
        request.reasoning.thinking = thinking
        request.maximumOutputTokens = cap
        return request
    }

    private static func target(budget: Bool = false, cap: Int? = 128_000) -> TargetTraits {
        var target = TargetTraits(model: "acme-opus", maximumOutputTokens: cap)
        target.usesThinkingBudget = budget
        return target
    }

    /// `max_tokens`, the budget or the kind of thinking, the effort, and what was lost, in words.
    private static func written(_ request: ModelRequest, _ target: TargetTraits) throws -> String {
        let (encoded, losses) = try Story.encode(request, for: target)
        AnthropicMessagesRequestShape.check(encoded.body, usesBudget: target.usesThinkingBudget)
        let thinking = encoded.body["thinking"]
        let told = thinking?["budget_tokens"]?.intValue.map { "\($0)" } ?? thinking?["type"]?.stringValue ?? "-"
        let effort = encoded.body["output_config"]?["effort"]?.stringValue ?? "-"
        let cap = encoded.body["max_tokens"]?.intValue ?? 0
        return ([told, effort, "\(cap)"] + Story.words(losses)).joined(separator: " ")
    }

    @Test(arguments: [
        (nil, "- - 128000"), (ReasoningOptions.Effort.none, "disabled - 128000"),
        (.minimal, "adaptive low 128000 approximated effort"), (.low, "adaptive low 128000"),
        (.medium, "adaptive medium 128000"), (.high, "adaptive high 128000"), (.xhigh, "adaptive xhigh 128000"),
        (.max, "adaptive max 128000"),
    ])
    func `an effort for a target that takes efforts`(_ effort: ReasoningOptions.Effort?, _ expected: String) throws {
        #expect(try Self.written(Self.request(effort: effort), Self.target()) == expected)
    }

    @Test(arguments: [
        (nil, "- - 128000"), (ReasoningOptions.Effort.none, "- - 128000"), (.minimal, "2048 - 128000"),
        (.low, "2048 - 128000"), (.medium, "8192 - 128000"), (.high, "16384 - 128000"), (.xhigh, "32768 - 128000"),
        (.max, "32768 - 128000"),
    ])
    func `an effort for a target that takes budgets`(_ effort: ReasoningOptions.Effort?, _ expected: String) throws {
        #expect(try Self.written(Self.request(effort: effort), Self.target(budget: true)) == expected)
    }

    @Test(arguments: [
        (ReasoningOptions.Thinking.disabled, "disabled - 128000", "- - 128000"),
        (.adaptive, "adaptive - 128000", "8192 - 128000"),
        (.budget(1_024), "adaptive low 128000 approximated effort", "1024 - 128000"),
        (.budget(4_096), "adaptive low 128000 approximated effort", "4096 - 128000"),
        (.budget(4_097), "adaptive medium 128000 approximated effort", "4097 - 128000"),
        (.budget(16_384), "adaptive medium 128000 approximated effort", "16384 - 128000"),
        (.budget(16_385), "adaptive high 128000 approximated effort", "16385 - 128000"),
        (.budget(1), "adaptive low 128000 approximated effort", "1024 - 128000"),
    ])
    func `thinking as messages has it`(
        _ thinking: ReasoningOptions.Thinking,
        _ byEffort: String,
        _ byBudget: String
    ) throws {
        #expect(try Self.written(Self.request(thinking: thinking), Self.target()) == byEffort)
        #expect(try Self.written(Self.request(thinking: thinking), Self.target(budget: true)) == byBudget)
    }

    private static let fits: [(effort: ReasoningOptions.Effort, cap: Int?, limit: Int?, expected: String)] = [
        // Fits beside the cap.
        (ReasoningOptions.Effort.low, 4_096, 64_000, "2048 - 4096"),
        // The cap is raised by the budget.
        (.low, 64, 64_000, "2048 - 2112 approximated outputCap"),
        (.low, 2_048, 64_000, "2048 - 4096 approximated outputCap"),
        (.high, 1_000, 64_000, "16384 - 17384 approximated outputCap"),
        // The target allows no more: the budget is lowered.
        (.high, 1_000, 16_384, "15360 - 16384 approximated outputCap approximated effort"),
        (.max, nil, 8_192, "7168 - 8192 approximated effort"),
        (.max, nil, nil, "30976 - 32000 approximated effort"),
        (.low, nil, 1_500, "1125 - 1500 approximated effort"),
        // No budget fits.
        (.low, nil, 1_100, "- - 1100 dropped reasoning"),
        (.low, 10, 1_000, "- - 1000 approximated outputCap dropped reasoning"),
    ]

    @Test(arguments: fits)
    func `a budget always fits`(
        _ effort: ReasoningOptions.Effort,
        _ cap: Int?,
        _ limit: Int?,
        _ expected: String
    ) throws {
        #expect(
            try Self.written(Self.request(effort: effort, cap: cap), Self.target(budget: true, cap: limit)) == expected
        )
    }

    @Test func `no numbers make a budget that is refused`() throws {
        let numbers = [1, 2, 1_023, 1_024, 1_025, 1_366, 2_048, 32_000, 32_768, Int.max]
        for cap in numbers.map(Optional.some) + [nil] {
            for limit in numbers.map(Optional.some) + [nil] {
                for thinking in numbers.map({ ReasoningOptions.Thinking.budget($0) }) + [.adaptive] {
                    _ = try Self.written(
                        Self.request(thinking: thinking, cap: cap),
                        Self.target(budget: true, cap: limit)
                    )
                }
            }
        }
    }

    @Test(arguments: [ToolChoice.required, .named(ToolName("look")), .allowed([ToolName("look")], required: true)])
    func `a forced tool goes without thinking`(_ choice: ToolChoice) throws {
        var request = Self.request(effort: .high)
        request.tools = [ToolDefinition(ToolName("look"), kind: .function(parameters: .null, strict: nil))]
        request.toolChoice = choice
        #expect(try Self.written(request, Self.target()) == "- high 128000 dropped reasoning")
        #expect(try Self.written(request, Self.target(budget: true)) == "- - 128000 dropped reasoning")
        request.toolChoice = .auto
        #expect(try Self.written(request, Self.target()) == "adaptive high 128000")
    }

    @Test func `a model that does not reason is not asked to`() throws {
        var target = Self.target()
        target.reasons = false
        #expect(try Self.written(Self.request(effort: .high), target) == "- - 128000 dropped reasoning")
        #expect(try Self.written(Self.request(effort: ReasoningOptions.Effort.none), target) == "- - 128000")
        #expect(try Self.written(Self.request(), target) == "- - 128000")
    }

    @Test func `an effort that the target lacks becomes the next lower one`() throws {
        var target = Self.target()
        target.efforts = [.medium, .high]
        #expect(try Self.written(Self.request(effort: .max), target) == "adaptive high 128000 approximated effort")
        #expect(try Self.written(Self.request(effort: .low), target) == "adaptive medium 128000 approximated effort")
        target.efforts = []
        #expect(try Self.written(Self.request(effort: .low), target) == "adaptive - 128000 approximated effort")
    }

    @Test func `summaries are shown or not as asked`() throws {
        func display(_ wantsSummary: Bool?, effort: ReasoningOptions.Effort?) throws -> JSONValue? {
            var request = Self.request(effort: effort)
            request.reasoning.wantsSummary = wantsSummary
            return try Story.encode(request).request.body["thinking"]
        }
        #expect(try display(true, effort: .low) == ["type": "adaptive", "display": "summarized"])
        #expect(try display(false, effort: .low) == ["type": "adaptive", "display": "omitted"])
        #expect(try display(nil, effort: .low) == ["type": "adaptive"])
        #expect(try display(true, effort: nil) == ["type": "adaptive", "display": "summarized"])
        #expect(try display(true, effort: ReasoningOptions.Effort.none) == ["type": "disabled"])
        #expect(try display(false, effort: nil) == nil)
    }

    @Test func `a loop of calls that began without thinking goes on without it`() throws {
        let call = Block.toolCall(ToolCall(id: "a", name: ToolName("look"), arguments: "{}"))
        let result = Turn(.user, [.toolResult(ToolResult(callID: "a", blocks: [.text(TextBlock("x"))]))])
        let thought = Block.reasoning(ReasoningBlock(summary: ["Hm."], opaque: .native(.signature, "s")))
        func written(_ blocks: [Block], after: [Turn] = []) throws -> String {
            var request = Self.request(effort: .low)
            request.turns += [Turn(.assistant, blocks), result] + after
            request.tools = [ToolDefinition(ToolName("look"), kind: .function(parameters: .null, strict: nil))]
            #expect(try Self.written(request, Self.target()) == "adaptive low 128000")
            return try Self.written(request, Self.target(budget: true))
        }
        #expect(try written([call]) == "- - 128000 dropped reasoning")
        #expect(try written([thought, call]) == "2048 - 128000")
        let words = Turn(.assistant, [.text(TextBlock("Done."))])
        #expect(try written([call], after: [words, Turn(.user, [.text(TextBlock("Go on."))])]) == "2048 - 128000")
    }
}
