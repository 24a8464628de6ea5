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
            AnswerRestoration.restored(decoded, to: request, seal: TranslationPair.seal),
            isCaller: false
        )
        let read = ToldAnswer(try AnswerTranslationTests.decode(answer.body, pair.other), isCaller: true)
        #expect(said.problems(ofReading: read, in: JSONWriter.text(answer.body)) == [])
        #expect(read.input == answer.usage.input)
        #expect(read.output == answer.usage.output)
    }
}
