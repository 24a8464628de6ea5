import Canonical
import Testing
import Wire

@Suite struct ModelResponseFoldingTests {
    private static let answer = ModelResponse(
        id: "r",
        blocks: [
            .reasoning(ReasoningBlock(summary: ["a", "b"], text: "hm", opaque: .native(.signature, "s"))),
            .text(TextBlock("hi", annotations: [["type": "url_citation"]])), .refusal("no"),
            .toolCall(ToolCall(id: "1", name: ToolName("read"), arguments: #"{"a":1}"#)),
            .toolCall(ToolCall(id: "2", name: ToolName("patch"), kind: .custom, arguments: "")),
        ],
        stop: .toolCalls,
        usage: TokenUsage(input: 1, output: 2)
    )

    @Test func `an answer told as a stream is the same answer`() {
        #expect(ModelResponse(folding: ModelResponseFoldingTests.answer.events) == ModelResponseFoldingTests.answer)
    }

    @Test func `pieces are joined and usage is cumulative`() {
        let answer = ModelResponse(folding: [
            .started(id: nil), .usage(TokenUsage(input: 3)), .blockStarted(.text), .delta(.text("a")),
            .delta(.text("b")), .blockEnded, .blockStarted(.reasoning), .delta(.summary("x", part: 0)),
            .delta(.summary("y", part: 0)), .delta(.summary("z", part: 4)), .blockEnded,
            .usage(TokenUsage(output: 5)), .finished(.endTurn),
        ])
        #expect(answer?.blocks == [.text(TextBlock("ab")), .reasoning(ReasoningBlock(summary: ["xy", "z"]))])
        #expect(answer?.usage == TokenUsage(input: 3, output: 5))
    }

    @Test func `a call without arguments has an empty object`() {
        let answer = ModelResponse(folding: [
            .blockStarted(.toolCall(id: "1", name: ToolName("now"), kind: .function)), .blockEnded,
            .finished(.toolCalls),
        ])
        #expect(answer?.blocks == [.toolCall(ToolCall(id: "1", name: ToolName("now"), arguments: "{}"))])
    }

    @Test func `a stream without an end or with a failure is no answer`() {
        #expect(ModelResponse(folding: [.started(id: nil), .blockStarted(.text), .blockEnded]) == nil)
        #expect(ModelResponse(folding: [.started(id: nil), .failed(.truncated)]) == nil)
    }

    @Test func `a piece of another kind is no part of a block`() {
        let answer = ModelResponse(folding: [
            .delta(.text("lost")), .blockStarted(.text), .delta(.arguments("{}")), .delta(.text("kept")), .blockEnded,
            .finished(.endTurn),
        ])
        #expect(answer?.blocks == [.text(TextBlock("kept"))])
    }
}
