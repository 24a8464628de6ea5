import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// Requests and answers in which anything may stand anywhere.
@Suite struct OpenAIChatHostileCodecTests {
    private static let values: [JSONValue] = [
        .null, true, 0, -1, "", "x", "data:,", "data:image/png;base64,", [], [:], [[:]], ["type": "text"],
        .number(JSONNumber(Int.max)), ["type": "function"], ["name": "f"], "function", "custom", "tool", "assistant",
    ]

    /// The value with one of its nodes replaced or taken out.
    private static func mutated(_ value: JSONValue, _ generator: inout SeededGenerator) -> JSONValue {
        let isHere = Int.random(in: 0..<4, using: &generator) == 0
        switch value {
        case .array(var elements) where !elements.isEmpty && !isHere:
            let index = Int.random(in: elements.indices, using: &generator)
            elements[index] = mutated(elements[index], &generator)
            return .array(elements)
        case .object(var object) where !object.isEmpty && !isHere:
            let name = object.memberNames.randomElement(using: &generator) ?? ""
            if Int.random(in: 0..<5, using: &generator) == 0 {
                object[name] = nil
            } else {
                object[name] = mutated(object[name] ?? .null, &generator)
            }
            return .object(object)
        case .null, .bool, .number, .string, .array, .object:
            return OpenAIChatHostileCodecTests.values.randomElement(using: &generator) ?? .null
        }
    }

    @Test(arguments: OpenAIChatRequestCodecTests.names)
    func `a broken request is read or refused by a field`(_ name: String) throws {
        let body = try CodecStory.json(file: "requests/openai-chat/\(name).json")
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<400 {
            var broken = body
            for _ in 0..<Int.random(in: 1...3, using: &generator) { broken = Self.mutated(broken, &generator) }
            var losses = LossReport()
            do {
                var request = try OpenAIChat.decodeRequest(broken, losses: &losses)
                // Not what an encoder is promised, which still must not stumble.
                request.turns.shuffle(using: &generator)
                for target in [TargetTraits(model: "acme"), OpenAIChatRequestCodecTests.older] {
                    _ = try OpenAIChat.encodeRequest(request, for: target, losses: &losses)
                }
            } catch {
                #expect(!error.field.isEmpty && !error.message.isEmpty)
            }
            #expect(losses.headerValue.utf8.allSatisfy { (0x21...0x7e).contains($0) })
        }
    }

    @Test(arguments: OpenAIChatAnswerCodecTests.names)
    func `a broken answer is read or a failure`(_ name: String) throws {
        let body = try CodecStory.json(file: "answers/openai-chat/\(name).json")
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<400 {
            let broken = Self.mutated(Self.mutated(body, &generator), &generator)
            do {
                let answer = try OpenAIChat.decodeAnswer(broken)
                OpenAIChatAnswerCodecTests.checkShape(
                    OpenAIChat.encodeAnswer(answer, CodecStory.context())
                )
            } catch {
                #expect(error.failure != .truncated)
            }
        }
    }
}
