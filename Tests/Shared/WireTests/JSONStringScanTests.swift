import GatewayTestSupport
import Testing
import Wire

/// The reader looks at eight bytes at a time: every byte has to be found wherever it stands, and told as before.
@Suite struct JSONStringScanTests {
    /// What can stand in a string, and what cannot.
    private static let pieces: [[UInt8]] =
        ["a", " ", "!", "#", "[", "]", "x", "~", "\u{7f}", "é", "ﬀ", "日本", "🙂", "\u{2028}", "\u{80}", "\u{ffff}"].map {
            Array($0.utf8)
        }
        + [
            #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0041"#, #"\u00e9"#, #"\uFFFF"#,
            #"\ud83d\ude00"#, #"\u0000"#,
        ].map { Array($0.utf8) }
        + [Array(repeating: UInt8(ascii: "p"), count: 7), Array(repeating: UInt8(ascii: "q"), count: 9)]
    private static let broken: [[UInt8]] =
        [#"\x"#, #"\u12g4"#, #"\ud800"#, #"\ud800\n"#, #"\udc00"#, #"\u"#, #"\N"#, #"\ud83d\u0041"#].map {
            Array($0.utf8)
        } + [
            [0x00], [0x0a], [0x1f], [0x80], [0xc0, 0x80], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
            [0xf0, 0x80, 0x80, 0x80], [0xf8], [0xff], [0xe0, 0x9f, 0xbf], [0x5c], [0x22],
        ]

    /// Reads a text that is one string both ways, and compares with the definition.
    private static func check(_ text: [UInt8], _ note: String = "") {
        var expected: Result<[UInt8], JSONError>
        let start = text.firstIndex(of: UInt8(ascii: "\"")) ?? 0
        do throws(JSONError) {
            let (utf8, end) = try PlainString.read(text, at: start)
            expected = end == text.count ? .success(utf8) : .failure(JSONError(.trailingBytes, at: end))
            let rest = text[end...].firstIndex { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
            if end < text.count {
                expected = rest.map { .failure(JSONError(.trailingBytes, at: $0)) } ?? .success(utf8)
            }
        } catch {
            expected = .failure(error)
        }
        for texts in [JSONReader.Texts.decoded, .asWritten] {
            let read: Result<[UInt8], JSONError>
            do throws(JSONError) {
                read = .success(try JSONReader.read(text, texts: texts).textValue?.utf8 ?? [])
            } catch {
                read = .failure(error)
            }
            #expect(read == expected, "\(note) \(texts): \(text)")
        }
    }

    @Test func `every byte is found at every place of a word, and told as the definition tells it`() {
        for piece in JSONStringScanTests.pieces + JSONStringScanTests.broken {
            for before in 0..<20 {
                for after in 0..<12 {
                    let plain = Array(repeating: UInt8(ascii: "a"), count: before)
                    let rest = Array(repeating: UInt8(ascii: "z"), count: after)
                    JSONStringScanTests.check([0x22] + plain + piece + rest + [0x22])
                    // Moved against the beginning of the memory, and with much behind it.
                    JSONStringScanTests.check(
                        [0x20, 0x20, 0x20, 0x22] + plain + piece + rest + [0x22] + plain.map { _ in 0x20 }
                    )
                }
            }
        }
    }

    @Test func `every single byte is a part of a string or an error`() {
        for byte in UInt8.min...UInt8.max {
            for before in 0..<17 {
                let plain = Array(repeating: UInt8(ascii: "a"), count: before)
                JSONStringScanTests.check([0x22] + plain + [byte] + plain + [0x22])
                JSONStringScanTests.check([0x22] + plain + [0x5c, byte] + plain + [0x22])
            }
        }
    }

    @Test func `a string that breaks off is told at its end`() {
        let whole: [UInt8] = [0x22] + JSONStringScanTests.pieces.flatMap { $0 } + [0x22]
        for count in 1...whole.count { JSONStringScanTests.check(Array(whole.prefix(count))) }
    }

    @Test(arguments: 0..<8)
    func `random strings are read as the definition reads them`(_ batch: Int) {
        for index in 0..<600 {
            let seed = UInt64(batch * 600 + index)
            var generator = SeededGenerator(seed: seed)
            var text: [UInt8] = [0x22]
            for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                text += JSONStringScanTests.pieces.randomElement(using: &generator) ?? []
            }
            if Int.random(in: 0..<3, using: &generator) == 0 {
                let place = Int.random(in: 1...text.count, using: &generator)
                text.insert(contentsOf: JSONStringScanTests.broken.randomElement(using: &generator) ?? [], at: place)
            }
            JSONStringScanTests.check(text + [0x22], "seed \(seed)")
        }
    }

    /// As a writer must: quotes, backslashes and control characters.
    private static func escaped(_ text: String) -> [UInt8] {
        let short: [UInt8: String] = [0x22: #"\""#, 0x5c: #"\\"#, 0x0a: #"\n"#, 0x0d: #"\r"#, 0x09: #"\t"#]
        return [0x22]
            + text.utf8.flatMap { byte -> [UInt8] in
                if let escape = short[byte] { return Array(escape.utf8) }
                guard byte < 0x20 || byte == 0x7f else { return [byte] }
                let digits = String(byte, radix: 16)
                return Array((#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            } + [0x22]
    }

    @Test func `every character is written as it must be at every place of a word`() {
        let characters = (0..<0x100).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "\u{ffff}", "\u{1f600}"]
        for character in characters {
            for before in 0..<18 {
                let text = String(repeating: "a", count: before) + String(character) + String(repeating: "z", count: 9)
                #expect(JSONWriter.write(.string(text)) == JSONStringScanTests.escaped(text))
                #expect(
                    JSONWriter.write(.string(String(text.dropLast(9))))
                        == JSONStringScanTests.escaped(String(text.dropLast(9)))
                )
            }
        }
    }

    @Test func `what was written is written again as it was`() throws {
        let text: [UInt8] = [0x22] + JSONStringScanTests.pieces.flatMap { $0 } + [0x22]
        let value = try JSONReader.read(text, texts: .asWritten)
        #expect(JSONWriter.write(value) == text)
        #expect(try JSONReader.read(JSONWriter.write(value)) == JSONReader.read(text))
    }
}
