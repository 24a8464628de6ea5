import Glibc

/// Walks the bytes of JSON strings eight at a time.
///
/// Every function takes the bytes it is to look at and an offset into them, and never looks beyond their end. All
/// that is unsafe in the search stands in ``word(_:_:)``, a load whose place is checked and for which any bytes do, and
/// in ``first(_:in:_:)``.
enum JSONStringScan {
    /// The bytes of a word in the order of the text, the first one lowest.
    private static let width = 8
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The offset, from `start` on, of the first byte that a reader must look at; the end when there is none.
    ///
    /// That is a quote, a control character, the first byte of a character outside ASCII, and the backslash of what is
    /// no escape of two bytes. The others are passed over, and `hasEscapes` becomes true when there are any.
    static func endOfSimple(_ bytes: Span<UInt8>, from start: Int, hasEscapes: inout Bool) -> Int {
        var offset = start
        while offset + JSONStringScan.width < bytes.count {
            let marks = JSONStringScan.readerMarks(JSONStringScan.word(bytes, offset))
            guard marks != 0 else {
                offset += JSONStringScan.width
                continue
            }
            offset += marks.trailingZeroBitCount / 8
            // The byte behind a whole word is there as well.
            guard bytes[offset] == UInt8(ascii: "\\"), JSONEscape.isSimple(bytes[offset + 1]) else { return offset }
            hasEscapes = true
            offset += 2
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\") {
                guard offset + 1 < bytes.count, JSONEscape.isSimple(bytes[offset + 1]) else { return offset }
                hasEscapes = true
                offset += 2
            } else {
                guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\"") else { return offset }
                offset += 1
            }
        }
        return offset
    }

    /// Whether a backslash stands in the range, as far as it lies within the bytes.
    static func hasEscapes(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let string = bytes.extracting(range.clamped(to: bytes.indices))
        return JSONStringScan.backslash(string, from: 0) < string.count
    }

    /// Where the quote stands that ends the string whose text begins at `start`; nil when no quote ends it.
    ///
    /// For a string that is known to be right: a quote ends it unless an odd number of backslashes stands before.
    static func endOfProven(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        // Names and short texts end within a few bytes, where the wider search costs more than it saves.
        if start + 2 * JSONStringScan.width <= bytes.count {
            for offset in [start, start + JSONStringScan.width] {
                let word = JSONStringScan.word(bytes, offset)
                let marks =
                    JSONStringScan.places(of: UInt8(ascii: "\""), in: word)
                    | JSONStringScan.places(of: UInt8(ascii: "\\"), in: word)
                guard marks != 0 else { continue }
                let place = offset + marks.trailingZeroBitCount / 8
                if bytes[place] == UInt8(ascii: "\"") { return place }
                break
            }
        }
        var from = start
        while let quote = JSONStringScan.first(UInt8(ascii: "\""), in: bytes, from..<bytes.count) {
            var run = quote
            while run > from, bytes[run - 1] == UInt8(ascii: "\\") { run -= 1 }
            if (quote - run).isMultiple(of: 2) { return quote }
            from = quote + 1
        }
        return nil
    }

    /// The offset of the first such byte in the range, by the widest instructions of the machine.
    private static func first(_ byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let part = bytes.extracting(range)
        return unsafe part.withUnsafeBufferPointer { part in
            guard let start = unsafe UnsafeRawPointer(part.baseAddress),
                let found = unsafe memchr(start, Int32(byte), part.count)
            else { return nil }
            return unsafe range.lowerBound + (UnsafeRawPointer(found) - start)
        }
    }

    /// The offset, from `start` on, of the first byte that a writer must escape; the end when there is none.
    ///
    /// Characters outside ASCII stay as they are, the delete character does not.
    static func endOfUnescaped(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset + JSONStringScan.width <= bytes.count {
            let marks = JSONStringScan.writerMarks(JSONStringScan.word(bytes, offset))
            guard marks == 0 else { return offset + marks.trailingZeroBitCount / 8 }
            offset += JSONStringScan.width
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte >= 0x20, byte != 0x7f, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
                return offset
            }
            offset += 1
        }
        return offset
    }

    /// The offset of the first backslash from `start` on; the end when there is none.
    static func backslash(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset + JSONStringScan.width <= bytes.count {
            let marks = JSONStringScan.places(of: UInt8(ascii: "\\"), in: JSONStringScan.word(bytes, offset))
            guard marks == 0 else { return offset + marks.trailingZeroBitCount / 8 }
            offset += JSONStringScan.width
        }
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\\") { offset += 1 }
        return offset
    }

    /// The offset behind the UTF-8 character whose first byte stands at `start`; nil when there is no such character.
    ///
    /// The table is Unicode's (The Unicode Standard, table 3-7): no overlong forms, no surrogates, nothing above
    /// U+10FFFF.
    static func endOfCharacter(_ bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        let length: Int
        let second: ClosedRange<UInt8>
        switch bytes[start] {
        case 0x00...0x7f: return start + 1
        case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        default: return nil
        }
        guard length <= bytes.count - start, second.contains(bytes[start + 1]) else { return nil }
        if length > 2 { guard bytes[start + 2] & 0xc0 == 0x80 else { return nil } }
        if length > 3 { guard bytes[start + 3] & 0xc0 == 0x80 else { return nil } }
        return start + length
    }

    /// A bit for each quote, backslash, control character and byte outside ASCII; only the lowest bit that is set can
    /// be relied on.
    ///
    /// Turning over 0x02 puts the quote in the place of the space, just above the control characters: one subtraction
    /// borrows into the high bit for both. Bytes that have that bit themselves are marks anyway. A borrow can spoil
    /// the bytes above it alone: the lowest mark is right.
    @inline(__always)
    private static func readerMarks(_ word: UInt64) -> UInt64 {
        let low = (word ^ 0x02 &* JSONStringScan.ones) &- 0x21 &* JSONStringScan.ones
        let backslash = (word ^ UInt64(UInt8(ascii: "\\")) &* JSONStringScan.ones) &- JSONStringScan.ones
        return (low | backslash | word) & JSONStringScan.highs
    }

    /// A bit for each byte that a writer must escape; only the lowest bit that is set can be relied on.
    @inline(__always)
    private static func writerMarks(_ word: UInt64) -> UInt64 {
        let low = (word ^ 0x02 &* JSONStringScan.ones) &- 0x21 &* JSONStringScan.ones
        return (low & ~word & JSONStringScan.highs) | JSONStringScan.places(of: UInt8(ascii: "\\"), in: word)
            | JSONStringScan.places(of: 0x7f, in: word)
    }

    /// A bit for each byte that equals `byte`; only the lowest bit that is set can be relied on.
    @inline(__always)
    private static func places(of byte: UInt8, in word: UInt64) -> UInt64 {
        let difference = word ^ UInt64(byte) &* JSONStringScan.ones
        return (difference &- JSONStringScan.ones) & ~difference & JSONStringScan.highs
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
