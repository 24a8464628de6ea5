import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// What is written and read again says what it said, for answers and requests of random parts.
@Suite struct OpenAIResponsesRoundTripCodecTests {
    private struct Parts {
        var generator: SeededGenerator

        mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self.generator) }

        mutating func text() -> String {
            ["a", "Ünïcode 🚀", "line\nline", "\"q\"\\", "{\"a\":1}", "data: x\n\n", "\u{1}"][self.pick(7)]
        }

        mutating func call(_ number: Int) -> ToolCall {
            let isCustom = self.pick(3) == 0
            return ToolCall(
                id: "call_\(number)",
                name: ToolName("f\(self.pick(3))", namespace: self.pick(2) == 0 ? "ns" : nil),
                kind: isCustom ? .custom : .function,
                arguments: JSONText(isCustom ? self.text() : JSONWriter.text(["x": .string(self.text())]))
            )
        }

        mutating func blocks() -> [Block] {
            (0..<self.pick(6)).map { number in
                switch self.pick(5) {
                case 0:
                    .text(
                        TextBlock(
                            JSONText(self.text()),
                            annotations: self.pick(3) == 0 ? [["type": "url_citation"]] : []
                        )
                    )
                case 1: .refusal(self.text())
                case 2:
                    .reasoning(
                        ReasoningBlock(
                            summary: (0..<self.pick(3)).map { _ in self.text() },
                            text: self.pick(2) == 0 ? self.text() : nil,
                            opaque: .sealed(self.text())
                        )
                    )
                default: .toolCall(self.call(number))
                }
            }
        }
    }

    /// What a decoder makes of it: blobs are the provider's own there.
    private static func native(_ blocks: [Block]) -> [Block] {
        blocks.map { block in
            guard case .reasoning(var reasoning) = block, case .sealed(let blob) = reasoning.opaque else {
                return block
            }
            reasoning.opaque = .native(.encryptedContent, blob)
            return .reasoning(reasoning)
        }
    }

    private static func stop(_ blocks: [Block]) -> StopReason {
        if blocks.contains(where: { if case .toolCall = $0 { true } else { false } }) { return .toolCalls }
        return blocks.contains(where: { if case .refusal = $0 { true } else { false } }) ? .refusal : .endTurn
    }

    @Test(arguments: 0..<200)
    func `an answer survives, whole and streamed`(_ seed: Int) throws {
        var parts = Parts(generator: SeededGenerator(seed: UInt64(seed)))
        let blocks = parts.blocks()
        let usage = TokenUsage(
            input: 40,
            output: 9,
            cachedInput: parts.pick(9),
            cacheWrite: parts.pick(9),
            reasoning: parts.pick(9)
        )
        let cut: StopReason = [.maximumTokens, .contentFilter][parts.pick(2)]
        let hasRefusal = blocks.contains { if case .refusal = $0 { true } else { false } }
        var stop = parts.pick(3) == 0 ? cut : OpenAIResponsesRoundTripCodecTests.stop(blocks)
        // Words of refusal say more than a filter.
        if stop == .contentFilter, hasRefusal { stop = .refusal }
        if stop == .refusal, OpenAIResponsesRoundTripCodecTests.stop(blocks) == .toolCalls { stop = .toolCalls }
        let answer = ModelResponse(id: "resp_r-1", blocks: blocks, stop: stop, usage: usage)
        var expected = answer
        expected.blocks = OpenAIResponsesRoundTripCodecTests.native(blocks)

        let context = OpenAIResponsesStreamEncoderCodecTests.context()
        #expect(try OpenAIResponses.decodeAnswer(OpenAIResponses.encodeAnswer(answer, context)) == expected)

        var encoder = OpenAIResponsesStreamEncoder(context)
        var bytes: [UInt8] = []
        for event in answer.events { encoder.encode(event, into: &bytes) }
        _ = try OpenAIResponsesEventOrder.check(bytes)
        let events = OpenAIResponsesStreamDecoderCodecTests.decode(
            EventCuts.events(in: [bytes[...]])
        )
        OpenAIResponsesStreamDecoderCodecTests.checkOrder(events)
        #expect(ModelResponse(folding: events) == expected)
    }

    @Test(arguments: 0..<100)
    func `an answer to a caller is a history that it can send back`(_ seed: Int) throws {
        var parts = Parts(generator: SeededGenerator(seed: UInt64(seed)))
        var blocks = parts.blocks()
        let answer = ModelResponse(blocks: blocks, stop: .toolCalls, usage: TokenUsage())
        let body = OpenAIResponses.encodeAnswer(answer, OpenAIResponsesStreamEncoderCodecTests.context())
        let output = try #require(body["output"]?.arrayValue)
        guard !output.isEmpty else { return }
        let (request, losses) = try OpenAIResponsesCodecStory.items(.array(output))
        #expect(losses.losses.allSatisfy { $0.field == "input.content.annotations" })
        for index in blocks.indices {
            if case .text(var text) = blocks[index] {
                text.annotations = []
                blocks[index] = .text(text)
            }
        }
        #expect(request.turns == [Turn(.assistant, blocks)])
    }

    @Test func `a stream of a chat provider becomes one of this dialect`() throws {
        for fixture in StreamFixture.ofCodec(.openAIChat) {
            let events = ReadStream.events(fixture.bytes, .openAIChat)
            guard case .finished = events.last else { continue }
            let (_, response) = try OpenAIResponsesEventOrder.check(
                OpenAIResponsesStreamEncoderCodecTests.encode(events)
            )
            let folded = try #require(ModelResponse(folding: events))
            #expect(try OpenAIResponses.decodeAnswer(response).blocks.count == folded.blocks.count)
        }
    }
}
