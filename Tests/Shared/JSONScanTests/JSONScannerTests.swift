import JSONScan
import Testing
import Wire

@Suite struct JSONScannerTests {
    @Test(arguments: MalformedText.all)
    func `a malformed text is refused for what is wrong with it`(_ text: MalformedText) {
        #expect(Verdict.of(text.bytes).problem == text.problem)
    }

    @Test func `there are enough malformed texts to mean something`() {
        #expect(MalformedText.all.count >= 300)
    }

    @Test(arguments: [
        "{}", " { } ", "\r\n\t{\n}\t", "{\"\":\"\"}", "{\"a\":0}", "{\"a\":-0}", "{\"a\":-0.0e-0}", "{\"a\":1e400}",
        "{\"a\":123456789012345678901234567890.123456789E+123}", "{\"a\":0.5}", "{\"a\":1E5}", "{\"a\":10}",
        "{\"a\" : true , \"b\" : false , \"c\" : null }", "{\"a\":[]}", "{\"a\":[ ]}", "{\"a\":{}}",
        "{\"a\":[[],[{}]]}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uD83D\\uDE00\\u0000\"}",
        "{\"a\":\"\u{7F}\u{2028}\u{FEFF}\u{FFFF}\"}",
        "{\"a\":\"😀 é ß 中\"}", "{\"A\":1,\"a\":2}", "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}",
        "{\"a\":1,\"aa\":2,\"aaa\":3}",
        "{\"abcdefghXijklmnop\":1,\"abcdefghYijklmnop\":2}", "{\"12345678\":1,\"123456789\":2,\"1234567\":3}",
        "{\"a\":[{\"b\":1},{\"b\":1}]}", "{\"e\u{301}\":1,\"\u{E9}\":2}", "{\"a\\u0000\":1,\"a\":2}",
        "{\"a\":\"\\\\\"}",
        "{\"a\":\"\\\\\\\\\",\"b\":\"\\\\\\\"\"}", "{\"a\":\"//\"}", "{\"a\":\"{[,:]}\"}", "{\"a\":[1,2 ,3, 4 , 5]}",
    ])
    func `a well-formed object is accepted`(_ text: String) {
        #expect(Verdict.of(text).isAccepted)
    }

    @Test func `64 open values are accepted and the 65th is not`() {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        #expect(Verdict.of(nested(64)).isAccepted)
        #expect(Verdict.of(nested(65)) == .refused(JSONScanError(.tooDeep, at: 5 + 63)))
    }

    @Test func `an error says at which byte it is`() {
        #expect(Verdict.of("{\"a\":1,\"a\":2}") == .refused(JSONScanError(.duplicateName, at: 7)))
        #expect(Verdict.of("{\"a\":01}") == .refused(JSONScanError(.invalidNumber, at: 5)))
        #expect(Verdict.of("{\"a\":\"b\\x\"}") == .refused(JSONScanError(.invalidEscape, at: 7)))
        #expect(Verdict.of("{\"a\":\"b\nc\"}") == .refused(JSONScanError(.controlCharacter, at: 7)))
        #expect(Verdict.of("{\"a\":1} x") == .refused(JSONScanError(.trailingBytes, at: 8)))
        #expect(Verdict.of("{\"a\":1") == .refused(JSONScanError(.unexpectedEnd, at: 6)))
        #expect(Verdict.of("{\"a\":\"bc") == .refused(JSONScanError(.unexpectedEnd, at: 5)))
        #expect(Verdict.of("{\"a\":1,}") == .refused(JSONScanError(.unexpectedByte, at: 7)))
        for distance in [0, 1, 63, 64, 4000, 4095, 4096, 10_000] {
            let before = Array("{\"a\":\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: distance)
            let bytes = before + [0xE2, 0x82] + Array("\"}".utf8)
            #expect(Verdict.of(bytes) == .refused(JSONScanError(.invalidUTF8, at: before.count)))
        }
    }

    @Test func `members are found where they stand`() throws {
        let text =
            " { \"model\" : \"a\\u0062\" ,\"n\":-12,\"x\":[1, {\"n\":2} ] , \"s\":true,\"f\":false,\"z\":null,\"o\":{ } } "
        let bytes = Array(text.utf8)
        var scanner = try JSONScanner()
        let outline = try scanner.scan(bytes.span)
        #expect(outline.objectRange == 1..<bytes.count - 1)
        #expect(outline.members.map(outline.name) == ["model", "n", "x", "s", "f", "z", "o"])
        #expect(outline.members.map(\.kind) == [.string, .number, .array, .true, .false, .null, .object])
        let values = outline.members.map { String(decoding: bytes[$0.value], as: UTF8.self) }
        #expect(values == ["\"a\\u0062\"", "-12", "[1, {\"n\":2} ]", "true", "false", "null", "{ }"])
        let model = try #require(outline.member("model"))
        #expect(model.keyStart == 3)
        #expect(outline.string(of: model, in: bytes.span) == "ab")
        let number = try #require(outline.member("n"))
        #expect(outline.int(of: number, in: bytes.span) == -12)
        #expect(outline.string(of: number, in: bytes.span) == nil)
        #expect(outline.int(of: model, in: bytes.span) == nil)
        #expect(outline.member("modell") == nil)
        #expect(outline.member("mode") == nil)
    }

    @Test func `a member is found however its name is escaped`() throws {
        let bytes = Array("{\"mod\\u0065l\":\"x\",\"\\ud83d\\ude00\":1}".utf8)
        var scanner = try JSONScanner()
        let outline = try scanner.scan(bytes.span)
        #expect(outline.member("model")?.value == 14..<17)
        #expect(outline.member("😀")?.kind == .number)
    }

    @Test func `an outline asked about other bytes answers nothing`() throws {
        let bytes = Array("{\"a\":\"text\",\"b\":12}".utf8)
        var scanner = try JSONScanner()
        let outline = try scanner.scan(bytes.span)
        let text = try #require(outline.member("a"))
        let number = try #require(outline.member("b"))
        let other: [UInt8] = Array("{}".utf8)
        #expect(outline.string(of: text, in: other.span) == nil)
        #expect(outline.int(of: number, in: other.span) == nil)
        // Bytes that were never checked: whatever stands there is read without harm.
        let unchecked = Array("{\"a\":\"\\ud8\\\",\"b\":ab}".utf8)
        _ = outline.string(of: text, in: unchecked.span)
        #expect(outline.int(of: number, in: unchecked.span) == nil)
    }

    @Test func `escapes are resolved as the JSON reader resolves them`() throws {
        let texts = [
            "", "\\n\\r\\t\\b\\f\\/\\\\\\\"", "\\u0000", "a\\u00e9b", "\\u20ac", "\\ud83d\\ude00!", "é€😀", "x\\\\n",
        ]
        var scanner = try JSONScanner()
        for text in texts {
            let bytes = Array("{\"a\":\"\(text)\"}".utf8)
            let outline = try scanner.scan(bytes.span)
            let member = try #require(outline.member("a"))
            let expected = try JSONReader.read(bytes)["a"]?.stringValue
            #expect(outline.string(of: member, in: bytes.span) == expected)
        }
    }

    /// The scan looks at blocks of 64 bytes.
    @Test(arguments: [
        ("\\x", 0), ("\\n\\q", 2), ("\\\\\\x", 2), ("\\\\\\\\\\0", 4), ("\\u00e", 0), ("\\u00eg", 0), ("\\ud83d", 0),
        ("\\ud83d\\u0041", 0), ("\\ude00", 0), ("\\ud83d\\ude00\\x", 12),
    ])
    func `a wrong escape is found where it stands, at every place of a block`(_ escapes: String, _ wrong: Int) {
        for place in 0..<140 {
            for rest in ["", String(repeating: "z", count: 70)] {
                let start = "{\"a\":\"" + String(repeating: "x", count: place)
                let expected = JSONScanError(.invalidEscape, at: start.utf8.count + wrong)
                #expect(Verdict.of(start + escapes + rest + "\"}") == .refused(expected), "\(place)")
            }
        }
    }

    @Test func `one scanner serves many texts, also after refusals`() throws {
        var scanner = try JSONScanner()
        for text in MalformedText.all {
            #expect(throws: JSONScanError.self) { _ = try scanner.scan(text.bytes.span) }
            let bytes = Array("{\"k0\":1,\"k1\":{\"k0\":2}}".utf8)
            #expect(try scanner.scan(bytes.span).members.count == 2)
        }
    }

    @Test func `objects with many names inside one another are told apart`() throws {
        let names = (0..<40).map { "name_\($0)" }
        func object(_ depth: Int) -> String {
            "{"
                + names.map { "\"\($0)\":" + ($0 == "name_20" && depth > 0 ? object(depth - 1) : "0") }
                .joined(separator: ",") + "}"
        }
        #expect(Verdict.of(object(30)).isAccepted)
        let twin = object(30).replacing("name_39", with: "name_0", maxReplacements: 1)
        #expect(Verdict.of(twin).problem == .duplicateName)
    }

    @Test func `100 000 names of one object are accepted, and a twin among them is found`() {
        let names = (0..<100_000).map { "key_\($0)" }
        #expect(Verdict.of("{\"x\":\(MalformedText.object(names))}").isAccepted)
        #expect(Verdict.of("{\"x\":\(MalformedText.object(names + ["key_77777"]))}").problem == .duplicateName)
    }

    @Test func `512 top-level members are kept`() {
        let names = (0..<512).map { "key_\($0)" }
        #expect(Verdict.of(MalformedText.object(names)) == .accepted(names))
    }

    @Test func `no text makes the scanner read behind its end`() {
        let good = [
            "{}", "{\"a\":1}", "{\"a\":\"b\"}", "{\"a\":[true,null]}", "{\"abcdefgh\":{\"abcdefghijk\":-1.5e3}}",
        ]
        let lengths = [0, 1, 31, 32, 33, 56, 57, 58, 63, 64, 65, 127, 128, 129, 4090, 4096]
        for text in good.map({ Array($0.utf8) }) + MalformedText.all.filter({ $0.bytes.count < 10_000 }).map(\.bytes) {
            let expected = Verdict.of(text + Array(repeating: UInt8(ascii: " "), count: 64)).isAccepted
            #expect(GuardedBytes(text).withSpan { Verdict.of($0).isAccepted } == expected)
        }
        for length in lengths {
            // Every way to stop in the middle of something.
            for end in ["", "\"", "t", "tru", "-", "1.", "1e", "\\", "\\u12", "é", "{", "[", "1", "\"x\":", "\"x\""] {
                let text = "{\"" + String(repeating: "a", count: length) + "\":" + end
                let verdict = GuardedBytes(Array(text.utf8)).withSpan { Verdict.of($0) }
                #expect(!verdict.isAccepted)
            }
            let text = "{\"" + String(repeating: "a", count: length) + "\":1}"
            #expect(GuardedBytes(Array(text.utf8)).withSpan { Verdict.of($0).isAccepted })
        }
    }

    @Test func `marks are those of the text before, and of none that was wrong or very large`() throws {
        var scanner = try JSONScanner()
        #expect(scanner.marks().positions == [])
        let right = Array(#" {"a" : ["b{,", -1.5e3,true ],"c":{}}"#.utf8)
        let places: [UInt32] = [1, 2, 6, 8, 9, 14, 16, 22, 23, 28, 29, 30, 33, 34, 35, 36]
        _ = try scanner.scan(right.span)
        #expect(scanner.marks().positions == places)
        #expect(scanner.marks(atMost: places.count).positions == places)
        #expect(scanner.marks(atMost: places.count - 1).positions == [])
        let wrong = Array(right.dropLast())
        #expect(throws: JSONScanError.self) { _ = try scanner.scan(wrong.span) }
        #expect(scanner.marks().positions == [])
        _ = try scanner.scan(right.span)
        let large = Array("{\"a\":\"\(String(repeating: "x", count: 8 << 20))\"}".utf8)
        _ = try scanner.scan(large.span)
        #expect(scanner.marks().positions == [])
    }

    @Test func `memory for a large text is given back`() throws {
        var scanner = try JSONScanner()
        let small = Array("{\"a\":1}".utf8)
        _ = try scanner.scan(small.span)
        let before = scanner.footprint
        let large = Array("{\"a\":\"\(String(repeating: "x", count: 8 << 20))\"}".utf8)
        #expect(try scanner.scan(large.span).member("a")?.value.count == 2 + 8 << 20)
        #expect(scanner.footprint <= before)
        _ = try scanner.scan(small.span)
        #expect(scanner.footprint == before)
    }
}
