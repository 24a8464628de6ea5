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
        var poor = TargetTraits.poor(maximumOutputTokens: 4_096)
        poor.usesThinkingBudget = true
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

    private enum Outcome: Hashable {
        case written(JSONValue, LossReport, ModelRequest)
        case refused(TranslationRefusal)
    }

    private static func outcome(_ body: JSONValue, _ pair: TranslationPair, _ target: TargetTraits) -> Outcome {
        do throws(TranslationRefusal) {
            let translation = try RequestTranslation(pair.fixture.dialect, body: body)
            let written = try translation.written(for: pair.other, target, open: RequestTranslationTests.open)
            return .written(written.encoded.body, written.losses, translation.request)
        } catch {
            return .refused(error)
        }
    }

    /// The same JSON with every character of every string as an escape.
    private static func escaped(_ value: JSONValue) -> String {
        func string(_ text: String) -> String {
            "\""
                + text.utf16.map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }.joined() + "\""
        }
        switch value {
        case .null, .bool, .number: return JSONWriter.text(value)
        case .string(let text): return string(text.string)
        case .array(let elements): return "[\(elements.map(escaped).joined(separator: ","))]"
        case .object(let object):
            return "{\(object.members.map { "\(string($0.name)):\(escaped($0.value))" }.joined(separator: ","))}"
        }
    }

    @Test(arguments: RequestTranslationTests.pairs)
    func `a request means the same however its strings are written and kept`(_ pair: TranslationPair) throws {
        let body = try JSONReader.read(pair.fixture.bytes)
        let bodies = [
            try JSONReader.read(pair.fixture.bytes, texts: .asWritten),
            try JSONReader.read(Array(RequestTranslationTests.escaped(body).utf8), texts: .asWritten),
        ]
        for target in RequestTranslationTests.targets {
            let expected = RequestTranslationTests.outcome(body, pair, target)
            for other in bodies {
                let outcome = RequestTranslationTests.outcome(other, pair, target)
                guard case .written(let sent, _, _) = outcome else {
                    #expect(outcome == expected)
                    continue
                }
                // Arguments are JSON in a string: they are the same when they mean the same.
                #expect(outcome == expected)
                #expect(try JSONReader.read(JSONWriter.write(sent)) == sent)
            }
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
                    #expect(!text.text.string.allSatisfy { $0.isWhitespace })
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
