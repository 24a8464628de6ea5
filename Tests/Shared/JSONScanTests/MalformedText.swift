import JSONScan

/// A text that is no acceptable JSON object, and why.
struct MalformedText: Sendable, CustomStringConvertible {
    let bytes: [UInt8]
    let problem: JSONScanError.Problem

    init(_ text: String, _ problem: JSONScanError.Problem) {
        self.bytes = Array(text.utf8)
        self.problem = problem
    }

    init(_ before: String, _ bytes: [UInt8], _ after: String, _ problem: JSONScanError.Problem) {
        self.bytes = Array(before.utf8) + bytes + Array(after.utf8)
        self.problem = problem
    }

    var description: String { "\(String(decoding: self.bytes.prefix(60), as: UTF8.self)) \(self.problem)" }

    static let all: [MalformedText] =
        structure + names + numbers + literals + escapes + controlCharacters + encodings + limits

    static let structure: [MalformedText] = [
        .init("", .empty), .init(" ", .empty), .init("\n\t\r ", .empty),
        .init("{", .unexpectedEnd), .init("{ ", .unexpectedEnd), .init("{\"a\"", .unexpectedEnd),
        .init("{\"a\":", .unexpectedEnd), .init("{\"a\": ", .unexpectedEnd), .init("{\"a\":1", .unexpectedEnd),
        .init("{\"a\":1,", .unexpectedEnd), .init("{\"a\":\"b\"", .unexpectedEnd),
        .init("{\"a\":[", .unexpectedEnd), .init("{\"a\":[1", .unexpectedEnd), .init("{\"a\":[1,", .unexpectedEnd),
        .init("{\"a\":[1]", .unexpectedEnd), .init("{\"a\":{", .unexpectedEnd), .init("{\"a\":{}", .unexpectedEnd),
        .init("{\"a", .unexpectedEnd), .init("{\"", .unexpectedEnd), .init("{\"a\":\"", .unexpectedEnd),
        .init("{\"a\":\"b\\\"", .unexpectedEnd), .init("{\"a\":\"b\\\"}", .unexpectedEnd),
        .init("{\"a\":true", .unexpectedEnd), .init("{\"a\":nul", .invalidLiteral),
        .init("{]", .unexpectedByte), .init("{[", .unexpectedByte), .init("{{", .unexpectedByte),
        .init("{,}", .unexpectedByte), .init("{:}", .unexpectedByte), .init("{}}", .trailingBytes),
        .init("{\"a\":1}}", .trailingBytes), .init("{\"a\":1}{}", .trailingBytes), .init("{} {}", .trailingBytes),
        .init("{}1", .trailingBytes), .init("{}x", .trailingBytes), .init("{}\"a\"", .trailingBytes),
        .init("{},", .trailingBytes), .init("{}]", .trailingBytes), .init("{} //", .trailingBytes),
        .init("{}\u{0}", .trailingBytes), .init("{}#", .trailingBytes), .init("{}\u{FEFF}", .trailingBytes),
        .init("{\"a\":1,}", .unexpectedByte), .init("{\"a\":1,,\"b\":2}", .unexpectedByte),
        .init("{,\"a\":1}", .unexpectedByte), .init("{\"a\":[1,]}", .unexpectedByte),
        .init("{\"a\":[,1]}", .unexpectedByte), .init("{\"a\":[1,,2]}", .unexpectedByte),
        .init("{\"a\":[,]}", .unexpectedByte), .init("{\"a\":[1 2]}", .unexpectedByte),
        .init("{\"a\":[1:2]}", .unexpectedByte), .init("{\"a\":[\"b\":1]}", .unexpectedByte),
        .init("{\"a\":[1}", .unexpectedByte), .init("{\"a\":{]}", .unexpectedByte), .init("{\"a\":]}", .unexpectedByte),
        .init("{\"a\":}", .unexpectedByte), .init("{\"a\":,}", .unexpectedByte), .init("{\"a\"::1}", .unexpectedByte),
        .init("{\"a\":1:2}", .unexpectedByte), .init("{\"a\" 1}", .unexpectedByte), .init("{\"a\",1}", .unexpectedByte),
        .init("{\"a\"}", .unexpectedByte), .init("{\"a\"\"b\"}", .unexpectedByte), .init("{\"a\"b:1}", .unexpectedByte),
        .init("{\"a\":\"b\"c}", .unexpectedByte), .init("{\"a\":\"b\"1}", .unexpectedByte),
        .init("{\"a\":\"b\"\"c\"}", .unexpectedByte), .init("{\"a\":1\"b\":2}", .invalidNumber),
        .init("{\"a\":1 \"b\":2}", .unexpectedByte), .init("{\"a\":true\"b\":2}", .invalidLiteral),
        .init("{\"a\":{}\"b\":2}", .unexpectedByte), .init("{\"a\":[]\"b\":2}", .unexpectedByte),
        .init("{\"a\":[[]}", .unexpectedByte), .init("{\"a\":[]]}", .unexpectedByte),
        .init("{\"a\":({})}", .unexpectedByte), .init("{\"a\":/*c*/1}", .unexpectedByte),
        .init("{\"a\"/**/:1}", .unexpectedByte), .init("{\"a\":1/**/}", .invalidNumber),
        .init("{//c\n\"a\":1}", .unexpectedByte), .init("{\"a\":'b'}", .unexpectedByte),
        .init("{\"a\":`b`}", .unexpectedByte), .init("{\"a\":b}", .unexpectedByte),
        .init("{\"a\":<b>}", .unexpectedByte),
        .init("{\"a\":\u{2060}1}", .unexpectedByte), .init("{\u{A0}}", .unexpectedByte),
        .init("{\u{0C}}", .unexpectedByte), .init("{\u{0B}}", .unexpectedByte), .init("{\u{1A}}", .unexpectedByte),
        .init("{\"a\"\u{1A}1}", .unexpectedByte), .init("{\"a\":1\u{0C}\"b\":2}", .unexpectedByte),
        .init("{\"a\":[1\u{0C}2]}", .unexpectedByte), .init("{\"a\":1\u{0}}", .invalidNumber),
        .init("\u{0}{}", .unexpectedByte), .init("x", .unexpectedByte), .init("}", .unexpectedByte),
        .init(",", .unexpectedByte), .init(":", .unexpectedByte), .init("]", .unexpectedByte),
        .init("'a'", .unexpectedByte), .init("\\u007b}", .unexpectedByte), .init("*", .unexpectedByte),
        .init("[]", .notAnObject), .init("[{}]", .notAnObject), .init("\"a\"", .notAnObject), .init("1", .notAnObject),
        .init("-1", .notAnObject), .init("true", .notAnObject), .init("false", .notAnObject),
        .init("null", .notAnObject), .init(" null ", .notAnObject), .init("[", .notAnObject),
        .init("nul", .notAnObject), .init("\"{}\"", .notAnObject), .init("1{}", .notAnObject),
        .init("{\"a\":\\\"b\"}", .unexpectedByte), .init("{\"a\":\\n}", .unexpectedByte),
        .init("{\\\"a\\\":1}", .unexpectedByte),
    ]

    static let names: [MalformedText] = [
        .init("{a:1}", .unexpectedByte), .init("{'a':1}", .unexpectedByte), .init("{1:1}", .unexpectedByte),
        .init("{null:1}", .unexpectedByte), .init("{true:1}", .unexpectedByte), .init("{[]:1}", .unexpectedByte),
        .init("{{}:1}", .unexpectedByte), .init("{\"a\":1,b:2}", .unexpectedByte),
        .init("{\"a\":1,2}", .unexpectedByte),
        .init("{\"a\":1,null}", .unexpectedByte), .init("{\"a\":{b:2}}", .unexpectedByte),
        .init("{\"a\":1,\"a\":1}", .duplicateName), .init("{\"a\":1,\"b\":2,\"a\":3}", .duplicateName),
        .init("{\"model\":\"x\",\"mod\\u0065l\":\"y\"}", .duplicateName),
        .init("{\"\\u006dodel\":\"x\",\"model\":\"y\"}", .duplicateName),
        .init("{\"\\u006dodel\":\"x\",\"m\\u006fdel\":\"y\"}", .duplicateName),
        .init("{\"\":1,\"\":2}", .duplicateName), .init("{\"a/b\":1,\"a\\/b\":2}", .duplicateName),
        .init("{\"\\ud83d\\ude00\":1,\"😀\":2}", .duplicateName), .init("{\"é\":1,\"\\u00e9\":2}", .duplicateName),
        .init("{\"\\u0000\":1,\"\\u0000\":2}", .duplicateName), .init("{\"\\n\":1,\"\\u000a\":2}", .duplicateName),
        .init("{\"x\":{\"a\":1,\"a\":1}}", .duplicateName), .init("{\"x\":[{\"a\":1,\"a\":1}]}", .duplicateName),
        .init("{\"x\":{\"y\":{\"z\":[[{\"a\":1,\"b\":{},\"a\":1}]]}}}", .duplicateName),
        .init("{\"x\":{\"a\":{\"a\":1}},\"y\":0,\"x\":0}", .duplicateName),
        .init("{\"12345678\":1,\"12345678\":2}", .duplicateName),
        .init("{\"1234567\":1,\"1234567\":2}", .duplicateName), .init("{\"123\":1,\"123\":2}", .duplicateName),
        .init("{\"1234\":1,\"1234\":2}", .duplicateName),
        .init("{\"abcdefghXijklmnop\":1,\"abcdefghXijklmnop\":2}", .duplicateName),
        .init("{\"a\" :1,\"b\" : 2 , \"a\"  \n :3}", .duplicateName),
        .init(MalformedText.object((0..<17).map { "k\($0)" } + ["k0"]), .duplicateName),
        .init(MalformedText.object((0..<17).map { "k\($0)" } + ["k16"]), .duplicateName),
        .init(MalformedText.object((0..<300).map { "k\($0)" } + ["k150"]), .duplicateName),
        .init("{\"x\":\(MalformedText.object((0..<2000).map { "key_\($0)" } + ["key_\\u0035"]))}", .duplicateName),
    ]

    static let numbers: [MalformedText] = [
        "01", "-01", "00", "-", "-a", "+1", ".5", "-.5", "1.", "1.e1", "1e", "1e+", "1E-", "1ee1", "1e1.5", "1.5.5",
        "0x10", "1_000", "1a", "1.0f", "-Infinity", "Infinity", "NaN", "-NaN", "1e+-1", "--1", "- 1", "0e", "0.e1",
        "2.e3", "1-1", "1+1", "0b1", "1\"", "１", "1\\u0030", "-0x1", "012", "1e0x", "9.8.7", "1 000",
    ].map { text in
        // Some of them do not even begin like a number.
        let isNumber = text.first.map { "0123456789-".contains($0) } ?? false
        let problem: JSONScanError.Problem =
            switch text {
            case "1\"": .unexpectedEnd
            case "1 000", "1\\u0030": text == "1 000" ? .unexpectedByte : .invalidNumber
            default: isNumber ? .invalidNumber : .unexpectedByte
            }
        return MalformedText("{\"a\":\(text)}", problem)
    }

    static let literals: [MalformedText] =
        [
            "nul", "nulll", "tru", "truee", "fals", "falsee", "nil", "none", "t", "f", "n", "true1", "true.",
            "nullnull",
            "tRUE", "nUll", "false\u{00E9}", "tr ue",
        ].map { MalformedText("{\"a\":\($0)}", .invalidLiteral) }
        + ["True", "NULL", "undefined", "False"].map { MalformedText("{\"a\":\($0)}", .unexpectedByte) }
        + ["true", "null"].map { MalformedText("{\"a\":[\($0)\($0)]}", .invalidLiteral) }

    static let escapes: [MalformedText] =
        [
            "\\x41", "\\a", "\\v", "\\0", "\\'", "\\e", "\\U0041", "\\u", "\\u0", "\\u00", "\\u004", "\\u004g",
            "\\u00 4",
            "\\u-041", "\\uD800", "\\ud83d", "\\udc00", "\\uDFFF", "\\ud83d\\u0041", "\\ud83d\\ud83d", "\\ud83dx",
            "\\ud83d\\n", "\\ud83d\\", "\\ud83d\\u", "\\ud83d\\ude0", "\\\\\\x", "\\ ", "\\\u{00E9}", "\\😀", "\\(",
            "\\1",
            "\\ude00\\ud83d", "\\u+123", "\\u０041",
        ].flatMap { text in
            // A lone backslash at the end takes the quote for its own.
            let problem: JSONScanError.Problem = text.hasSuffix("d\\") ? .unexpectedEnd : .invalidEscape
            return [
                MalformedText("{\"a\":\"\(text)\"}", problem),
                MalformedText("{\"a\":[1,\"\(String(repeating: "x", count: 61))\(text)\"]}", problem),
            ]
        } + [
            MalformedText("{\"\\x\":1}", .invalidEscape), MalformedText("{\"a\":{\"\\ud800\":1}}", .invalidEscape),
        ]

    static let controlCharacters: [MalformedText] =
        (UInt8(0)..<0x20).map { MalformedText("{\"a\":\"b", [$0], "c\"}", .controlCharacter) } + [
            MalformedText("{\"a", [0x0a], "\":1}", .controlCharacter),
            MalformedText("{\"a\":\"\\", [0x0a], "\"}", .controlCharacter),
            MalformedText("{\"a\":\"", [0x09], "\"}", .controlCharacter),
        ]

    static let encodings: [MalformedText] =
        [
            [0xFF], [0xFE], [0x80], [0xBF], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC3], [0xC3, 0x28],
            [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xC3, 0xC3], [0xE9],
        ].flatMap { bytes in
            [
                MalformedText("{\"a\":\"", bytes, "\"}", .invalidUTF8),
                MalformedText("{\"", bytes, "\":1}", .invalidUTF8),
                MalformedText("{\"a\":1", bytes, "}", .invalidUTF8),
            ]
        } + [
            .init("", [0xEF, 0xBB, 0xBF], "{}", .byteOrderMark),
            .init("", [0xEF, 0xBB, 0xBF], "", .byteOrderMark),
            .init("", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], "", .invalidUTF8),
            .init("", [0x00, 0x7B, 0x00, 0x7D], "", .unexpectedByte),
            .init("", [0x7B, 0x00, 0x7D, 0x00], "", .unexpectedByte),
            .init("", [0x1F, 0x8B, 0x08, 0x00], "", .invalidUTF8),
        ]

    static let limits: [MalformedText] = [
        .init("{\"a\":\(String(repeating: "[", count: 64))\(String(repeating: "]", count: 64))}", .tooDeep),
        .init(
            "{\"a\":" + String(repeating: "{\"a\":", count: 64) + "1" + String(repeating: "}", count: 65),
            .tooDeep
        ),
        .init(
            "{\"a\":" + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + "}",
            .tooDeep
        ),
        .init(String(repeating: "{\"a\":", count: 10_000) + "1" + String(repeating: "}", count: 10_000), .tooDeep),
        .init(String(repeating: "{\"a\":", count: 600), .tooDeep),
        .init(String(repeating: "[", count: 1_000_000), .notAnObject),
        .init("{\"a\":" + String(repeating: "[", count: 1_000_000), .tooDeep),
        .init(String(repeating: "{", count: 1_000_000), .unexpectedByte),
        .init(String(repeating: "\"", count: 1_000_001), .unexpectedEnd),
        .init("{\"a\":\"" + String(repeating: "\\", count: 1_000_000), .unexpectedEnd),
        .init(MalformedText.object((0..<513).map { "k\($0)" }), .tooManyMembers),
        .init(MalformedText.object((0..<100_000).map { "k\($0)" }), .tooManyMembers),
        .init("{\"x\":\(MalformedText.object((0..<262_145).map(String.init)))}", .tooManyMembers),
    ]

    /// An object with these names and the value 0 for each.
    static func object(_ names: [String]) -> String {
        "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    }
}
