import Testing
import Wire

/// Members found in bytes without building values.
@Suite struct JSONMemberWalkTests {
    private func members(_ text: String, from start: Int = 0) -> (found: [String], isWhole: Bool) {
        let bytes = Array(text.utf8)
        var found: [String] = []
        let isWhole = JSONMemberWalk.walk(bytes.span, from: start) { member in
            let name = String(decoding: bytes[member.name], as: UTF8.self)
            found.append("\(name)=\(String(decoding: bytes[member.value], as: UTF8.self))")
            return true
        }
        return (found, isWhole)
    }

    @Test func `members are found with their values as written`() {
        let (found, isWhole) = self.members(
            #" { "a" : 1 , "b\"":"x\\" ,"c":[{"a":"]}"}], "d":-1.5e3,"e":null,"":{}} tail"#
        )
        #expect(found == ["a=1", #"b\"="x\\""#, #"c=[{"a":"]}"}]"#, "d=-1.5e3", "e=null", "={}"])
        #expect(isWhole)
        #expect(self.members("{}").isWhole)
        #expect(self.members("xx{\"a\":2}", from: 2).found == ["a=2"])
    }

    @Test(arguments: [
        "", " ", "[]", "1", "\"a\"", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{,}", "{\"a\":\"",
        "{\"a\":[", "{\"a\":\"\\",
    ])
    func `what cannot be walked ends the walk`(_ text: String) {
        #expect(!self.members(text).isWhole)
        #expect(self.value(text, "b") == nil)
    }

    @Test func `a start behind the end finds nothing`() {
        #expect(!self.members("{}", from: 2).isWhole)
        #expect(!self.members("{}", from: 9).isWhole)
    }

    @Test func `a whole text is an object and white space`() {
        for (text, isWhole) in [
            ("{}", true), (" {\"a\":1}\r\n\t ", true), ("{} {}", false), ("{}x", false), ("", false),
        ] {
            let bytes = Array(text.utf8)
            let result = JSONMemberWalk.walkWhole(bytes.span) { _ in true }
            #expect(result == isWhole)
        }
        let bytes = Array("{\"a\":1}".utf8)
        let result = JSONMemberWalk.walkWhole(bytes.span) { _ in false }
        #expect(!result)
    }

    @Test func `the first of twins is found`() {
        #expect(self.value(#"{"a":1,"a":2}"#, "a") == 5..<6)
    }

    @Test func `ranges outside the bytes match and read nothing`() {
        #expect(self.matches(0..<4))
        #expect(!self.matches(1..<5))
        #expect(!self.matches(-4..<0))
        #expect(self.read(0..<5) == nil)
        #expect(self.read(-1..<4) == nil)
        #expect(self.read(0..<4) == .null)
        #expect(self.read(0..<3) == nil)
    }

    private func value(_ text: String, _ name: StaticString) -> Range<Int>? {
        let bytes = Array(text.utf8)
        return JSONMemberWalk.value(of: name, in: bytes.span)
    }

    private func matches(_ range: Range<Int>) -> Bool {
        let bytes = Array("null".utf8)
        return JSONMemberWalk.matches(bytes.span, range, "null")
    }

    private func read(_ range: Range<Int>) -> JSONValue? {
        let bytes = Array("null".utf8)
        return JSONMemberWalk.read(bytes.span, range)
    }
}
