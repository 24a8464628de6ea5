import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// What is written and read again is the same, where Chat has words for it.
@Suite struct OpenAIChatRoundTripCodecTests {
    private struct Maker: RandomWords {
        var generator: SeededGenerator

        mutating func call(_ number: Int) -> ToolCall {
            ToolCall(
                id: "call_\(number)",
                name: ToolName(self.one(of: ["one", "two"], else: "one")),
                arguments: self.one(of: ["{}", "{\"a\": [1, 2.50]}", "not json"], else: "{}")
            )
        }

        mutating func answer() -> ModelResponse {
            var blocks: [Block] = []
            if self.chance() { blocks.append(.reasoning(ReasoningBlock(text: self.text()))) }
            if self.chance() { blocks.append(.text(TextBlock(self.text()))) }
            let calls = Int.random(in: 0...3, using: &self.generator)
            let isRefusal = calls == 0 && self.chance()
            if isRefusal { blocks.append(.refusal(self.text())) }
            for number in 0..<calls { blocks.append(.toolCall(self.call(number))) }
            let natural: StopReason = calls > 0 ? .toolCalls : isRefusal ? .refusal : .endTurn
            return ModelResponse(
                id: "chatcmpl-r-1",
                blocks: blocks,
                stop: self.chance() ? natural : .maximumTokens,
                usage: TokenUsage(input: 30, output: 9, cachedInput: 4, cacheWrite: 0, reasoning: 1)
            )
        }

        mutating func request() -> ModelRequest {
            var request = ModelRequest(model: "acme")
            if self.chance() { request.turns.append(Turn(.system, [.text(TextBlock(self.text()))])) }
            request.turns.append(Turn(.user, [.text(TextBlock(self.text()))]))
            var number = 0
            for _ in 0..<Int.random(in: 0...4, using: &self.generator) {
                var said: [Block] = []
                if self.chance() { said.append(.reasoning(ReasoningBlock(text: self.text()))) }
                said.append(.text(TextBlock(self.text())))
                var results: [Block] = []
                for _ in 0..<Int.random(in: 0...3, using: &self.generator) {
                    let call = self.call(number)
                    number += 1
                    said.append(.toolCall(call))
                    results.append(.toolResult(ToolResult(callID: call.id, blocks: [.text(TextBlock(self.text()))])))
                }
                request.turns.append(Turn(.assistant, said))
                if !results.isEmpty { request.turns.append(Turn(.user, results)) }
                if self.chance() { request.turns.append(Turn(.system, [.text(TextBlock(self.text()))])) }
                var parts: [Block] = [.text(TextBlock(self.text()))]
                if self.chance() { parts.append(.image(ImageBlock(.url("https://a.example/b.png"), detail: "low"))) }
                if self.chance() {
                    parts.append(.image(ImageBlock(.inline(mediaType: "image/png", base64: "AAAA"))))
                    parts.append(.file(FileBlock(.inline(mediaType: "application/pdf", base64: "AAAA"), name: "a.pdf")))
                }
                request.turns.append(Turn(.user, parts))
            }
            request.tools = ["one", "two"].map {
                ToolDefinition(
                    ToolName($0),
                    description: "d",
                    kind: .function(parameters: ["type": "object", "properties": [:]], strict: self.chance())
                )
            }
            request.toolChoice = self.one(
                of: [nil, .auto, ToolChoice.none, .required, .named(ToolName("two"))],
                else: nil
            )
            request.parallelTools = self.one(of: [nil, true, false], else: nil)
            request.sampling.temperature = self.one(of: [nil, JSONNumber(0.7), JSONNumber(1)], else: nil)
            request.sampling.seed = self.one(of: [nil, JSONNumber(7)], else: nil)
            request.maximumOutputTokens = self.one(of: [nil, 1, 4_096], else: nil)
            request.stopSequences = self.one(of: [[], ["END"], ["a", "b", "c", "d"]], else: [])
            request.reasoning.effort = self.one(of: [nil, .low, .high], else: nil)
            request.cacheKey = self.one(of: [nil, "k"], else: nil)
            request.outputFormat = self.one(
                of: [
                    .text, .jsonObject,
                    .jsonSchema(name: "n", schema: ["type": "object"], strict: true, description: "d"),
                ],
                else: .text
            )
            request.stream = self.chance()
            request.includesUsage = request.stream
            return request
        }
    }

    @Test func `answers`() throws {
        var maker = Maker(generator: SeededGenerator(seed: 1))
        for _ in 0..<500 {
            let answer = maker.answer()
            let body = OpenAIChat.encodeAnswer(answer, CodecStory.context())
            OpenAIChatAnswerCodecTests.checkShape(body)
            let again = try OpenAIChat.decodeAnswer(JSONReader.read(JSONWriter.write(body)))
            #expect(again == answer)
        }
    }

    @Test func `requests`() throws {
        var maker = Maker(generator: SeededGenerator(seed: 2))
        var target = TargetTraits(model: "acme")
        target.takesReasoningContent = true
        for _ in 0..<500 {
            let request = maker.request()
            var losses = LossReport()
            let encoded = try OpenAIChat.encodeRequest(request, for: target, losses: &losses)
            let again = try OpenAIChat.decodeRequest(
                JSONReader.read(JSONWriter.write(encoded.body)),
                losses: &losses
            )
            #expect(again == request)
            #expect(losses.isEmpty)
        }
    }

    @Test func `an answer is the same in pieces and as a whole`() throws {
        var maker = Maker(generator: SeededGenerator(seed: 4))
        for _ in 0..<300 {
            let answer = maker.answer()
            var encoder = OpenAIChatStreamEncoder(CodecStory.context())
            var bytes: [UInt8] = []
            encoder.encode(.started(id: nil), into: &bytes)
            for block in answer.blocks {
                let (start, delta): (ModelEvent.BlockStart, ModelEvent.Delta) =
                    switch block {
                    case .text(let text): (.text, .text(text.text.string))
                    case .refusal(let words): (.refusal, .refusal(words))
                    case .reasoning(let reasoning): (.reasoning, .reasoningText(reasoning.text ?? ""))
                    case .toolCall(let call):
                        (.toolCall(id: call.id, name: call.name, kind: call.kind), .arguments(call.arguments.string))
                    case .image, .file, .toolResult, .hosted: (.text, .text(""))
                    }
                encoder.encode(.blockStarted(start), into: &bytes)
                encoder.encode(.delta(delta), into: &bytes)
                encoder.encode(.blockEnded, into: &bytes)
            }
            encoder.encode(.finished(answer.stop), into: &bytes)
            var blocks: [Block] = []
            for event in OpenAIChatStreamDecoderCodecTests.decode(
                EventCuts.events(in: [bytes[...]])
            ) {
                switch event {
                case .blockStarted(.text): blocks.append(.text(TextBlock("")))
                case .blockStarted(.refusal): blocks.append(.refusal(""))
                case .blockStarted(.reasoning): blocks.append(.reasoning(ReasoningBlock()))
                case .blockStarted(.toolCall(let id, let name, let kind)):
                    blocks.append(.toolCall(ToolCall(id: id, name: name, kind: kind, arguments: "")))
                case .delta(.text(let text)): blocks[blocks.count - 1] = .text(TextBlock(text))
                case .delta(.refusal(let text)): blocks[blocks.count - 1] = .refusal(text)
                case .delta(.reasoningText(let text)):
                    blocks[blocks.count - 1] = .reasoning(ReasoningBlock(text: text))
                case .delta(.arguments(let text)):
                    if case .toolCall(var call) = blocks[blocks.count - 1] {
                        call.arguments += JSONText(text)
                        blocks[blocks.count - 1] = .toolCall(call)
                    }
                case .finished(let stop): #expect(stop == answer.stop)
                case .failed: Issue.record("failed")
                case .started, .delta, .blockEnded, .usage: break
                }
            }
            #expect(blocks == answer.blocks)
        }
    }
}
