/// Strings and names: where they end, and how they are kept.
extension JSONReader {
    /// What stands between the quotes of a string.
    private struct Found {
        var range: Range<Int>
        /// Nil where nobody has looked: most long strings are never unescaped.
        var known: Bool?

        func hasEscapes(_ bytes: Span<UInt8>) -> Bool { self.known ?? JSONStringScan.hasEscapes(bytes, self.range) }
    }

    mutating func name(_ bytes: Span<UInt8>) throws(JSONError) -> String {
        let string = try self.string(bytes)
        return self.decoded(bytes, string.range, hasEscapes: string.hasEscapes(bytes))
    }

    mutating func text(_ bytes: Span<UInt8>) throws(JSONError) -> JSONText {
        let string = try self.string(bytes)
        if self.texts == .asWritten, string.range.count > JSONReader.smallText || string.hasEscapes(bytes),
            let text = JSONText(written: string.range, of: self.bytes)
        {
            return text
        }
        return JSONText(self.decoded(bytes, string.range, hasEscapes: string.hasEscapes(bytes)))
    }

    private func decoded(_ bytes: Span<UInt8>, _ range: Range<Int>, hasEscapes: Bool) -> String {
        guard hasEscapes else { return String(decoding: self.bytes[range], as: UTF8.self) }
        var text: [UInt8] = []
        JSONEscape.decode(bytes, range, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Proves the rest of a string whose opening quote is behind us, and gives the place of what is between the quotes.
    private mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> Found {
        let start = self.offset
        if self.isProven {
            let end = try self.endOfProven(bytes)
            self.offset = end + 1
            return Found(range: start..<end)
        }
        var offset = start
        var hasEscapes = false
        var isUTF8 = true
        while true {
            offset = JSONStringScan.endOfSimple(bytes, from: offset, hasEscapes: &hasEscapes)
            guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                // What is wrong with single bytes is told before it.
                guard isUTF8 else { throw JSONError(.invalidUTF8, at: start) }
                self.offset = offset + 1
                return Found(range: start..<offset, known: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                offset = try JSONEscape.read(bytes, at: offset).end
            case 0x00..<0x20: throw JSONError(.invalidString, at: offset)
            default:
                while offset < bytes.count, bytes[offset] >= 0x80 {
                    if let end = JSONStringScan.endOfCharacter(bytes, at: offset) {
                        offset = end
                    } else {
                        isUTF8 = false
                        offset += 1
                    }
                }
            }
        }
    }

    /// Where the quote stands that ends a string which another reader has found right.
    mutating func endOfProven(_ bytes: Span<UInt8>) throws(JSONError) -> Int {
        if let end = self.markedEnd(bytes) { return end }
        guard let end = JSONStringScan.endOfProven(bytes, from: self.offset) else {
            throw JSONError(.unexpectedEnd, at: bytes.count)
        }
        return end
    }

    /// The quote before the next mark, with nothing but white space between them; nil where none stands there.
    private mutating func markedEnd(_ bytes: Span<UInt8>) -> Int? {
        let positions = self.marks.positions
        let marks = positions.span
        var mark = self.mark
        while mark < marks.count, Int(marks[mark]) < self.offset { mark += 1 }
        self.mark = mark
        guard mark < marks.count else { return nil }
        var end = min(Int(marks[mark]), bytes.count) - 1
        while end > self.offset, bytes[end] <= 0x20 { end -= 1 }
        return end >= self.offset && bytes[end] == UInt8(ascii: "\"") ? end : nil
    }
}
