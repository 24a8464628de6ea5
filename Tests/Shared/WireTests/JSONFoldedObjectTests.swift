import Testing
import Wire

/// Objects that a reader passes over until somebody looks into them.
@Suite struct JSONFoldedObjectTests {
    private static func folded(_ text: String, maximumValues: Int = .max) throws(JSONError) -> JSONValue {
        try JSONReader.read(
            Array(text.utf8),
            maximumValues: maximumValues,
            texts: .asWritten,
            proven: true,
            folded: "properties"
        )
    }

    private static let texts = [
        #"{"properties":{}}"#, #"{"properties" : { "a" : [1, {"b": "}\"]"}] } , "x":2}"#,
        #"[{"properties":{"properties":{"c":null}}},{"properties":{"d":-1.5e3}}]"#, #"{"properties":[1,{"a":2}]}"#,
        #"{"properties":null}"#, #"{"a":{"properties":{"long name of a member":"\\","b":"long text\n in here"}}}"#,
        #"{"propert\u0069es":{"a":1}}"#, #"{"propertiez":{"a":[]},"property":{"b":{}}}"#,
    ]

    @Test(arguments: JSONFoldedObjectTests.texts)
    func `folded objects are what they are when read at once`(text: String) throws {
        let folded = try JSONFoldedObjectTests.folded(text)
        let value = try JSONReader.read(Array(text.utf8))
        #expect(folded == value)
        #expect(folded.hashValue == value.hashValue)
        #expect(folded.detached == value)
        #expect(JSONWriter.text(folded) == JSONWriter.text(value))
        #expect(try JSONReader.read(JSONWriter.write(folded)) == value)
        #expect(try JSONReader.read(JSONWriter.write(folded.detached)) == value)
    }

    @Test(arguments: JSONFoldedObjectTests.texts)
    func `marks change nothing, and wrong ones do no harm`(text: String) throws {
        let bytes = Array(text.utf8)
        let value = try JSONReader.read(bytes)
        let marks = JSONFoldedObjectTests.marks(of: bytes)
        let others: [[UInt32]] = [
            marks, [], Array(marks.dropLast(2)), Array(marks.dropFirst(2)), [UInt32](0..<UInt32(bytes.count)), [.max],
            marks + [.max], [0], marks.reversed(),
        ]
        for (index, positions) in others.enumerated() {
            let read = try? JSONReader.read(
                bytes,
                texts: .asWritten,
                proven: true,
                folded: "properties",
                marks: JSONMarks(positions)
            )
            // What is no list of marks of this text may spoil what is read, but no more.
            if index < 4 { #expect(read == value) }
        }
    }

    /// By the definition, one byte after the other.
    private static func marks(of bytes: [UInt8]) -> [UInt32] {
        var marks: [UInt32] = []
        var (isString, isEscaped, isScalar) = (false, false, false)
        for (place, byte) in bytes.enumerated() {
            if isString {
                if byte == UInt8(ascii: "\""), !isEscaped { isString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            isString = byte == UInt8(ascii: "\"")
            let isStructural = "{}[]:,".utf8.contains(byte)
            let isSpace = " \n\t\r".utf8.contains(byte)
            if isStructural || isString || !isSpace && !isScalar { marks.append(UInt32(place)) }
            isScalar = !isStructural && !isSpace && !isString
        }
        return marks
    }

    @Test func `folded objects are written as they were`() throws {
        let value = try JSONFoldedObjectTests.folded(#"[1, {"properties": { "a" : [ ] }}, {"other": { "a" : 1 }}]"#)
        #expect(JSONWriter.write(value) == Array(#"[1,{"properties":{ "a" : [ ] }},{"other":{"a":1}}]"#.utf8))
    }

    @Test func `a folded object can be changed`() throws {
        let value = try JSONFoldedObjectTests.folded(#"{"properties": {"a": 1, "b": {"c": 2}}}"#)
        var object = try #require(value["properties"]?.objectValue)
        #expect(object.memberNames == ["a", "b"])
        #expect(object.count == 2 && object.index(of: "b") == 1 && object["b"]?["c"] == 2)
        object["a"] = nil
        object["d"] = true
        #expect(JSONWriter.write(.object(object)) == Array(#"{"b":{"c":2},"d":true}"#.utf8))
        #expect(value["properties"]?["a"] == 1)
    }

    @Test func `values in folded objects count as others do`() throws {
        let text = #"{"a":[1,2],"properties":{"b":["x",{"c":3}]}}"#
        let count = 9
        for number in 0..<count {
            #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8), maximumValues: number - 1) }
            #expect(throws: JSONError.self) { try JSONFoldedObjectTests.folded(text, maximumValues: number - 1) }
        }
        #expect(try JSONFoldedObjectTests.folded(text, maximumValues: count) == JSONReader.read(Array(text.utf8)))
    }

    @Test func `depth is limited in folded objects too`() throws {
        func nested(_ depth: Int) -> String {
            #"{"properties":"# + String(repeating: #"{"a":"#, count: depth - 1) + "1"
                + String(repeating: "}", count: depth)
        }
        #expect(try JSONFoldedObjectTests.folded(nested(64)) == JSONReader.read(Array(nested(64).utf8)))
        #expect(throws: JSONError.self) { try JSONFoldedObjectTests.folded(nested(65)) }
        #expect(throws: JSONError.self) { try JSONReader.read(Array(nested(65).utf8)) }
    }

    @Test(arguments: JSONFoldedObjectTests.texts)
    func `what is cut off is refused, and what is wrong harms nobody`(text: String) throws {
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            #expect(throws: JSONError.self) {
                try JSONFoldedObjectTests.folded(String(decoding: bytes[..<length], as: UTF8.self))
            }
        }
        for place in bytes.indices {
            for other in [UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: ","), 0] {
                var wrong = bytes
                wrong[place] = other
                let value = try? JSONFoldedObjectTests.folded(String(decoding: wrong, as: UTF8.self))
                // Looked into, which reads what was passed over.
                _ = value.map { JSONWriter.text($0) }
            }
        }
    }
}
