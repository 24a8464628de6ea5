import Testing

@testable import Wire

@Suite struct JSONPiecesTests {
    private static let long = String(repeating: "é\\n\\\"x", count: 400)

    private static func read(_ text: String) throws -> JSONValue {
        try JSONReader.read(Array(text.utf8), texts: .asWritten, proven: true, folded: "properties")
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(arguments: [
        "null", #""""#, "[]", "{}", #"{"a":[1,true,null,"b"],"c":{}}"#, #""\#(long)""#,
        #"["\#(long)","\#(long)"]"#, #"{"a":"\#(long)","b":1,"c":["\#(long)","d"],"e":"\#(long)"}"#,
        #"{"properties":{"a":{"description":"\#(long)"}},"z":"\#(long)"}"#,
    ])
    func `the pieces of a text are the text in one piece`(_ text: String) throws {
        let value = try JSONPiecesTests.read(text)
        let pieces = JSONWriter.pieces(of: value)
        #expect(JSONPiecesTests.text(Array(pieces.pieces.joined())) == text)
        #expect(JSONWriter.write(value) == Array(pieces.pieces.joined()))
        #expect(pieces.count == text.utf8.count)
        #expect(!pieces.pieces.contains { $0.isEmpty })
    }

    @Test func `long strings stay where they were read and all else is written`() throws {
        let value = try JSONPiecesTests.read(#"{"a":"\#(JSONPiecesTests.long)","b":"short enough to be copied"}"#)
        let pieces = JSONWriter.pieces(of: value).pieces.map(JSONPiecesTests.text)
        #expect(pieces == [#"{"a":""#, JSONPiecesTests.long, #"","b":"short enough to be copied"}"#])
    }

    @Test func `a string is long from some length on`() throws {
        for (length, count) in [(JSONOutput.longPart - 1, 1), (JSONOutput.longPart, 3)] {
            let value = try JSONPiecesTests.read(#""\#(String(repeating: "x", count: length))""#)
            #expect(JSONWriter.pieces(of: value).pieces.count == count)
        }
    }

    @Test func `texts are the same however they are divided`() throws {
        let text = #"["\#(JSONPiecesTests.long)"]"#
        let divided = JSONWriter.pieces(of: try JSONPiecesTests.read(text))
        let whole = JSONPieces([Array(text.utf8)[...]])
        #expect(divided.pieces.count == 3)
        #expect(divided == whole)
        #expect(divided != JSONPieces([Array(text.utf8.dropLast())[...]]))
        #expect(JSONPieces() == JSONPieces([]) && JSONPieces() != whole)
        for place in text.utf8.indices {
            let bytes = Array(text.utf8)
            let index = text.utf8.distance(from: text.utf8.startIndex, to: place)
            #expect(divided == JSONPieces([bytes[..<index], bytes[index...]].filter { !$0.isEmpty }))
            var changed = bytes
            changed[index] ^= 1
            #expect(divided != JSONPieces([changed[...]]))
        }
    }

    @Test func `texts that were joined are long, too`() throws {
        var text = try #require(try JSONPiecesTests.read(#""\#(JSONPiecesTests.long)""#).textValue)
        text += " and "
        text += "more"
        let pieces = JSONWriter.pieces(of: .string(text)).pieces.map(JSONPiecesTests.text)
        #expect(pieces == ["\"", JSONPiecesTests.long + " and more", "\""])
    }

    @Test func `what is written behind other bytes follows on them`() throws {
        var bytes = Array("data: ".utf8)
        JSONWriter.append(try JSONPiecesTests.read(#"["\#(JSONPiecesTests.long)"]"#), to: &bytes)
        #expect(JSONPiecesTests.text(bytes) == #"data: ["\#(JSONPiecesTests.long)"]"#)
    }
}
