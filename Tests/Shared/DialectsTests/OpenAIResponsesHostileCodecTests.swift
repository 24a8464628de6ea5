import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Responses requests and answers with anything in the place of anything.
@Suite struct OpenAIResponsesHostileCodecTests {
    /// A value in which some members are others, or missing.
    private static func broken(_ value: JSONValue, _ generator: inout SeededGenerator) -> JSONValue {
        if Int.random(in: 0..<40, using: &generator) == 0 {
            let others: [JSONValue] = [
                .null, true, 7, -1, "", "x", [], [:], [.null], ["type": "x"], "function", "message",
            ]
            return others.randomElement(using: &generator) ?? .null
        }
        switch value {
        case .null, .bool, .number, .string: return value
        case .array(let elements):
            return .array(elements.map { OpenAIResponsesHostileCodecTests.broken($0, &generator) })
        case .object(let object):
            var result = JSONObject()
            for (name, value) in object.members where Int.random(in: 0..<60, using: &generator) > 0 {
                result[name] = OpenAIResponsesHostileCodecTests.broken(value, &generator)
            }
            return .object(result)
        }
    }

    @Test(arguments: OpenAIResponsesRequestCodecTests.names)
    func `a broken request is refused by a field of its own or served`(_ name: String) throws {
        let body = try CodecStory.json(file: "requests/openai-responses/\(name).json")
        var generator = SeededGenerator(seed: 11)
        var served = 0
        for _ in 0..<150 {
            let broken = OpenAIResponsesHostileCodecTests.broken(body, &generator)
            do throws(TranslationRefusal) {
                var losses = LossReport()
                let request = try OpenAIResponses.decodeRequest(broken, losses: &losses)
                let paths = RequestPaths(.openAIResponses, body: broken)
                let ordered = try ConversationOrder.ordered(request, at: paths, losses: &losses)
                _ = try OpenAIResponses.encodeRequest(ordered, for: TargetTraits(model: "acme"), losses: &losses)
                // In any order, too.
                _ = try OpenAIResponses.encodeRequest(request, for: TargetTraits(model: "acme"), losses: &losses)
                let fits = losses.losses.allSatisfy { loss in
                    loss.field.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ",") }
                }
                #expect(fits)
                served += 1
            } catch {
                #expect(!error.field.isEmpty && !error.message.isEmpty)
            }
        }
        #expect(served > 0)
    }

    @Test(arguments: OpenAIResponsesAnswerCodecTests.names)
    func `a broken answer is a failure or an answer`(_ name: String) throws {
        let body = try CodecStory.json(file: "answers/openai-responses/\(name).json")
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<300 {
            let broken = OpenAIResponsesHostileCodecTests.broken(body, &generator)
            guard let answer = try? OpenAIResponses.decodeAnswer(broken) else { continue }
            let context = CodecStory.context()
            try OpenAIResponsesShape.check(
                response: OpenAIResponses.encodeAnswer(OpenAIResponsesAnswerCodecTests.sealed(answer), context)
            )
        }
    }
}
