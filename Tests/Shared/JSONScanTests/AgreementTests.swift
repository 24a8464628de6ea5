import JSONScan
import Testing
import Wire

/// Two readers of our own, written apart, must say the same of every text: the scan decides what is forwarded, the
/// reader what is understood.
@Suite struct AgreementTests {
    @Test(arguments: 0..<20)
    func `generated objects are judged as the JSON reader judges them`(_ batch: Int) throws {
        var scanner = try JSONScanner()
        for index in 0..<250 {
            let seed = UInt64(batch * 250 + index)
            try self.compare(GeneratedDocument.object(seed: seed), seed: seed, scanner: &scanner)
        }
    }

    @Test(arguments: 0..<20)
    func `damaged objects are judged as the JSON reader judges them`(_ batch: Int) throws {
        var scanner = try JSONScanner()
        var refused = 0
        for index in 0..<500 {
            let seed = UInt64(batch * 500 + index)
            if try !self.compare(GeneratedDocument.damaged(seed: seed), seed: seed, scanner: &scanner) { refused += 1 }
        }
        // Neither all nor none: the damage is worth testing with.
        #expect((150...495).contains(refused))
    }

    /// The scan looks at blocks of 64 bytes: escapes lie before, across and behind where two of them meet.
    @Test(arguments: [
        "\\n", "\\\\", "\\\\\\\\", "\\\\n", "\\\"\\\\\\\"", "\\u00e9", "\\u00e9\\n", "\\\\u00e9", "\\ud83d\\ude00",
        "\\ud83d\\ude00\\t",
        "\\x", "\\\\\\x", "\\\\\\\\\\0", "\\u00e", "\\u00eg", "\\ud83d", "\\ud83d\\u0041", "\\ude00",
        "\\ud83d\\\\ude00", "\\\\\\u00",
        "\\é",
    ])
    func `escapes at every place of a block are judged as the JSON reader judges them`(_ escapes: String) throws {
        var scanner = try JSONScanner()
        for place in 0..<140 {
            for rest in ["", String(repeating: "z", count: 70)] {
                let text = "{\"a\":\"" + String(repeating: "x", count: place) + escapes + rest + "\"}"
                try self.compare(Array(text.utf8), seed: UInt64(place), scanner: &scanner)
            }
        }
    }

    @Test(arguments: MalformedText.all)
    func `the JSON reader refuses every malformed text, too`(_ text: MalformedText) {
        guard text.problem != .notAnObject, text.problem != .tooManyMembers else { return }
        #expect(throws: JSONError.self) { try JSONReader.read(text.bytes) }
    }

    @discardableResult
    private func compare(_ bytes: [UInt8], seed: UInt64, scanner: inout JSONScanner) throws -> Bool {
        let expected = (try? JSONReader.read(bytes))?.objectValue
        let outline: JSONOutline
        do throws(JSONScanError) {
            outline = try scanner.scan(bytes.span)
        } catch {
            #expect(expected == nil, "seed \(seed): \(error)")
            return false
        }
        let object = try #require(expected, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        #expect(outline.members.map(outline.name) == object.memberNames, "seed \(seed)")
        for (member, (name, value)) in zip(outline.members, object.members) {
            let found = try JSONReader.read(Array(bytes[member.value]))
            #expect(found == value, "seed \(seed), member \(name)")
            #expect(outline.string(of: member, in: bytes.span) == value.stringValue, "seed \(seed), member \(name)")
            #expect(bytes[member.value.lowerBound] > 0x20 && bytes[member.value.upperBound - 1] > 0x20)
        }
        let marked = try JSONReader.read(
            bytes,
            texts: .asWritten,
            proven: true,
            folded: "content",
            marks: scanner.marks()
        )
        #expect(marked == .object(object), "seed \(seed)")
        #expect(bytes[outline.objectRange.lowerBound] == UInt8(ascii: "{"))
        #expect(bytes[outline.objectRange.upperBound - 1] == UInt8(ascii: "}"))
        return true
    }
}
