/// Walks the members of a JSON object in bytes without building values: where each name and value stand.
///
/// It trusts strings and brackets to be balanced and checks no more than it needs to walk; use it on what a
/// provider sent to find a few members fast, and a reader on what was found. Anything it cannot walk ends the
/// walk early, never past the end of the bytes.
package enum JSONMemberWalk {
    package struct Member: Hashable, Sendable {
        /// Between the quotes, escapes as written.
        package let name: Range<Int>
        package let value: Range<Int>
    }

    /// Calls `visit` for each member of the object that begins at or after `start`, until it returns false.
    ///
    /// Returns whether the object was walked to its closing brace.
    @discardableResult
    package static func walk(
        _ bytes: Span<UInt8>,
        from start: Int = 0,
        _ visit: (Member) -> Bool
    ) -> Bool {
        JSONMemberWalk.end(of: bytes, from: start, visit) != nil
    }

    /// Walks an object that is all there is in `bytes` but white space; false when it is not.
    package static func walkWhole(_ bytes: Span<UInt8>, _ visit: (Member) -> Bool) -> Bool {
        guard let end = JSONMemberWalk.end(of: bytes, from: 0, visit) else { return false }
        return JSONMemberWalk.skipWhitespace(bytes, end) == bytes.count
    }

    /// The offset behind the closing brace, nil when the walk does not get there.
    private static func end(of bytes: Span<UInt8>, from start: Int, _ visit: (Member) -> Bool) -> Int? {
        var offset = JSONMemberWalk.skipWhitespace(bytes, start)
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "{") else { return nil }
        offset = JSONMemberWalk.skipWhitespace(bytes, offset + 1)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "}") { return offset + 1 }
        while offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
            guard let nameEnd = JSONMemberWalk.endOfString(bytes, offset) else { return nil }
            let name = (offset + 1)..<(nameEnd - 1)
            offset = JSONMemberWalk.skipWhitespace(bytes, nameEnd)
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else { return nil }
            offset = JSONMemberWalk.skipWhitespace(bytes, offset + 1)
            guard let valueEnd = JSONMemberWalk.endOfValue(bytes, offset) else { return nil }
            guard visit(Member(name: name, value: offset..<valueEnd)) else { return nil }
            offset = JSONMemberWalk.skipWhitespace(bytes, valueEnd)
            guard offset < bytes.count else { return nil }
            if bytes[offset] == UInt8(ascii: "}") { return offset + 1 }
            guard bytes[offset] == UInt8(ascii: ",") else { return nil }
            offset = JSONMemberWalk.skipWhitespace(bytes, offset + 1)
        }
        return nil
    }

    /// The value of the first member called `name`, nil when there is none that the walk reaches.
    package static func value(of name: StaticString, in bytes: Span<UInt8>, from start: Int = 0) -> Range<Int>? {
        var found: Range<Int>?
        JSONMemberWalk.walk(bytes, from: start) { member in
            guard JSONMemberWalk.matches(bytes, member.name, name) else { return true }
            found = member.value
            return false
        }
        return found
    }

    /// Whether the bytes in `range` are exactly `text`.
    package static func matches(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        // The count first: most texts that are compared differ in it, and it costs nothing.
        guard range.count == text.utf8CodeUnitCount, range.lowerBound >= 0, range.upperBound <= bytes.count else {
            return false
        }
        // Its `description` would be a text of its own, allocated for each comparison.
        guard text.hasPointerRepresentation else { return false }
        let expected = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount).span
        for index in expected.indices where bytes[range.lowerBound + index] != expected[index] { return false }
        return true
    }

    /// The same for a text that is kept as bytes, where it is compared for every event of a stream.
    package static func matches(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard range.count == text.count, range.lowerBound >= 0, range.upperBound <= bytes.count else { return false }
        for index in text.indices where bytes[range.lowerBound + index] != text[index] { return false }
        return true
    }

    /// Reads the value in `range`, nil when it is no JSON.
    package static func read(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        texts: JSONReader.Texts = .decoded
    ) -> JSONValue? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
        return try? JSONReader.read(bytes.extracting(range), texts: texts)
    }

    static func skipWhitespace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0a, 0x0d, 0x09: offset += 1
            default: return offset
            }
        }
        return offset
    }

    /// The offset behind the closing quote of the string that opens at `start`.
    private static func endOfString(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        JSONStringScan.endOfProven(bytes, from: start + 1).map { $0 + 1 }
    }

    private static func endOfValue(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "\""): return JSONMemberWalk.endOfString(bytes, start)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var depth = 0
            var offset = start
            while offset < bytes.count {
                switch bytes[offset] {
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    offset += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    offset += 1
                    if depth == 0 { return offset }
                case UInt8(ascii: "\""):
                    guard let end = JSONMemberWalk.endOfString(bytes, offset) else { return nil }
                    offset = end
                default: offset += 1
                }
            }
            return nil
        default:
            var offset = start
            while offset < bytes.count {
                switch bytes[offset] {
                case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0a, 0x0d, 0x09:
                    return offset > start ? offset : nil
                default: offset += 1
                }
            }
            return offset > start ? offset : nil
        }
    }
}
