import GatewayTestSupport
import Testing
import Wire

@Suite struct JSONReaderTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "-1.5e10", "1E+2", "1e-2", "0.0", "0e0",
        "123456789012345678901234567890", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""A\u00e9""#,
        #""\ud83d\ude00""#, #""\u0000""#, "\"\u{7f}\"", "\"é🙂\"", "[]", "[ ]", "[1]", "[1,2 , 3]", "[[[]]]", "{}",
        "{ }", #"{"a":1}"#, #"{"a":{"b":[{}]},"c":null}"#, #"{"":0}"#, #"{"a":1,"A":2}"#, " \t\r\n1 \t\r\n",
        #"{"\u0061":1}"#, "\"\u{2028}\"", "\"\u{feff}\"",
    ])
    func `valid texts are read and written back to an equal value`(text: String) throws {
        let value = try JSONReader.read(Array(text.utf8))
        let written = JSONWriter.write(value)
        #expect(try JSONReader.read(written) == value)
        #expect(try JSONReader.read(Array(text.utf8), texts: .asWritten, proven: true) == value)
        // Writing is stable: what was written once is written the same again.
        #expect(JSONWriter.write(try JSONReader.read(written)) == written)
    }

    @Test(arguments: [
        ("", JSONError.Problem.empty), (" \n", .empty), ("nul", .invalidLiteral), ("nulL", .invalidLiteral),
        ("True", .unexpectedByte), ("tru", .invalidLiteral), ("falsee", .trailingBytes), ("NaN", .unexpectedByte),
        ("nan", .invalidLiteral), ("Infinity", .unexpectedByte), ("-Infinity", .invalidNumber),
        ("01", .invalidNumber), ("-01", .invalidNumber), ("00", .invalidNumber), ("+1", .unexpectedByte),
        (".5", .unexpectedByte), ("1.", .invalidNumber), ("-", .invalidNumber), ("1e", .invalidNumber),
        ("1e+", .invalidNumber), ("1.e1", .invalidNumber), ("1.5.5", .trailingBytes), ("0x10", .trailingBytes),
        ("1_000", .trailingBytes), ("1 2", .trailingBytes), ("1,", .trailingBytes), ("[", .unexpectedEnd),
        ("[1", .unexpectedEnd), ("[1,", .unexpectedEnd), ("[1,]", .unexpectedByte), ("[,1]", .unexpectedByte),
        ("[1 2]", .unexpectedByte), ("[1}", .unexpectedByte), ("]", .unexpectedByte), ("{", .unexpectedEnd),
        (#"{"a""#, .unexpectedEnd), (#"{"a":"#, .unexpectedEnd), (#"{"a":1"#, .unexpectedEnd),
        (#"{"a":1,"#, .unexpectedEnd), (#"{"a":1,}"#, .unexpectedByte), (#"{"a" 1}"#, .unexpectedByte),
        (#"{"a"}"#, .unexpectedByte), ("{a:1}", .unexpectedByte), ("{'a':1}", .unexpectedByte),
        ("{1:1}", .unexpectedByte), (#"{,"a":1}"#, .unexpectedByte), (#"{"a":1]"#, .unexpectedByte),
        ("'a'", .unexpectedByte), (#"""#, .unexpectedEnd), (#""a"#, .unexpectedEnd), (#""\"#, .unexpectedEnd),
        (#""\x""#, .invalidString), (#""\u""#, .invalidString), (#""\u12g4""#, .invalidString),
        (#""\u12"#, .unexpectedEnd), (#""\ud800""#, .invalidString), (#""\ud800\n""#, .invalidString),
        (#""\ud800A""#, .invalidString), (#""\udc00""#, .invalidString), (#""\U0041""#, .invalidString),
        ("\"a\nb\"", .invalidString), ("\"a\tb\"", .invalidString), ("\"\u{0}\"", .invalidString),
        ("\u{feff}1", .unexpectedByte), ("// c\n1", .unexpectedByte), ("/* c */1", .unexpectedByte),
        ("1 // c", .trailingBytes), ("\u{a0}1", .unexpectedByte), ("1\u{0}", .trailingBytes),
        (#"{"a":1,"a":2}"#, .duplicateName), (#"{"a":1,"\u0061":2}"#, .duplicateName),
        (#"[{"b":{"x":1,"x":1}}]"#, .duplicateName), ("\u{b}1", .unexpectedByte), ("\u{c}1", .unexpectedByte),
        ("undefined", .unexpectedByte), ("[1,,2]", .unexpectedByte), (#"{"a"::1}"#, .unexpectedByte),
        (#"["a\"#, .unexpectedEnd), ("[\"\u{1f}\"]", .invalidString), ("{}{}", .trailingBytes),
    ])
    func `malformed texts are refused with their reason`(text: String, problem: JSONError.Problem) {
        #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8)) }
        do { _ = try JSONReader.read(Array(text.utf8)) } catch {
            #expect(error.problem == problem, "\(text)")
            #expect((0...text.utf8.count).contains(error.offset))
        }
    }

    @Test(arguments: [
        (#"["a","b"]"#, ["a", "b"]), (#"["","\""]"#, ["", #"""#]), (#"["\\","\\\""]"#, [#"\"#, #"\""#]),
        (#"["\"\"","x"]"#, [#""""#, "x"]), (#"["\n \"q\" \\","é\u00e9"]"#, ["\n \"q\" \\", "éé"]),
    ])
    func `the ends of proven strings are found behind quotes that are escaped`(text: String, strings: [String]) throws {
        let value = try JSONReader.read(Array(text.utf8), texts: .asWritten, proven: true)
        #expect(value.arrayValue?.map { $0.stringValue } == strings)
    }

    @Test func `a text that is said to be proven and is not harms nobody`() {
        for text in [#"""#, #""a\"#, #""\""#, #"["\\\"]"#, #"{"a\":1}"#] {
            #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8), texts: .asWritten, proven: true) }
        }
        for wrong in ["\"\\x\"", "\"\\ud800\"", "\"\n\""] {
            _ = try? JSONReader.read(Array(wrong.utf8), texts: .asWritten, proven: true).stringValue
            _ = try? JSONReader.read(Array(wrong.utf8), proven: true)
        }
        let broken: [UInt8] = [0x22, 0xff, 0xc3, 0x22]
        _ = try? JSONReader.read(broken, texts: .asWritten, proven: true).stringValue
    }

    @Test(arguments: [("1", 1), ("[]", 1), (#"{"a":1,"b":[true,{}]}"#, 5), (#"["\u0041",null,-1.5]"#, 4)])
    func `as many values as are allowed are read, and not one more`(text: String, count: Int) throws {
        let bytes = Array(text.utf8)
        #expect(try JSONReader.read(bytes, maximumValues: count) == JSONReader.read(bytes))
        do {
            _ = try JSONReader.read(bytes, maximumValues: count - 1)
            Issue.record("read")
        } catch {
            #expect(error.problem == .tooManyValues)
        }
    }

    @Test(
        arguments: [
            [0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xe2, 0x82, 0x22],
            [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22],
            [0x22, 0x5c, 0x6e, 0xff, 0x22], [0x22, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x22],
        ] as [[UInt8]]
    )
    func `strings that are not UTF-8 are refused`(bytes: [UInt8]) {
        do {
            _ = try JSONReader.read(bytes)
            Issue.record("read")
        } catch {
            #expect(error.problem == .invalidUTF8)
        }
    }

    @Test func `bytes outside UTF-8 are refused everywhere`() {
        for bytes in [[0xff], [0xfe, 0xff, 0x31], [0x31, 0xff], [0xef, 0xbb, 0xbf, 0x31]] as [[UInt8]] {
            #expect(throws: JSONError.self) { try JSONReader.read(bytes) }
        }
    }

    @Test func `escapes give the characters that they stand for`() throws {
        let value = try JSONReader.read(Array(#""\u0041\u00e9\u20ac\ud83d\ude00\u0000\/\b\f""#.utf8))
        #expect(value == .string("A\u{e9}\u{20ac}\u{1f600}\u{0}/\u{8}\u{c}"))
    }

    @Test func `depth is limited, at the limit and however deep`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONReader.read(nested(64))
        for text in [nested(65), nested(10_000), [UInt8](repeating: 0x5b, count: 1_000_000)] {
            do {
                _ = try JSONReader.read(text)
                Issue.record("read")
            } catch {
                #expect(error == JSONError(.tooDeep, at: 64))
            }
        }
        _ = try JSONReader.read(nested(3), maximumDepth: 3)
        #expect(throws: JSONError(.tooDeep, at: 3)) { try JSONReader.read(nested(4), maximumDepth: 3) }
        let objects = String(repeating: #"{"a":"#, count: 3000)
        #expect(throws: JSONError(.tooDeep, at: 64 * 5)) { try JSONReader.read(Array(objects.utf8)) }
    }

    @Test(arguments: [2, 31, 32, 33, 34, 100, 5000])
    func `a twin name is found in objects of any size`(count: Int) throws {
        let members = (0..<count).map { #""m\#($0)":\#($0)"# }
        let text = "{" + members.joined(separator: ",")
        let value = try JSONReader.read(Array((text + "}").utf8))
        #expect(value.objectValue?.count == count)
        for twin in [0, count / 2, count - 1] {
            do {
                _ = try JSONReader.read(Array((text + #","m\#(twin)":0}"#).utf8))
                Issue.record("read")
            } catch {
                #expect(error.problem == .duplicateName)
            }
        }
    }

    @Test func `every truncation of a text is refused`() throws {
        let text = Array(#"{"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00",null,true,{"b":false}],"c":"é"}"#.utf8)
        _ = try JSONReader.read(text)
        for length in text.indices {
            #expect(throws: JSONError.self) { try JSONReader.read(Array(text[..<length])) }
        }
    }

    @Test(arguments: 0..<4)
    func `random bytes and random damage never do worse than be refused`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet =
            Array(#"{}[]",:\/u0123456789abcdefEtrulnsx .-+"#.utf8) + [0x00, 0x0a, 0x1f, 0x7f, 0xc3, 0xa9, 0xff]
        for _ in 0..<3000 {
            let count = Int.random(in: 0...40, using: &generator)
            let text = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            if let value = try? JSONReader.read(text) {
                #expect(try JSONReader.read(JSONWriter.write(value)) == value)
            }
        }
    }
}
