import Canonical
import Dialects
import Foundation
import GatewayTestSupport
import Testing
import Wire

/// The texts in `Fixtures/tokens` were counted with the published vocabularies cl100k_base and o200k_base.
@Suite struct TokenEstimateTests {
    private struct CountedText: Sendable, CustomStringConvertible {
        let name: String
        let text: String
        let counts: [Int]

        var description: String { self.name }

        static let all: [CountedText] = {
            let folder = FixtureFolder(beside: URL(filePath: #filePath).deletingLastPathComponent().path)
            guard let bytes = try? folder.bytes(of: "tokens/counts.json"),
                case .object(let object) = try? JSONReader.read(bytes)
            else { return [] }
            return object.members.compactMap { name, counts in
                guard let text = try? folder.bytes(of: "tokens/\(name)") else { return nil }
                return CountedText(
                    name: name,
                    text: String(decoding: text, as: UTF8.self),
                    counts: ["cl100k_base", "o200k_base"].compactMap { counts[$0]?.intValue }
                )
            }
        }()

        /// Texts in which a word is a token in neither vocabulary.
        static let otherLanguages: Set<String> = ["german.txt", "japanese.txt", "russian.txt"]
    }

    @Test func `there are texts of every kind`() {
        #expect(CountedText.all.count >= 12)
        #expect(CountedText.all.allSatisfy { $0.counts.count == 2 })
    }

    @Test(arguments: CountedText.all.filter { !CountedText.otherLanguages.contains($0.name) })
    private func `English, code and JSON are estimated within 15 percent`(_ text: CountedText) {
        let estimate = Double(TokenEstimate.tokens(text.text))
        for count in text.counts { #expect(abs(estimate / Double(count) - 1) < 0.15, "\(estimate) for \(count)") }
    }

    @Test(arguments: CountedText.all.filter { CountedText.otherLanguages.contains($0.name) })
    private func `other languages are estimated between the vocabularies, give or take a fifth`(_ text: CountedText) {
        let estimate = Double(TokenEstimate.tokens(text.text))
        let counts = text.counts.map { Double($0) }
        #expect(estimate > (counts.min() ?? 0) * 0.8 && estimate < (counts.max() ?? 0) * 1.2, "\(estimate)")
    }

    @Test func `all texts as one conversation are estimated within 10 percent`() {
        var request = ModelRequest(model: "m")
        request.turns = CountedText.all.map { Turn(.user, [.text(TextBlock($0.text))]) }
        let count = CountedText.all.compactMap(\.counts.first).reduce(0, +) + 4 * CountedText.all.count
        let estimate = TokenEstimate.inputTokens(request)
        #expect(abs(Double(estimate) / Double(count) - 1) < 0.1, "\(estimate) for \(count)")
    }

    @Test(arguments: [1, 3, 40])
    func `a long conversation costs what its texts cost, as far as pieces of it tell`(_ turns: Int) throws {
        // Every text again and again, in so many turns, as it is and as a request has it.
        let all = CountedText.all.map(\.text).joined(separator: "\n")
        let text = String(repeating: all, count: 1 + 300_000 / all.utf8.count)
        let characters = Array(text.unicodeScalars)
        let length = characters.count / turns + 1
        let parts = stride(from: 0, to: characters.count, by: length).map { start in
            String(String.UnicodeScalarView(characters[start..<min(start + length, characters.count)]))
        }
        let whole = parts.reduce(3) { $0 + 4 + TokenEstimate.tokens($1) }
        let written = try JSONReader.read(JSONWriter.write(.array(parts.map { .string($0) })), texts: .asWritten)
        for texts in [parts.map { JSONText($0) }, written.arrayValue?.compactMap(\.textValue) ?? []] {
            var request = ModelRequest(model: "m")
            request.turns = texts.map { Turn(.user, [.text(TextBlock($0))]) }
            let estimate = TokenEstimate.inputTokens(request)
            #expect(abs(Double(estimate) / Double(whole) - 1) < 0.05, "\(estimate) for \(whole)")
        }
    }

    @Test func `a text in which no piece can be cut is counted whole`() throws {
        let bytes = [0x22] + Array(repeating: UInt8(ascii: "\\"), count: 200_000) + [0x22]
        let text = try #require(try JSONReader.read(bytes, texts: .asWritten).textValue)
        var request = ModelRequest(model: "m")
        request.turns = [Turn(.user, [.text(TextBlock(text))])]
        #expect(TokenEstimate.inputTokens(request) == 7 + TokenEstimate.tokens(text.string))
    }

    // MARK: Pictures and structure

    private static func tokens(_ block: Block) -> Int {
        var request = ModelRequest(model: "m")
        let none = TokenEstimate.inputTokens(request)
        request.turns = [Turn(.user, [block])]
        return TokenEstimate.inputTokens(request) - none - 4
    }

    private static func picture(_ bytes: [UInt8]) -> Block {
        .image(ImageBlock(.inline(mediaType: "image/png", base64: JSONText(Base64.encode(bytes)))))
    }

    /// 640 × 480 in each form, as far as the size.
    private static let beginnings: [[UInt8]] = [
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
            + [0, 0, 0x02, 0x80, 0, 0, 0x01, 0xe0],
        Array("GIF89a".utf8) + [0x80, 0x02, 0xe0, 0x01],
        [0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9, 0xff, 0xff, 0xc2, 0, 17, 8, 0x01, 0xe0, 0x02, 0x80, 3],
        Array("RIFF....WEBPVP8 ....".utf8) + [0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01],
        Array("RIFF....WEBPVP8L....".utf8) + [0x2f, 0x7f, 0xc2, 0x77, 0x00],
        Array("RIFF....WEBPVP8X....".utf8) + [0, 0, 0, 0, 0x7f, 0x02, 0, 0xdf, 0x01, 0],
    ]

    @Test(arguments: TokenEstimateTests.beginnings)
    func `a picture counts by its size`(_ bytes: [UInt8]) {
        #expect(TokenEstimateTests.tokens(TokenEstimateTests.picture(bytes)) == 640 * 480 / 750 + 1)
        for length in 0..<bytes.count {
            // A file that is cut off is a picture whose size is not known, or its size stands before the cut.
            let tokens = TokenEstimateTests.tokens(TokenEstimateTests.picture(Array(bytes.prefix(length))))
            #expect(tokens == 1_600 || tokens == 640 * 480 / 750 + 1)
        }
    }

    @Test func `a picture that is large, referred to or none at all counts as the largest`() {
        let huge: [UInt8] =
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + Array("....IHDR".utf8)
            + Array(repeating: 0xff, count: 8)
        #expect(TokenEstimateTests.tokens(TokenEstimateTests.picture(huge)) == 1_600)
        #expect(TokenEstimateTests.tokens(.image(ImageBlock(.url("https://example.com/a.png")))) == 1_600)
        #expect(TokenEstimateTests.tokens(.image(ImageBlock(.inline(mediaType: "", base64: "?")))) == 1_600)
    }

    @Test func `a picture in a tool's result counts as well`() {
        let picture = TokenEstimateTests.picture(TokenEstimateTests.beginnings[0])
        let result = Block.toolResult(ToolResult(callID: "1", blocks: [picture, picture]))
        #expect(TokenEstimateTests.tokens(result) == 2 * (640 * 480 / 750 + 1) + 10)
    }

    @Test func `tools and schemas count`() {
        var request = ModelRequest(model: "m")
        let none = TokenEstimate.inputTokens(request)
        let schema: JSONValue = ["type": "object", "properties": ["path": ["type": "string"]]]
        request.tools = [
            ToolDefinition(ToolName("read"), description: "Reads.", kind: .function(parameters: schema, strict: nil))
        ]
        let withTool = TokenEstimate.inputTokens(request)
        request.outputFormat = .jsonSchema(name: "answer", schema: schema, strict: nil, description: nil)
        #expect(withTool > none + 20)
        #expect(TokenEstimate.inputTokens(request) > withTool + 12)
    }

    @Test func `long files and blobs count by their length`() {
        let page = TokenEstimateTests.tokens(.file(FileBlock(.inline(mediaType: "application/pdf", base64: "AAAA"))))
        let long = String(repeating: "AAAA", count: 40_000)
        let pages = TokenEstimateTests.tokens(
            .file(FileBlock(.inline(mediaType: "application/pdf", base64: JSONText(long))))
        )
        #expect(page == 1_600 && pages == 5 * 1_600)
        let reasoning = ReasoningBlock(summary: ["short"], opaque: .sealed(String(repeating: "A", count: 4_000)))
        #expect(TokenEstimateTests.tokens(.reasoning(reasoning)) == 1_000)
    }
}
