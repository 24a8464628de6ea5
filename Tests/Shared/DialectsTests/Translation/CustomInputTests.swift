import Testing
import Wire

@testable import Dialects

@Suite struct CustomInputTests {
    /// The input that a text gives in one piece; every cut in two and single characters must give the same.
    private static func input(_ text: String) -> String {
        let whole = CustomInputTests.read([text])
        let scalars = Array(text.unicodeScalars)
        func part(_ range: Range<Int>) -> String {
            var part = ""
            part.unicodeScalars.append(contentsOf: scalars[range])
            return part
        }
        for cut in scalars.indices {
            #expect(CustomInputTests.read([part(0..<cut), part(cut..<scalars.count)]) == whole, "cut at \(cut)")
        }
        #expect(CustomInputTests.read(scalars.indices.map { part($0..<$0 + 1) }) == whole)
        return whole
    }

    private static func read(_ pieces: [String]) -> String {
        var input = CustomInput()
        return pieces.map { input.read($0) }.joined() + input.end()
    }

    @Test(arguments: [
        "", "ls -la", "*** Begin Patch\n+\t\"x\" \\ y\n*** End Patch", "größe 🙂 \u{1}\u{7f}", #"{"input":"a"}"#, "\"}",
        "a\", b",
    ])
    func `what was wrapped comes out as it was`(_ text: String) {
        #expect(CustomInputTests.input(JSONWriter.text(["input": .string(text)])) == text)
    }

    @Test func `white space and other members do not matter`() {
        #expect(CustomInputTests.input(" {\n \"input\" : \"a\\nb\" \n}\n") == "a\nb")
        #expect(CustomInputTests.input(#"{"input":"a","note":"b"}"#) == "a")
        #expect(CustomInputTests.input(#"{"note":{"x":[1]},"input":"a"}"#) == "a")
    }

    @Test func `escapes are undone`() {
        #expect(CustomInputTests.input(#"{"input":"\u00e9\ud83d\ude42\/\b\f\r\"\\"}"#) == "é🙂/\u{8}\u{c}\r\"\\")
    }

    @Test func `escapes that are none stay or become the sign for what cannot be read`() {
        #expect(CustomInputTests.input(#"{"input":"\d\x41"}"#) == #"\d\x41"#)
        #expect(CustomInputTests.input(#"{"input":"\ud83dx\ude42"}"#) == "\u{fffd}x\u{fffd}")
        #expect(CustomInputTests.input(#"{"input":"\u12g"}"#) == #"\u12g"#)
        #expect(CustomInputTests.input(#"{"input":"\ud83d\n"}"#) == "\u{fffd}\n")
    }

    @Test(arguments: [
        "*** Begin Patch\n*** End Patch", "{ const x = 1 }", "[1]", "\"quoted\"", "{\"a\":1}", #"{"input":1}"#,
        #"{"input"#, "{", #"{"patch":"x"}"#, "tru",
    ])
    func `text that is not wrapped is the input`(_ text: String) {
        #expect(CustomInputTests.input(text) == text)
    }

    @Test(arguments: ["", "{}", " { } ", #"{"input":""}"#])
    func `nothing is nothing`(_ text: String) {
        #expect(CustomInputTests.input(text).isEmpty)
    }

    @Test func `quotes that were not escaped are text`() {
        #expect(CustomInputTests.input(#"{"input":"say "hi" now"}"#) == #"say "hi" now"#)
        #expect(CustomInputTests.input(#"{"input":"f("a", "b")"}"#) == #"f("a", "b")"#)
        #expect(CustomInputTests.input(#"{"input":"x = {"a"}"}"#) == #"x = {"a"}"#)
    }

    @Test func `a call that was cut off gives what came`() {
        #expect(CustomInputTests.input(#"{"input":"abc"#) == "abc")
        #expect(CustomInputTests.input(#"{"input":"abc\"#) == #"abc\"#)
        #expect(CustomInputTests.input(#"{"input":"abc"# + "\"") == "abc")
    }

    @Test func `text flows before the call ends`() {
        var input = CustomInput()
        #expect(input.read(#"{"input":"one "#) == "one ")
        #expect(input.read(#"two\n"#) == "two\n")
        #expect(input.read(#"\u00"#) == "")
        #expect(input.read(#"e9"}"#) == "é")
        #expect(input.end() == "")
    }

    @Test func `endless white space is text`() {
        let space = String(repeating: " ", count: 3_000)
        #expect(CustomInputTests.read([space]) == space)
        #expect(CustomInputTests.read([#"{"input":"a""#, space, "x\"}"]) == "a\"\(space)x")
    }
}
