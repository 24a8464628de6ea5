import GatewayTestSupport
import Testing
import Wire

/// Texts are what their characters are, whether they are held as such or as they were written.
@Suite struct JSONTextTests {
    /// The text as it would be read from a request: each character written in one of the ways in which it can be.
    private static func written(_ text: String, seed: UInt64 = 1) throws -> JSONText {
        var generator = SeededGenerator(seed: seed)
        var bytes: [UInt8] = [0x22]
        for character in text.unicodeScalars {
            let mustBeEscaped = character.value < 0x20 || character == "\"" || character == "\\"
            guard mustBeEscaped || Int.random(in: 0..<3, using: &generator) == 0 else {
                bytes += Array(String(character).utf8)
                continue
            }
            for unit in String(character).utf16 {
                let digits = String(unit, radix: 16, uppercase: generator.next() % 2 == 0)
                bytes += Array((#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            }
        }
        return try #require(try JSONReader.read(bytes + [0x22], texts: .asWritten).textValue)
    }

    private static let texts = [
        "", "a", "tool_result", "a text that is too long for small ones", "\n\n", "\"quoted\" and \\ twice", "é",
        "日本語のテキスト",
        "🙂🙂🙂🙂🙂🙂", "\u{0}\u{1}\u{1f}\u{7f}", "data:image/png;base64,AAAA//==", "e\u{301}", "\u{e9}", "\u{2028},",
    ]

    @Test func `what was detached is the same, as it was written, and holds no more than itself`() throws {
        let bytes = Array(#"{"a":["x\n",{"b":"\u00e9","n":1.50}],"c":null,"d":true,"e":""}"#.utf8)
        let value = try JSONReader.read(bytes, texts: .asWritten)
        let detached = value.detached
        #expect(detached == value)
        #expect(JSONWriter.write(detached) == bytes)
        let text = try #require(detached["a"]?.arrayValue?.first?.textValue?.written)
        #expect(text.startIndex == 0 && text == Array(#"x\n"#.utf8)[...])
        #expect(JSONText("plain").detached == "plain")
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `a text equals itself however it was written, and nothing else`(_ seed: UInt64) throws {
        for text in JSONTextTests.texts {
            let written = try JSONTextTests.written(text, seed: seed)
            #expect(written.string == text && written.utf8 == Array(text.utf8))
            #expect(written.isEmpty == text.isEmpty)
            for other in JSONTextTests.texts {
                // Canonically equivalent texts are not the same bytes.
                let isSame = Array(text.utf8) == Array(other.utf8)
                let plain = JSONText(other)
                let again = try JSONTextTests.written(other, seed: seed + 1)
                #expect((written == plain) == isSame && (plain == written) == isSame && (written == again) == isSame)
                if isSame { #expect(written.hashValue == plain.hashValue && written.hashValue == again.hashValue) }
            }
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `texts are joined in any mix`(_ seed: UInt64) throws {
        for first in JSONTextTests.texts {
            for second in JSONTextTests.texts {
                for (left, right) in [
                    (JSONText(first), JSONText(second)),
                    (try JSONTextTests.written(first, seed: seed), JSONText(second)),
                    (JSONText(first), try JSONTextTests.written(second, seed: seed)),
                    (try JSONTextTests.written(first, seed: seed), try JSONTextTests.written(second, seed: seed)),
                ] {
                    #expect((left + right).string == first + second)
                    let joined = [left, right, left].joined(separator: "\n\"")
                    #expect(joined.string == "\(first)\n\"\(second)\n\"\(first)")
                    // What is joined is a right string again, and its pieces are what they were.
                    #expect(try JSONReader.read(JSONWriter.write(.string(joined))) == .string(joined))
                    #expect(left.string == first && right.string == second)
                }
            }
        }
    }

    @Test func `a text that grows by pieces does not change its copies`() throws {
        var text = try JSONTextTests.written("a text that is too long for small ones")
        var copies: [JSONText] = []
        var expected = text.string
        for index in 0..<50 {
            copies.append(text)
            text += index % 2 == 0 ? JSONText("plain \(index)\n") : try JSONTextTests.written("written \(index)\n")
            expected += index % 2 == 0 ? "plain \(index)\n" : "written \(index)\n"
        }
        #expect(text.string == expected)
        for copy in copies { #expect(expected.hasPrefix(copy.string)) }
        #expect(Set(copies).count == copies.count)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `beginnings are whole characters`(_ seed: UInt64) throws {
        for text in JSONTextTests.texts + JSONTextTests.texts.map({ $0 + String(repeating: "long ", count: 20) }) {
            for candidate in [JSONText(text), try JSONTextTests.written(text, seed: seed)] {
                #expect(candidate.first == text.unicodeScalars.first)
                for count in 0..<(text.unicodeScalars.count + 2) {
                    let beginning = String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
                    #expect(Array(candidate.beginning(count).utf8) == Array(beginning.utf8))
                    #expect(candidate.hasPrefix(beginning))
                    #expect(!candidate.hasPrefix(beginning + "\u{3}"))
                }
            }
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `the first character, and the first that is no space, are found however they are written`(
        _ seed: UInt64
    ) throws {
        for beginning in ["", " ", "\n\t\r \u{b}", "\u{a0} ", "  \\n", "\t\u{8}"] {
            for text in JSONTextTests.texts.map({ beginning + $0 }) {
                let first = text.unicodeScalars.first { !" \n\t\r".unicodeScalars.contains($0) }
                for candidate in [JSONText(text), try JSONTextTests.written(text, seed: seed)] {
                    #expect(candidate.first == text.unicodeScalars.first)
                    #expect(candidate.firstBehindSpace == first)
                }
            }
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `a text is split at the first mark near its beginning`(_ seed: UInt64) throws {
        for text in JSONTextTests.texts {
            for candidate in [JSONText(text), try JSONTextTests.written(text, seed: seed)] {
                let characters = text.unicodeScalars
                for count in [0, 1, 5, 22, 1_000] {
                    let split = candidate.split(atFirst: ",", within: count)
                    guard let place = characters.prefix(count).firstIndex(of: ",") else {
                        #expect(split == nil)
                        continue
                    }
                    #expect(split?.head == String(characters[..<place]))
                    #expect(split?.tail.string == String(characters[characters.index(after: place)...]))
                }
            }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `a piece from anywhere cuts no character and no escape`(_ seed: UInt64) throws {
        let whole = JSONTextTests.texts.joined(separator: " and ")
        for candidate in [JSONText(whole), try JSONTextTests.written(whole, seed: seed)] {
            for offset in 0..<(candidate.count + 2) {
                for length in [1, 2, 7, 40, 10_000] {
                    guard let piece = candidate.excerpt(from: offset, length: length) else { continue }
                    #expect(piece.count > 0 && piece.count <= candidate.count)
                    let text = try #require(String(validating: piece.utf8, as: UTF8.self))
                    #expect(whole.utf8.firstRange(of: text.utf8) != nil)
                }
            }
            let all = try #require(candidate.excerpt(from: 0, length: candidate.count))
            #expect(all.utf8 == Array(whole.utf8) && all.count == candidate.count)
            #expect(candidate.excerpt(from: candidate.count, length: 1) == nil)
            #expect(candidate.excerpt(from: -1, length: 1) == nil && candidate.excerpt(from: 0, length: 0) == nil)
        }
        // Nothing but backslashes: no place among them is certain.
        let bytes = [0x22] + Array(repeating: UInt8(ascii: "\\"), count: 4_000) + [0x22]
        let slashes = try #require(try JSONReader.read(bytes, texts: .asWritten).textValue)
        #expect(slashes.excerpt(from: 1_001, length: 100) == nil)
    }

    @Test func `a text keeps to its place in the bytes it came from`() throws {
        let object = try JSONReader.read(
            Array(#"{"long name of a member":"a text of more than fifteen bytes","b":"\u0061bc","c":["\n"]}"#.utf8),
            texts: .asWritten
        )
        #expect(object.objectValue?.memberNames == ["long name of a member", "b", "c"])
        #expect(object["long name of a member"]?.stringValue == "a text of more than fifteen bytes")
        #expect(object["b"] == "abc" && object["c"] == ["\n"])
        // Copied as it was; told to somebody who reads it without the escape that it does not need.
        let rest = #""c":["\n"]}"#
        let first = #"{"long name of a member":"a text of more than fifteen bytes","#
        #expect(String(decoding: JSONWriter.write(object), as: UTF8.self) == first + #""b":"\u0061bc","# + rest)
        #expect(JSONWriter.text(object) == first + #""b":"abc","# + rest)
    }
}
