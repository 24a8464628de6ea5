import Dialects
import Identity
import Testing
import Wire

@Suite struct CarriedReasoningTests {
    private static let thinking: JSONValue = ["type": "thinking", "thinking": "", "signature": "EqQB"]
    private static let redacted: JSONValue = ["type": "redacted_thinking", "data": "EmwK"]
    private static let call: JSONValue = ["type": "tool_use", "id": "t", "name": "n", "input": [:]]
    private static let result: JSONValue = ["type": "tool_result", "tool_use_id": "t", "content": "x"]
    private static let question: JSONValue = ["role": "user", "content": "hi"]

    private static func body(_ thinking: JSONValue?, _ turns: [JSONValue]) -> JSONValue {
        var object = JSONObject([("model", "m"), ("messages", .array(turns))])
        object["thinking"] = thinking
        return .object(object)
    }

    @Test func `thoughts of a Messages conversation are taken out, and turns of nothing else`() {
        let text: JSONValue = ["type": "text", "text": "yes"]
        let body = CarriedReasoningTests.body(
            ["type": "enabled", "budget_tokens": 2048],
            [
                CarriedReasoningTests.question,
                [
                    "role": "assistant",
                    "content": [CarriedReasoningTests.thinking, text, CarriedReasoningTests.redacted],
                ],
                CarriedReasoningTests.question,
                ["role": "assistant", "content": [CarriedReasoningTests.redacted]], CarriedReasoningTests.question,
            ]
        )
        let rest = CarriedReasoning.removed(from: body, .anthropicMessages)
        #expect(rest?.dropped == ["messages.content.thinking"])
        #expect(
            rest?.body["messages"] == [
                CarriedReasoningTests.question, ["role": "assistant", "content": [text]],
                CarriedReasoningTests.question, CarriedReasoningTests.question,
            ]
        )
        #expect(rest?.body["thinking"] == body["thinking"] && rest?.body["model"] == "m")
    }

    @Test(arguments: ["enabled", "adaptive"])
    func `only a budget for thoughts goes when they stood in front of a call that is answered`(_ kind: String) {
        let body = CarriedReasoningTests.body(
            ["type": .string(kind)],
            [
                CarriedReasoningTests.question,
                ["role": "assistant", "content": [CarriedReasoningTests.thinking, CarriedReasoningTests.call]],
                ["role": "user", "content": [CarriedReasoningTests.result]],
            ]
        )
        let rest = CarriedReasoning.removed(from: body, .anthropicMessages)
        #expect(rest?.dropped == ["messages.content.thinking"] + (kind == "enabled" ? ["thinking"] : []))
        #expect((rest?.body["thinking"] == nil) == (kind == "enabled"))
    }

    @Test func `a budget goes where thoughts are missed that nobody sent`() {
        func rest(_ thinking: JSONValue?) -> CarriedReasoning.Rest? {
            let turns: [JSONValue] = [
                CarriedReasoningTests.question,
                ["role": "assistant", "content": [CarriedReasoningTests.call]],
                ["role": "user", "content": [CarriedReasoningTests.result]],
            ]
            return CarriedReasoning.removed(from: CarriedReasoningTests.body(thinking, turns), .anthropicMessages)
        }
        let given = rest(["type": "enabled", "budget_tokens": 2048])
        #expect(given?.dropped == ["thinking"] && given?.body["thinking"] == nil)
        #expect(rest(["type": "adaptive"]) == nil && rest(nil) == nil)
    }

    @Test func `encrypted items of a Responses conversation are taken out, and what was made of them loses its id`() {
        func reasoning(_ encrypted: JSONValue) -> JSONValue {
            ["type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": encrypted]
        }
        let body: JSONValue = [
            "input": [
                ["type": "message", "role": "user", "id": "msg_0", "content": "hi"], reasoning("gAAA"),
                ["type": "function_call", "id": "fc_1", "call_id": "c", "name": "n", "arguments": "{}"],
                ["type": "function_call_output", "id": "fco_1", "call_id": "c", "output": "x"],
                ["role": "user", "type": "message", "id": "msg_1", "content": "and?"], reasoning(nil),
                ["type": "message", "role": "assistant", "id": "msg_2", "content": []],
            ], "store": false,
        ]
        let rest = CarriedReasoning.removed(from: body, .openAIResponses)
        #expect(rest?.dropped == ["input.reasoning"])
        #expect(
            rest?.body == [
                "input": [
                    ["type": "message", "role": "user", "id": "msg_0", "content": "hi"],
                    ["type": "function_call", "call_id": "c", "name": "n", "arguments": "{}"],
                    ["type": "function_call_output", "id": "fco_1", "call_id": "c", "output": "x"],
                    ["role": "user", "type": "message", "id": "msg_1", "content": "and?"], reasoning(nil),
                    ["type": "message", "role": "assistant", "id": "msg_2", "content": []],
                ], "store": false,
            ]
        )
    }

    @Test(arguments: Dialect.allCases)
    func `a conversation without opaque reasoning has nothing to be left out`(_ dialect: Dialect) {
        let bodies: [JSONValue] = [
            [:], [], ["input": "hi"], ["messages": "hi"], ["input": [["type": "reasoning", "summary": []]]],
            ["messages": [["role": "assistant", "content": "yes"], ["role": "assistant", "content": []]]],
            ["messages": [["role": "user", "content": [CarriedReasoningTests.thinking]]]],
        ]
        for body in bodies { #expect(CarriedReasoning.removed(from: body, dialect) == nil) }
    }
}
