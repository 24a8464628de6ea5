import Testing
import Wire

@Suite struct JSONValueTests {
    @Test func `numbers keep the text that was written`() throws {
        for text in ["1.0", "1e3", "-0", "0.1", "123456789012345678901234567890", "1E-7"] {
            let value = try JSONReader.read(Array(text.utf8))
            #expect(JSONWriter.text(value) == text)
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1.0", 1), ("1e3", 1000), ("-5", -5), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("1.5", nil), ("9223372036854775808", nil), ("1e400", nil),
            ("9007199254740993.0", nil), ("1e-1", nil), ("123456789012345678901234567890", nil),
        ] as [(String, Int?)]
    )
    func `a whole number that fits is one, others are not`(text: String, expected: Int?) throws {
        #expect(try JSONReader.read(Array(text.utf8)).intValue == expected)
    }

    @Test func `numbers from doubles read back as the same value`() throws {
        for value in [0.0, -0.0, 0.1, 1e300, -2.5, .greatestFiniteMagnitude, 1e20, 123_456_789.123] {
            let number = try #require(JSONNumber(value))
            #expect(number.double == value)
            #expect(try JSONReader.read(Array(number.text.utf8)) == .number(number))
        }
        for value in [Double.nan, .infinity, -.infinity] { #expect(JSONNumber(value) == nil) }
    }

    @Test func `strings are escaped so that any text survives`() throws {
        for text in ["", "\"\\/", "\u{0}\u{1}\u{1f}\u{7f}", "\n\r\t\u{8}\u{c}", "é🙂\u{2028}\u{feff}", "</script>"] {
            let written = JSONWriter.write(.string(text))
            #expect(try JSONReader.read(written) == .string(text))
            #expect(!written.dropFirst().dropLast().contains { $0 < 0x20 })
        }
        #expect(JSONWriter.text("a\u{1}\"b") == #""a\u0001\"b""#)
    }

    @Test func `members keep their order through changes`() {
        var object = JSONObject([("b", 1), ("a", 2), ("b", 3)])
        #expect(JSONWriter.text(.object(object)) == #"{"b":3,"a":2}"#)
        object["c"] = 4
        object["a"] = nil
        object["b"] = "x"
        object["missing"] = nil
        #expect(JSONWriter.text(.object(object)) == #"{"b":"x","c":4}"#)
        #expect(object.count == 2 && !object.isEmpty && object["a"] == nil)
    }

    @Test func `values give only what they are`() {
        #expect(JSONValue.string("a").stringValue == "a")
        #expect(JSONValue.int(1).stringValue == nil)
        #expect((true as JSONValue).boolValue == true)
        #expect((1 as JSONValue).boolValue == nil)
        #expect(([1] as JSONValue).arrayValue == [1])
        #expect((["a": ["b": 2]] as JSONValue)["a"]?["b"] == 2)
        #expect((nil as JSONValue)["a"] == nil)
        #expect(
            [nil, true, 1, "a", [], [:]].map { ($0 as JSONValue).kind }
                == ["null", "a boolean", "a number", "a string", "an array", "an object"]
        )
    }
}
