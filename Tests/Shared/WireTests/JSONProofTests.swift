import GatewayTestSupport
import Testing
import Wire

@Suite struct JSONProofTests {
    private func isObject(_ text: String) -> Bool { self.isObject(Array(text.utf8)) }

    private func isObject(_ bytes: [UInt8]) -> Bool { JSONProof.isObject(bytes.span) }

    private static let values = [
        "null", "true", "false", "0", "-0", "10", "1.5", "-1.5e10", "1E+2", "1e-2", "0e0", #""""#, #""a""#,
        #""\"\\\/\b\f\n\r\t""#, #""A\u00e9\uABCD""#, #""\ud83d\ude00""#, "\"\u{7f}\"", "\"é🙂 and then some more\"",
        "[]",
        "[ ]", "[1]", "[1,2 , 3]", "[[[]],{}]", "{}", "{ }", #"{"a":1}"#, #"{"a":{"b":[{}]},"c":null}"#, #"{"":0}"#,
        " \t\r\n1 \t\r\n",
    ]

    private static let wrong = [
        "", " ", "nul", "nulL", "True", "NaN", "Infinity", "-Infinity", "01", "-01", "+1", ".5", "1.", "-", "1e", "1e+",
        "1.e1", "1.5.5", "0x10", "1 2", "1,", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "]", "}", "{",
        #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,"#, #"{"a":1,}"#, #"{"a" 1}"#, #"{"a"}"#, "{a:1}", "{'a':1}", "{1:1}",
        #"{,"a":1}"#, #"{"a":1]"#, "'a'", #"""#, #""a"#, #""\"#, #""\x""#, #""\u""#, #""\u12g4""#, #""\u12"#,
        #""\U0041""#, "\"a\nb\"", "\"a\tb\"", "\"\u{0}\"", "// c\n1", "1 // c", "\u{a0}1", "1\u{0}", "[1,,2]",
        #"{"a"::1}"#, #"["a\"#, "[{]}", "[[}]", #"{"a":[}]"#, #"{"a":[1}"#, "[\"12345678\u{1f}\"]",
    ]

    @Test(arguments: JSONProofTests.values)
    func `any value may be a member`(_ value: String) {
        for text in ["{\"a\":\(value)}", " {\"x\":[\(value),\(value)] , \"b\":{\"c\":\(value)}}\n"] {
            #expect(self.isObject(text), "\(text)")
            #expect((try? JSONReader.read(Array(text.utf8))) != nil)
        }
    }

    @Test(arguments: JSONProofTests.values)
    func `a value alone is no object`(_ value: String) {
        #expect(self.isObject(value) == value.hasPrefix("{"))
    }

    @Test(arguments: JSONProofTests.wrong)
    func `what is no value is none as a member`(_ value: String) {
        for text in ["{\"a\":\(value)}", "{\"x\":[\(value)", "{\"x\":{\"y\":\(value)}}", "{\"a\":1}\(value)x"] {
            #expect(!self.isObject(text), "\(text)")
        }
    }

    @Test func `a text that is cut anywhere is no object`() {
        let bytes = Array(#"{"a":{"b":["}",1]},"c":[{"x":"é\\\"\u12aF"}],"d":[[]],"e":-1.5e3,"f":true,"":null}"#.utf8)
        for count in 0..<bytes.count { #expect(!self.isObject(Array(bytes[..<count])), "\(count)") }
        #expect(self.isObject(bytes))
    }

    @Test func `it agrees with the reader on damaged texts`() {
        var generator = SeededGenerator(seed: 5)
        let text = Array(#"{"a":{"b":["}",1.5e3,-0]},"c":[{"x":"é\\\" \n\/","y":true}],"d":[[]],"e":null,"":{}}"#.utf8)
        let spice = Array("{}[]\":,\\ntu0 -e.1".utf8) + [0x00, 0x7f, 0xc3, 0xa9, 0xff]
        for _ in 0..<20_000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let offset = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[offset] = spice.randomElement(using: &generator) ?? 0
                case 1: bytes.insert(spice.randomElement(using: &generator) ?? 0, at: offset)
                default: bytes.removeSubrange(offset..<min(bytes.count, offset + 3))
                }
            }
            let read: Bool
            do throws(JSONError) { read = try JSONReader.read(bytes).objectValue != nil } catch {
                // Twins are not looked for.
                guard error.problem != .duplicateName else { continue }
                read = false
            }
            #expect(self.isObject(bytes) == read, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test func `nesting has an end, and so does the work`() {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        #expect(self.isObject(nested(JSONProof.maximumDepth)))
        #expect(!self.isObject(nested(JSONProof.maximumDepth + 1)))
        #expect(!self.isObject(String(repeating: "{\"a\":", count: 100_000)))
        #expect(self.isObject("{\"a\":\"\(String(repeating: "\\\"é", count: 100_000))\"}"))
    }

    @Test func `values are visited in their order, as deep as is asked`() {
        let bytes = Array(#"{"a":1,"b":[{"c":"x"},2],"d":{"e":{"f":null}}}"#.utf8)
        func visited(_ depth: Int) -> [String] {
            var visited: [String] = []
            let isObject = JSONProof.isObject(bytes.span, visitedDepth: depth) { value in
                let name = String(decoding: bytes[value.name], as: UTF8.self)
                visited.append("\(value.depth) \(name) \(Character(Unicode.Scalar(value.first)))")
                return true
            }
            #expect(isObject)
            return visited
        }
        #expect(visited(0).isEmpty)
        #expect(visited(1) == ["1 a 1", "1 b [", "1 d {"])
        #expect(visited(2) == ["1 a 1", "1 b [", "2  {", "2  2", "1 d {", "2 e {"])
        #expect(visited(9).suffix(3) == ["1 d {", "2 e {", "3 f n"])
        let isVisited = JSONProof.isObject(bytes.span, visitedDepth: 2) { $0.depth < 2 }
        #expect(!isVisited)
    }

    @Test(arguments: [
        (#"{}"#, []), (#" { } "#, []), (#"{"a":1}"#, [#"a=1"#]),
        (
            #"{"a" : 1 ,"b":[{"c":"x"},2] , "d":{"e":{"f":null}},"":{},"a":"}"}"#,
            [#"a=1"#, #"b=[{"c":"x"},2]"#, #"d={"e":{"f":null}}"#, "={}", #"a="}""#]
        ),
    ])
    func `members of the object itself are told once each has ended`(_ text: String, _ wanted: [String]) {
        let bytes = Array(text.utf8)
        for depth in [0, 1, 4] {
            var ended: [String] = []
            let isObject = JSONProof.isObject(bytes.span, visitedDepth: depth) { _ in
                true
            } ended: { member in
                let name = String(decoding: bytes[member.name], as: UTF8.self)
                ended.append("\(name)=\(String(decoding: bytes[member.value], as: UTF8.self))")
            }
            #expect(isObject)
            #expect(ended == wanted)
        }
    }
}
