import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Every request of every dialect, as a target of each dialect gets it.
@Suite struct RequestTranslationTests {
    private static let pairs = TranslationFixture.pairs(
        TranslationFixture.requests.filter { !$0.isCount },
        withOwn: true
    )

    /// A model of today, one that takes all there is, and one that takes little.
    private static let targets: [TargetTraits] = {
        var rich = TargetTraits(model: "acme-large", maximumOutputTokens: 64_000)
        rich.takesSystemTurns = true
        rich.takesReasoningContent = true
        rich.efforts = Set(ReasoningOptions.Effort.allCases)
        var poor = TargetTraits(model: "acme-7b", maximumOutputTokens: 4_096)
        poor.usesMaximumCompletionTokens = false
        poor.takesStreamOptions = false
        poor.reasons = false
        poor.usesThinkingBudget = true
        poor.takesSampling = false
        poor.takesOutputSchema = false
        poor.takesStrictTools = false
        poor.takesCacheKey = false
        poor.takesOnlyLeadingSystem = true
        return [TargetTraits(model: "acme"), rich, poor]
    }()

    /// What no other dialect has: a search that must be run, a document that a provider must fetch.
    private static let refused: Set<String> = ["claude-code-nested-search", "everything"]

    private static func decode(_ body: JSONValue, _ dialect: Dialect) throws -> ModelRequest {
        var losses = LossReport()
        return switch dialect {
        case .openAIChat: try OpenAIChat.decodeRequest(body, losses: &losses)
        case .openAIResponses: try OpenAIResponses.decodeRequest(body, losses: &losses)
        case .anthropicMessages: try AnthropicMessages.decodeRequest(body, losses: &losses)
        }
    }

    private static let open: @Sendable (String) -> ReasoningEnvelope.Opened = { text in
        text.hasPrefix("sealed") ? .native(.signature, text) : .foreign
    }

    @Test func `there are requests of every dialect`() {
        #expect(Set(TranslationFixture.requests.map(\.dialect)) == Set(Dialect.allCases))
    }

    @Test(arguments: RequestTranslationTests.pairs)
    func `a request is refused by a field, or nothing of it is lost in silence`(_ pair: TranslationPair) throws {
        let body = try JSONReader.read(pair.fixture.bytes)
        for target in RequestTranslationTests.targets {
            let translation: RequestTranslation
            let written: RequestTranslation.Written
            do throws(TranslationRefusal) {
                translation = try RequestTranslation(pair.fixture.dialect, body: body)
                written = try translation.written(for: pair.other, target, open: RequestTranslationTests.open)
            } catch {
                #expect(RequestTranslationTests.refused.contains(pair.fixture.name), "\(error)")
                #expect(!error.field.isEmpty && !error.message.isEmpty)
                continue
            }
            let sent = written.encoded.body
            let read = try RequestTranslationTests.decode(sent, pair.other)
            #expect(read.model == target.model)
            #expect(read.stream == translation.request.stream)
            let missing = SpokenWords(of: translation.request).missing(in: sent, losses: written.losses)
            #expect(missing.isEmpty, "\(missing), lost: \(written.losses.headerValue)")
            RequestTranslationTests.checkOrder(of: read)
        }
    }

    /// What every provider refuses otherwise: results belong to the calls directly before them.
    private static func checkOrder(of request: ModelRequest) {
        var waiting: [String] = []
        for turn in request.turns {
            for block in turn.blocks {
                switch block {
                case .toolCall(let call):
                    #expect(ToolAliases.wireID(call.id) == call.id)
                    #expect(ToolAliases.wireName(call.name) == call.name.name)
                    waiting.append(call.id)
                case .toolResult(let result):
                    #expect(waiting.first == result.callID)
                    waiting = Array(waiting.dropFirst())
                case .text(let text):
                    #expect(!text.text.allSatisfy { $0.isWhitespace })
                    if turn.role == .user { #expect(waiting.isEmpty) }
                case .image, .file, .reasoning, .refusal, .hosted: break
                }
            }
        }
    }

    @Test(arguments: TranslationFixture.requests.filter(\.isCount))
    func `a request for a count is counted`(_ fixture: TranslationFixture) throws {
        let body = try JSONReader.read(fixture.bytes)
        let count = try RequestTranslation.estimatedInputTokens(ofCountRequest: body)
        // Four characters are about a token, and JSON has some that are none.
        #expect((fixture.bytes.count / 12...fixture.bytes.count / 3).contains(count))
    }

    @Test func `words that are lost are noticed`() throws {
        let fixture = try #require(TranslationFixture.requests.first { $0.name == "claude-code-parallel-tool-results" })
        let request = try RequestTranslation(fixture.dialect, body: JSONReader.read(fixture.bytes)).request
        let words = SpokenWords(of: request)
        #expect(words.missing(in: [:], losses: LossReport()).count > 20)
        let written = try RequestTranslation(fixture.dialect, body: JSONReader.read(fixture.bytes))
            .written(for: .openAIChat, TargetTraits(model: "acme"), open: RequestTranslationTests.open)
        var body = try #require(written.encoded.body.objectValue)
        body["messages"] = .array((body["messages"]?.arrayValue ?? []).dropLast())
        #expect(!words.missing(in: .object(body), losses: written.losses).isEmpty)
    }

    @Test(arguments: RequestTranslationTests.pairs)
    func `the same request is written the same way again`(_ pair: TranslationPair) throws {
        let body = try JSONReader.read(pair.fixture.bytes)
        func written() -> RequestTranslation.Written? {
            try? RequestTranslation(pair.fixture.dialect, body: body)
                .written(for: pair.other, TargetTraits(model: "acme"), open: RequestTranslationTests.open)
        }
        #expect(written() == written())
    }
}
