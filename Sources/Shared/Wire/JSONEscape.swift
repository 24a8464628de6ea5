/// The escapes of JSON strings (RFC 8259 §7): what one means, and where it ends.
enum JSONEscape {
    /// Reads the escape whose backslash stands at `start`: the character, and the offset behind the escape.
    ///
    /// Half a surrogate pair is no character and an error.
    static func read(
        _ bytes: Span<UInt8>,
        at start: Int
    ) throws(JSONError) -> (character: Unicode.Scalar, end: Int) {
        guard start + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        if let meaning = JSONEscape.meaning(of: bytes[start + 1]) { return (Unicode.Scalar(meaning), start + 2) }
        guard bytes[start + 1] == UInt8(ascii: "u") else { throw JSONError(.invalidString, at: start) }
        let first = try JSONEscape.codeUnit(bytes, at: start + 2, of: start)
        guard (0xd800...0xdbff).contains(first) else {
            guard let character = Unicode.Scalar(first) else { throw JSONError(.invalidString, at: start) }
            return (character, start + 6)
        }
        for (place, expected) in [(start + 6, UInt8(ascii: "\\")), (start + 7, UInt8(ascii: "u"))] {
            guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
            guard bytes[place] == expected else { throw JSONError(.invalidString, at: start) }
        }
        let second = try JSONEscape.codeUnit(bytes, at: start + 8, of: start)
        guard (0xdc00...0xdfff).contains(second),
            let character = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw JSONError(.invalidString, at: start) }
        return (character, start + 12)
    }

    /// Bits for the bytes of 0x00 to 0x3f, and of 0x40 to 0x7f, that make an escape of two bytes.
    private static let simple: (low: UInt64, high: UInt64) = (
        low: 1 << 0x22 | 1 << 0x2f, high: 1 << 0x1c | 1 << 0x22 | 1 << 0x26 | 1 << 0x2e | 1 << 0x32 | 1 << 0x34
    )

    /// Whether a backslash and this byte are an escape.
    @inline(__always)
    static func isSimple(_ byte: UInt8) -> Bool {
        let bits = byte < 0x40 ? JSONEscape.simple.low : JSONEscape.simple.high
        return byte < 0x80 && bits >> UInt64(byte & 0x3f) & 1 == 1
    }

    /// Whether a right string has escapes that a writer of ours would not write.
    static func hasNeedless(_ string: Span<UInt8>) -> Bool {
        var offset = 0
        while true {
            offset = JSONStringScan.backslash(string, from: offset)
            guard offset + 1 < string.count else { return false }
            switch string[offset + 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                offset += 2
            default: return true
            }
        }
    }

    /// What the byte behind a backslash stands for; nil for `u` and for what no escape has.
    @inline(__always)
    static func meaning(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        default: nil
        }
    }

    /// Adds what the string in `range` means, escapes undone; the string has been read before and was found right.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>, into text: inout [UInt8]) {
        let string = bytes.extracting(range)
        text.reserveCapacity(text.count + string.count)
        var start = 0
        while true {
            let end = JSONStringScan.backslash(string, from: start)
            JSONWriter.append(string.extracting(start..<end), to: &text)
            guard end < string.count else { return }
            if end + 1 < string.count, let meaning = JSONEscape.meaning(of: string[end + 1]) {
                text.append(meaning)
                start = end + 2
                continue
            }
            guard let escape = try? JSONEscape.read(string, at: end) else { return }
            text.append(contentsOf: UTF8.encode(escape.character) ?? UTF8.encodedReplacementCharacter)
            start = escape.end
        }
    }

    /// The offset behind the spaces, tabs, line feeds and carriage returns that a right string begins with.
    static func endOfSpace(in string: Span<UInt8>) -> Int {
        var offset = 0
        while offset < string.count {
            switch string[offset] {
            case 0x20: offset += 1
            case UInt8(ascii: "\\"):
                guard let escape = try? JSONEscape.read(string, at: offset),
                    escape.character == " " || escape.character == "\n" || escape.character == "\t"
                        || escape.character == "\r"
                else { return offset }
                offset = escape.end
            default: return offset
            }
        }
        return offset
    }

    /// The offset behind the first characters of a right string, `count` of them where there are so many.
    static func end(ofCharacters count: Int, in string: Span<UInt8>) -> Int {
        // Most have no escape and nothing outside ASCII among them: characters are bytes.
        var hasEscapes = false
        let bytes = string.extracting(0..<min(max(0, count), string.count))
        let plain = JSONStringScan.endOfSimple(bytes, from: 0, hasEscapes: &hasEscapes)
        if !hasEscapes, plain == bytes.count { return plain }
        var offset = 0
        for _ in 0..<count where offset < string.count { offset = JSONEscape.endOfCharacter(string, at: offset) }
        return offset
    }

    /// The offset behind the character, written as it is or as an escape, that begins at `start` of a right string.
    private static func endOfCharacter(_ string: Span<UInt8>, at start: Int) -> Int {
        guard string[start] == UInt8(ascii: "\\") else {
            return JSONStringScan.endOfCharacter(string, at: start) ?? start + 1
        }
        return (try? JSONEscape.read(string, at: start))?.end ?? string.count
    }

    private static func codeUnit(
        _ bytes: Span<UInt8>,
        at offset: Int,
        of start: Int
    ) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for place in offset..<(offset + 4) {
            guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
            let digit: UInt8
            switch bytes[place] {
            case let byte where byte &- UInt8(ascii: "0") < 10: digit = byte - UInt8(ascii: "0")
            case let byte where (byte | 0x20) &- UInt8(ascii: "a") < 6: digit = (byte | 0x20) - UInt8(ascii: "a") + 10
            default: throw JSONError(.invalidString, at: start)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
