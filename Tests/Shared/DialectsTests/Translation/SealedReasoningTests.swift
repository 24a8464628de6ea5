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
        #expect(kept?["input"]?.arrayValue?.count == 2)
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
        #expect(kept?["messages"] == expected)
    }

    @Test(arguments: Dialect.allCases)
    func `a body without sealed reasoning is left alone`(_ dialect: Dialect) {
        let body: JSONValue = ["messages": [["role": "user", "content": "rs1. is a word"]], "input": "rs1."]
        #expect(SealedReasoning.removed(from: body, dialect) == nil)
    }
}
