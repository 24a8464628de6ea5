import Documents
import Testing
import Wire

struct YAMLDocumentTests {
    private func read(_ text: String) throws -> JSONValue { try YAMLDocument.read(Array(text.utf8)) }

    @Test func `a document becomes the JSON that it looks like`() throws {
        let value = try self.read(
            """
            # a comment
            providers:
              demo:
                base_url: http://127.0.0.1:8099
                dialects: { openai-chat: {}, anthropic-messages: { path: /v1/messages } }
                enabled: true
                timeouts: { connect_ms: 500, factor: 1.5 }
                region: no
                quoted: "true"
                nothing: ~
                empty:
            list: [1, two, "3"]
            """
        )
        let demo = value["providers"]?["demo"]
        #expect(demo?["base_url"] == "http://127.0.0.1:8099")
        #expect(demo?["dialects"]?["anthropic-messages"]?["path"] == "/v1/messages")
        #expect(demo?["dialects"]?["openai-chat"] == [:])
        #expect(demo?["enabled"] == true)
        #expect(demo?["timeouts"]?["connect_ms"] == 500)
        #expect(demo?["region"] == "no")
        #expect(demo?["quoted"] == "true")
        #expect(demo?["nothing"] == .null)
        #expect(demo?["empty"] == .null)
        #expect(value["list"] == [1, "two", "3"])
    }

    @Test func `an anchor may be used a few times`() throws {
        let value = try self.read("a: &x { b: 1 }\nc: *x\nd: *x\n")
        #expect(value["c"] == ["b": 1])
        #expect(value["d"] == ["b": 1])
    }

    @Test func `a bomb of aliases is refused`() {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...9 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: DocumentError.tooManyAliases) { try self.read(text) }
    }

    @Test func `few aliases of much are refused too`() {
        let wide = [String](repeating: "x", count: 2000).joined(separator: ",")
        let text =
            "a: &a [\(wide)]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n"
        #expect(throws: DocumentError.tooManyValues) { try self.read(text) }
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func `nesting without end is refused`(piece: String) {
        for count in [40, 500, 100_000] {
            #expect(throws: DocumentError.self) { try self.read(String(repeating: piece, count: count)) }
        }
    }

    @Test(arguments: [
        "a: 1\na: 2\n", "a: [1\n", "a: 'x\n", "\t- x", "a: b: c", "? [x]\n: 1\n", "--- a\n--- b\n", "", "a: *nobody\n",
        "a: \u{1}",
    ])
    func `what is no single document is refused`(text: String) {
        #expect(throws: DocumentError.self) { try self.read(text) }
    }

    @Test func `an error never quotes the document`() {
        let error = #expect(throws: DocumentError.self) { try self.read("secret: [sk-canary\nother: }") }
        #expect(error?.description.contains("canary") == false)
    }

    @Test func `size and encoding are limited`() {
        let large = [UInt8](repeating: UInt8(ascii: "a"), count: YAMLDocument.maximumByteCount + 1)
        #expect(throws: DocumentError.tooLarge) { try YAMLDocument.read(large) }
        #expect(throws: DocumentError.notUTF8) { try YAMLDocument.read([0x61, 0xff]) }
    }
}
