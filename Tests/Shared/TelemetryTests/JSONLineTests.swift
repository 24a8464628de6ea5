import Telemetry
import Testing
import Wire

@Suite struct JSONLineTests {
    @Test func `a line has its members in order`() {
        var line = JSONLine()
        line.add("time", time: 1_795_412_460_123)
        line.add("text", "plain")
        line.add("none", String?.none)
        line.add("some", Optional("x"))
        line.add("count", 42)
        line.add("missing", Int?.none)
        line.add("yes", true)
        line.add("no", false)
        line.add("total_ms", milliseconds: 1_234_567_899)
        line.add("first_ms", milliseconds: UInt64?.none)
        line.addNull("nothing")
        line.add("attempts", objects: 2) { line, index in
            line.add("target", ["a", "b"][index])
            line.add("status", 200)
        }
        line.add("empty", objects: 0) { _, _ in }
        line.add("last", 0)
        let text = String(decoding: line.finish(), as: UTF8.self)
        #expect(
            text == """
                {"time":"2026-11-23T05:41:00.123Z","text":"plain","none":null,"some":"x","count":42,"missing":null,\
                "yes":true,"no":false,"total_ms":1234.567,"first_ms":null,"nothing":null,\
                "attempts":[{"target":"a","status":200},{"target":"b","status":200}],"empty":[],"last":0}\n
                """
        )
    }

    @Test func `the next line starts afresh`() {
        var line = JSONLine()
        line.add("a", 1)
        _ = line.finish()
        let empty = line.finish()
        #expect(empty == Array("{}\n".utf8))
        line.add("b", 2)
        let bytes = line.finish()
        #expect(bytes == Array("{\"b\":2}\n".utf8))
    }

    @Test(arguments: [
        "", "a", "\"", "\\", "\n", "\u{0}\u{1F}\u{7F}", "é€😀", "a\"b\\c\nd\te\rf", "</script>", "\u{2028}", "x\u{0}",
    ])
    func `a text reads back as it was`(_ text: String) throws {
        var line = JSONLine()
        line.add("text", text)
        let bytes = line.finish()
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(try JSONReader.read(bytes)["text"] == .string(text))
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, -100, Int.max, Int.min])
    func `a whole number has its digits`(_ number: Int) {
        var line = JSONLine()
        line.add("n", number)
        let bytes = line.finish()
        #expect(bytes == Array("{\"n\":\(number)}\n".utf8))
    }

    @Test(arguments: [
        (0, 3, "0.000"), (-0.0, 3, "0.000"), (1.5, 0, "2"), (1.25, 1, "1.3"), (-1.25, 1, "-1.3"), (-0.0004, 3, "0.000"),
        (0.0005, 3, "0.001"), (0.1, 9, "0.100000000"), (123.456, 2, "123.46"), (99.999, 2, "100.00"), (-3, 1, "-3.0"),
        (7.5, 20, "7.500000000"), (7.5, -1, "8"), (1e300, 3, "1e+300"), (-1e300, 3, "-1e+300"), (.nan, 3, "null"),
        (.infinity, 3, "null"), (-.infinity, 3, "null"),
    ])
    func `a decimal is rounded to its places`(_ number: Double, _ decimals: Int, _ text: String) {
        var line = JSONLine()
        line.add("n", number, decimals: decimals)
        let bytes = line.finish()
        #expect(bytes == Array("{\"n\":\(text)}\n".utf8))
    }

    @Test(
        arguments: [
            (0, "0.000"), (999, "0.000"), (1000, "0.001"), (1_000_000, "1.000"), (61_000_000_000, "61000.000"),
            (UInt64.max, "18446744073709.551"),
        ] as [(UInt64, String)]
    )
    func `nanoseconds become milliseconds`(_ nanoseconds: UInt64, _ text: String) {
        var line = JSONLine()
        line.add("ms", milliseconds: nanoseconds)
        let bytes = line.finish()
        #expect(bytes == Array("{\"ms\":\(text)}\n".utf8))
    }
}
