import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Every whole answer of every dialect, as a caller of each other dialect gets it.
@Suite struct AnswerTranslationTests {
    private static let pairs = TranslationFixture.pairs(TranslationFixture.answers)

    @Test func `there are answers of every dialect`() {
        #expect(Set(TranslationFixture.answers.map(\.dialect)) == Set(Dialect.allCases))
    }

    private static func decode(_ body: JSONValue, _ dialect: Dialect) throws(AnswerProblem) -> ModelResponse {
        switch dialect {
        case .openAIChat: try OpenAIChat.decodeAnswer(body)
        case .openAIResponses: try OpenAIResponses.decodeAnswer(body)
        case .anthropicMessages: try AnthropicMessages.decodeAnswer(body)
        }
    }

    @Test(arguments: AnswerTranslationTests.pairs)
    func `the caller reads what the provider said, or learns that it is no answer`(_ pair: TranslationPair) throws {
        let body = try JSONReader.read(pair.fixture.bytes)
        let request = try pair.request
        func translated() throws(AnswerProblem) -> AnswerTranslation {
            try AnswerTranslation(
                of: body,
                from: pair.fixture.dialect,
                to: pair.other,
                request: request,
                context: pair.context,
                seal: TranslationPair.seal
            )
        }
        guard let decoded = try? AnswerTranslationTests.decode(body, pair.fixture.dialect) else {
            #expect(throws: AnswerProblem.self) { try translated() }
            return
        }
        let answer = try translated()
        try GoldenFile("translated/answers/\(pair.fixture).\(pair.other.rawValue).json", in: TranslationFixture.folder)
            .check(answer.body)
        let said = ToldAnswer(
            AnswerRestoration.restored(decoded, to: request, requestID: "r-1", seal: TranslationPair.seal),
            isCaller: false
        )
        let read = ToldAnswer(try AnswerTranslationTests.decode(answer.body, pair.other), isCaller: true)
        #expect(said.problems(ofReading: read, in: JSONWriter.text(answer.body)) == [])
        #expect(read.input == answer.usage.input)
        #expect(read.output == answer.usage.output)
    }

    @Test(arguments: [Dialect.openAIResponses, .anthropicMessages])
    func `calls without ids get other ones in each answer`(_ caller: Dialect) throws {
        let call: JSONValue = ["function": ["name": "look", "arguments": "{}"]]
        let answer: JSONValue = [
            "choices": [["message": ["tool_calls": [call, call]], "finish_reason": "tool_calls"]]
        ]
        let ids = try ["r-1", "r-2"].flatMap { requestID in
            let context = AnswerContext(
                requestID: requestID,
                model: "fast",
                createdAt: 0,
                request: ModelRequest(model: "fast"),
                estimatedInputTokens: 1
            )
            let body = try AnswerTranslation(
                of: answer,
                from: .openAIChat,
                to: caller,
                request: EncodedRequest(body: [:], aliases: ToolAliases([])),
                context: context,
                seal: TranslationPair.seal
            ).body
            return try AnswerTranslationTests.decode(body, caller).blocks.compactMap { block in
                if case .toolCall(let call) = block { call.id } else { nil }
            }
        }
        #expect(ids.count == 4)
        #expect(Set(ids).count == 4)
        #expect(ids.allSatisfy { ToolAliases.wireID($0) == $0 })
    }
}
