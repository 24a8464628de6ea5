import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Reasoning of several blocks, told to a Chat caller and sent back by it.
@Suite struct OpenAIChatReasoningCodecTests {
    /// What a block says, and its blob as it was sealed.
    private struct Thought: Hashable {
        let words: String
        let blob: String?
    }

    private static let mac = ReasoningEnvelopeTests.mac(key: 7)

    private static func blob(_ kind: OpaqueReasoning.Kind, _ payload: String) throws -> String {
        let maker = ReasoningBinding(provider: try Example.slug("acme"), model: try Example.slug("large"))
        return ReasoningEnvelope.seal(kind, payload, by: maker, mac: Self.mac)
    }

    private static func thoughts(_ shape: String) throws -> [Thought] {
        try shape.split(separator: " ").enumerated().map { number, kind in
            let words = "größe \(number)\n\n🙂\n\n"
            return switch kind {
            case "signed": Thought(words: words, blob: try Self.blob(.signature, "s\(number)"))
            case "silent": Thought(words: "", blob: try Self.blob(.signature, "q\(number)"))
            case "redacted": Thought(words: "", blob: try Self.blob(.redacted, "r\(number)"))
            default: Thought(words: words, blob: nil)
            }
        }
    }

    /// The message as a client puts it together from an answer, or from the chunks of one.
    private static func message(_ thoughts: [Thought], stream: Bool) throws -> JSONObject {
        var request = ModelRequest(model: "fast")
        request.reasoning.wantsOpaque = true
        let answer = ModelResponse(
            blocks: thoughts.map { thought in
                let summary = thought.words.isEmpty ? [] : [thought.words]
                return .reasoning(ReasoningBlock(summary: summary, opaque: thought.blob.map { .sealed($0) }))
            } + [.text(TextBlock("Yes."))],
            stop: .endTurn,
            usage: TokenUsage()
        )
        let context = CodecStory.context(request)
        var pieces: [JSONValue?] = []
        if stream {
            var encoder = OpenAIChatStreamEncoder(context)
            var bytes: [UInt8] = []
            for event in answer.events { encoder.encode(event, into: &bytes) }
            for event in EventCuts.events(in: [bytes[...]]) {
                guard let data = event.data, data != Array("[DONE]".utf8) else { continue }
                pieces.append(try JSONReader.read(data)["choices"]?.arrayValue?.first?["delta"])
            }
        } else {
            pieces = [OpenAIChat.encodeAnswer(answer, context)["choices"]?.arrayValue?.first?["message"]]
        }
        let words = pieces.compactMap { $0?["reasoning_content"]?.stringValue }.joined()
        return JSONObject([
            ("role", "assistant"), ("content", "Yes."), ("reasoning_content", .string(words)),
            ("reasoning_details", .array(pieces.flatMap { $0?["reasoning_details"]?.arrayValue ?? [] })),
        ])
    }

    private static func read(_ message: JSONObject) throws -> (thoughts: [Thought], losses: [String]) {
        var losses = LossReport()
        let request = try OpenAIChat.decodeRequest(
            ["model": "m", "messages": [["role": "user", "content": "x"], .object(message)]],
            losses: &losses
        )
        let thoughts: [Thought] = request.turns.flatMap(\.blocks).compactMap { block in
            guard case .reasoning(let reasoning) = block else { return nil }
            if case .sealed(let blob) = reasoning.opaque { return Thought(words: reasoning.text ?? "", blob: blob) }
            return Thought(words: reasoning.text ?? "", blob: nil)
        }
        return (thoughts, losses.losses.map { "\($0)" })
    }

    @Test(
        arguments: [
            "signed", "silent", "redacted", "silent silent", "signed signed", "redacted signed", "signed redacted",
            "signed silent signed", "redacted signed redacted signed", "silent signed", "unsigned signed signed",
            "redacted unsigned",
        ],
        [false, true]
    )
    func `words and blobs stay together on their way through a caller`(_ shape: String, _ stream: Bool) throws {
        let thoughts = try Self.thoughts(shape)
        let (read, losses) = try Self.read(Self.message(thoughts, stream: stream))
        #expect(losses.isEmpty)
        // Words that are nobody's may be told before a blob without any.
        #expect(shape == "redacted unsigned" ? Set(read) == Set(thoughts) : read == thoughts)
    }

    @Test func `the only blob of an answer goes as it is`() throws {
        let thoughts = try Self.thoughts("signed")
        let message = try Self.message(thoughts, stream: true)
        let blob = try #require(thoughts.first?.blob)
        #expect(
            message["reasoning_details"] == [["type": "reasoning.encrypted", "data": .string(blob), "index": 0]]
        )
    }

    @Test func `words that came back changed take no signature with them`() throws {
        var message = try Self.message(Self.thoughts("signed signed"), stream: false)
        let words = try #require(message["reasoning_content"]?.stringValue)
        for changed in [String(words.dropFirst()), String(words.dropLast()), "", "🙂"] {
            message["reasoning_content"] = .string(changed)
            let (read, losses) = try Self.read(message)
            #expect(read == (changed.isEmpty ? [] : [Thought(words: changed, blob: nil)]))
            #expect(losses.count == 1)
        }
    }

    @Test func `without places all words belong to the one signature`() throws {
        func read(_ shape: String) throws -> (thoughts: [Thought], losses: [String]) {
            let blobs = try Self.thoughts(shape).compactMap(\.blob)
            return try Self.read(
                JSONObject([
                    ("role", "assistant"), ("content", "Yes."), ("reasoning_content", "Hm."),
                    (
                        "reasoning_details",
                        .array(blobs.map { ["type": "reasoning.encrypted", "data": .string($0)] })
                    ),
                ])
            )
        }
        #expect(try read("redacted signed redacted").thoughts.map(\.words) == ["", "Hm.", ""])
        #expect(try read("redacted").thoughts.map(\.words) == ["Hm.", ""])
        let several = try read("signed signed")
        #expect(several.thoughts == [Thought(words: "Hm.", blob: nil)])
        #expect(several.losses.count == 1)
    }

    @Test(arguments: ["~", "~1", "~-1+2", "~1+2", "~2+1", "~9223372036854775807+9", "~0+99", "~3+1", "~5+0", "~1+2+3"])
    func `places that make no sense are none`(_ place: String) throws {
        let blobs = try Self.thoughts("signed signed").compactMap(\.blob).map { $0 + place }
        let (read, _) = try Self.read(
            JSONObject([
                ("role", "assistant"), ("content", "Yes."), ("reasoning_content", "Größe"),
                ("reasoning_details", .array(blobs.map { ["type": "reasoning.encrypted", "data": .string($0)] })),
            ])
        )
        #expect(read.map(\.words).joined() == "Größe")
    }
}
