import Dialects
import Identity
import Testing
import Wire

@Suite struct SealedReasoningTests {
    @Test func `an item that another target made is taken out of a Responses body`() {
        let body: JSONValue = [
            "input": [
                ["type": "reasoning", "encrypted_content": "rs1.a.b"],
                ["type": "reasoning", "encrypted_content": "the provider's own"], ["role": "user", "content": "hi"],
            ]
        ]
        let kept = SealedReasoning.removed(from: body, .openAIResponses)
        #expect(kept?.body["input"]?.arrayValue?.count == 2)
    }

    @Test func `a block that another target made is taken out of a Messages turn, and an empty turn with it`() {
        let sealed: JSONValue = ["type": "thinking", "thinking": "so", "signature": "rs1.a.b"]
        let body: JSONValue = [
            "messages": [
                ["role": "assistant", "content": [sealed, ["type": "text", "text": "yes"]]],
                ["role": "assistant", "content": [sealed]],
                ["role": "user", "content": "hi"],
            ]
        ]
        let kept = SealedReasoning.removed(from: body, .anthropicMessages)
        let expected: JSONValue = [
            ["role": "assistant", "content": [["type": "text", "text": "yes"]]], ["role": "user", "content": "hi"],
        ]
        #expect(kept?.body["messages"] == expected)
        #expect(kept?.dropped == ["messages.content.thinking"])
    }

    // MARK: In the middle of calling tools

    private static let thoughts: JSONValue = ["type": "thinking", "thinking": "so", "signature": "rs1.a.b"]
    private static let ownThoughts: JSONValue = ["type": "thinking", "thinking": "so", "signature": "EqQB"]
    private static let call: JSONValue = ["type": "tool_use", "id": "t", "name": "n", "input": [:]]
    private static let question: JSONValue = ["role": "user", "content": "hi"]
    private static let result: JSONValue = [
        "role": "user", "content": [["type": "tool_result", "tool_use_id": "t", "content": "x"]],
    ]

    private static func answer(_ blocks: JSONValue...) -> JSONValue {
        ["role": "assistant", "content": .array(blocks)]
    }

    private static func dropped(
        _ turns: [JSONValue],
        thinking: JSONValue = ["type": "enabled", "budget_tokens": 2048]
    ) -> [String]? {
        let body: JSONValue = ["thinking": thinking, "messages": .array(turns)]
        let rest = SealedReasoning.removed(from: body, .anthropicMessages)
        // What is told and what is sent are the same.
        #expect((rest?.body["thinking"] == nil) == (rest?.dropped.contains("thinking") ?? true))
        return rest?.dropped
    }

    @Test(arguments: [
        [question, answer(thoughts, call), result],
        // What Claude Code adds behind the results.
        [question, answer(thoughts, call), result, ["role": "system", "content": "s"]],
        // The first turn is what the whole loop is judged by, and thinking was off since.
        [question, answer(thoughts, call), result, answer(call), result],
        [question, answer(ownThoughts, call), result, answer(thoughts, call), result],
    ])
    func `a budget for thinking goes with the thoughts of calls that are being answered`(_ turns: [JSONValue]) {
        #expect(Self.dropped(turns) == ["messages.content.thinking", "thinking"])
        #expect(Self.dropped(turns, thinking: ["type": "adaptive"]) == ["messages.content.thinking"])
    }

    @Test(arguments: [
        [question, answer(thoughts, call), result, answer(["type": "text", "text": "a"]), question],
        [question, answer(thoughts, call), result, question, answer(ownThoughts, call), result],
        [question, answer(thoughts, ["type": "text", "text": "a"]), question],
    ])
    func `a budget for thinking stays where the thoughts were of an earlier answer`(_ turns: [JSONValue]) {
        #expect(Self.dropped(turns) == ["messages.content.thinking"])
    }

    @Test func `edits of thoughts go with the budget, and others stay`() {
        func rest(_ edits: [JSONValue]) -> CarriedReasoning.Rest? {
            let body: JSONValue = [
                "thinking": ["type": "enabled", "budget_tokens": 2048],
                "messages": [Self.question, Self.answer(Self.thoughts, Self.call), Self.result],
                "context_management": ["edits": .array(edits)],
            ]
            return SealedReasoning.removed(from: body, .anthropicMessages)
        }
        let ofThoughts: JSONValue = ["type": "clear_thinking_20251015", "keep": "all"]
        let other: JSONValue = ["type": "clear_tool_uses_20250919"]
        let told = ["messages.content.thinking", "thinking", "context_management.edits.clear_thinking_20251015"]
        #expect(rest([ofThoughts])?.dropped == told && rest([ofThoughts])?.body["context_management"] == nil)
        #expect(rest([ofThoughts, other])?.dropped == told)
        #expect(rest([ofThoughts, other])?.body["context_management"] == ["edits": [other]])
        #expect(rest([other])?.dropped == ["messages.content.thinking", "thinking"])
    }

    @Test(arguments: Dialect.allCases)
    func `a body without sealed reasoning is left alone`(_ dialect: Dialect) {
        let body: JSONValue = ["messages": [["role": "user", "content": "rs1. is a word"]], "input": "rs1."]
        #expect(SealedReasoning.removed(from: body, dialect) == nil)
    }
}
