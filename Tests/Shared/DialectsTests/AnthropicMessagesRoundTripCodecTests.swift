import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// What is written and read again is the same, where Messages has words for it.
@Suite struct AnthropicMessagesRoundTripCodecTests {
    private typealias Story = AnthropicMessagesCodecStory

    private struct Maker: RandomWords {
        var generator: SeededGenerator

        mutating func call(_ number: Int) -> ToolCall {
            ToolCall(
                id: "toolu_\(number)",
                name: ToolName(self.one(of: ["one", "two"], else: "one")),
                arguments: self.one(of: ["{}", "{\"a\":[1,2.50]}", "{\"b\":{\"c\":\"é\\n\"}}"], else: "{}")
            )
        }

        mutating func reasoning() -> Block {
            .reasoning(
                self.one(
                    of: [
                        ReasoningBlock(summary: ["Hm."], opaque: .native(.signature, "s")),
                        ReasoningBlock(opaque: .native(.redacted, "r")),
                    ],
                    else: ReasoningBlock()
                )
            )
        }

        mutating func answer() -> ModelResponse {
            var blocks: [Block] = []
            if self.chance() { blocks.append(self.reasoning()) }
            if self.chance() { blocks.append(.text(TextBlock(self.text()))) }
            let calls = Int.random(in: 0...3, using: &self.generator)
            let isRefusal = calls == 0 && self.chance()
            if isRefusal { blocks.append(.refusal("No.")) }
            for number in 0..<calls { blocks.append(.toolCall(self.call(number))) }
            let natural: [StopReason] =
                calls > 0
                ? [.toolCalls, .maximumTokens]
                : isRefusal ? [.refusal] : [.endTurn, .stopSequence("END"), .maximumTokens, .contextFull, .pause]
            return ModelResponse(
                id: "msg_r-1",
                blocks: blocks,
                stop: self.one(of: natural, else: .endTurn),
                usage: TokenUsage(
                    input: 30,
                    output: 9,
                    cachedInput: Int.random(in: 0...20, using: &self.generator),
                    cacheWrite: Int.random(in: 0...10, using: &self.generator),
                    reasoning: Int.random(in: 0...9, using: &self.generator)
                )
            )
        }

        mutating func request() -> ModelRequest {
            var request = ModelRequest(model: "acme")
            if self.chance() { request.turns.append(Turn(.system, [.text(TextBlock(self.text()))])) }
            request.turns.append(Turn(.user, [.text(TextBlock(self.text()))]))
            var number = 0
            for _ in 0..<Int.random(in: 0...4, using: &self.generator) {
                var said: [Block] = []
                if self.chance() { said.append(self.reasoning()) }
                said.append(.text(TextBlock(self.text())))
                var reply: [Block] = []
                for _ in 0..<Int.random(in: 0...3, using: &self.generator) {
                    let call = self.call(number)
                    number += 1
                    said.append(.toolCall(call))
                    let image = Block.image(ImageBlock(.inline(mediaType: "image/png", base64: "AAAA")))
                    let blocks = self.chance() ? [.text(TextBlock(self.text())), image] : [.text(TextBlock("x"))]
                    reply.append(.toolResult(ToolResult(callID: call.id, blocks: blocks)))
                }
                reply.append(.text(TextBlock(self.text())))
                if self.chance() { reply.append(.image(ImageBlock(.url("https://a.example/b.png")))) }
                if self.chance() {
                    reply.append(.file(FileBlock(.inline(mediaType: "application/pdf", base64: "AAAA"), name: "a")))
                    reply.append(.file(FileBlock(.text("words"))))
                }
                request.turns.append(Turn(.assistant, said))
                request.turns.append(Turn(.user, reply))
                if self.chance() { request.turns.append(Turn(.system, [.text(TextBlock(self.text()))])) }
            }
            request.tools = ["one", "two"].map {
                ToolDefinition(
                    ToolName($0),
                    description: "d",
                    kind: .function(parameters: ["type": "object", "properties": [:]], strict: false)
                )
            }
            request.toolChoice = self.one(
                of: [nil, .auto, ToolChoice.none, .required, .named(ToolName("two"))],
                else: nil
            )
            if request.toolChoice == .auto || request.toolChoice == .required {
                request.parallelTools = self.one(of: [nil, false], else: nil)
            }
            if self.chance() { request.sampling.topK = JSONNumber(7) }
            request.maximumOutputTokens = self.one(of: [1, 4_096], else: 1)
            request.stopSequences = self.one(of: [[], ["END"], ["a", "b"]], else: [])
            if request.toolChoice == nil, request.sampling.topK == nil {
                request.reasoning.effort = self.one(of: [nil, .low, .max], else: nil)
                if request.reasoning.effort != nil { request.reasoning.thinking = .adaptive }
                if self.chance() { request.reasoning.thinking = .adaptive }
            }
            request.stream = self.chance()
            return request
        }
    }

    @Test func `answers`() throws {
        var maker = Maker(generator: SeededGenerator(seed: 1))
        for _ in 0..<500 {
            var answer = maker.answer()
            var sealed = answer
            sealed.blocks = Story.sealed(answer.blocks)
            let body = AnthropicMessages.encodeAnswer(sealed, CodecStory.context(Story.thinker()))
            AnthropicMessagesAnswerCodecTests.checkShape(body)
            let again = try AnthropicMessages.decodeAnswer(JSONReader.read(JSONWriter.write(body)))
            // Two refusals with the same words are one.
            answer.blocks.removeAll { $0 == .text(TextBlock("No.")) }
            #expect(again == answer)
        }
    }

    @Test func `streams`() throws {
        var maker = Maker(generator: SeededGenerator(seed: 2))
        for _ in 0..<500 {
            let answer = maker.answer()
            var sealed = answer
            sealed.blocks = Story.sealed(answer.blocks)
            let bytes = AnthropicMessagesStreamEncoderCodecTests.bytes(sealed.events)
            try AnthropicMessagesStreamEncoderCodecTests.checkShape(bytes)
            let events = AnthropicMessagesStreamDecoderCodecTests.decode(bytes)
            AnthropicMessagesStreamDecoderCodecTests.checkOrder(events)
            let again = try #require(ModelResponse(folding: events))
            // The words of a refusal were told as text, and its explanation repeats them.
            guard answer.stop != .refusal else { continue }
            #expect(again == answer)
        }
    }

    @Test func `requests`() throws {
        var maker = Maker(generator: SeededGenerator(seed: 3))
        var target = TargetTraits(model: "acme")
        target.takesSystemTurns = true
        for _ in 0..<500 {
            let request = maker.request()
            var losses = LossReport()
            let encoded = try AnthropicMessages.encodeRequest(request, for: target, losses: &losses)
            AnthropicMessagesRequestShape.check(encoded.body, systemTurns: true)
            var again = try AnthropicMessages.decodeRequest(
                JSONReader.read(JSONWriter.write(encoded.body)),
                losses: &losses
            )
            #expect(losses.isEmpty)
            // Breakpoints were added, and what is opaque is the gateway's to open.
            again.turns = again.turns.map { Turn($0.role, $0.blocks.map(Self.withoutBreakpoint)) }
            again.tools = again.tools.map { ToolDefinition($0.name, description: $0.description, kind: $0.kind) }
            again.reasoning.wantsOpaque = false
            var expected = request
            expected.turns = request.turns.map { Turn($0.role, Story.sealed($0.blocks)) }
            #expect(again == expected)
        }
    }

    private static func withoutBreakpoint(_ block: Block) -> Block {
        switch block {
        case .text(var text):
            text.cacheControl = nil
            return .text(text)
        case .image(var image):
            image.cacheControl = nil
            return .image(image)
        case .file(var file):
            file.cacheControl = nil
            return .file(file)
        case .toolResult(var result):
            result.cacheControl = nil
            return .toolResult(result)
        case .reasoning, .toolCall, .refusal, .hosted: return block
        }
    }

    @Test func `random bodies never crash the codec`() throws {
        var generator = SeededGenerator(seed: 4)
        let fixtures = try AnthropicMessagesRequestDecodingCodecTests.names.map {
            try CodecStory.json(file: "requests/anthropic-messages/\($0).json")
        }
        let odd: [JSONValue] = [.null, true, 7, -1, "x", "", [], [:], ["type": "text"], [["role": "user"]]]
        func broken(_ value: JSONValue, _ depth: Int) -> JSONValue {
            if Int.random(in: 0..<40, using: &generator) == 0 { return odd.randomElement(using: &generator) ?? .null }
            switch value {
            case .null, .bool, .number, .string: return value
            case .array(let elements): return .array(elements.map { broken($0, depth + 1) })
            case .object(let object):
                return .object(JSONObject(object.members.map { ($0.name, broken($0.value, depth + 1)) }))
            }
        }
        var read = 0
        for _ in 0..<1_500 {
            let body = broken(fixtures.randomElement(using: &generator) ?? .null, 0)
            var losses = LossReport()
            guard var request = try? AnthropicMessages.decodeRequest(body, losses: &losses) else { continue }
            read += 1
            for usesBudget in [false, true] {
                var target = TargetTraits(model: "acme", maximumOutputTokens: 8_192)
                target.usesThinkingBudget = usesBudget
                _ = try? AnthropicMessages.encodeRequest(request, for: target, losses: &losses)
            }
            _ = try? OpenAIChat.encodeRequest(request, for: TargetTraits(model: "acme"), losses: &losses)
            request.turns.shuffle(using: &generator)
            _ = try? AnthropicMessages.encodeRequest(request, for: TargetTraits(model: "acme"), losses: &losses)
            #expect(losses.headerValue.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
        }
        #expect(read > 50)
    }
}
