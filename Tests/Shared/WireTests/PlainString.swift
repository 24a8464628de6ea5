import Wire

/// A JSON string read byte by byte, as its grammar says it (RFC 8259 §7): what the reader's fast search is held
/// against.
struct PlainString {
    /// Behind the opening quote; what is read stands in front of it.
    private let bytes: [UInt8]
    private var offset: Int

    /// The UTF-8 of a string that opens at `start`, and the offset behind its closing quote.
    static func read(_ bytes: [UInt8], at start: Int) throws(JSONError) -> (utf8: [UInt8], end: Int) {
        var string = PlainString(bytes: bytes, offset: start + 1)
        let utf8 = try string.read()
        guard String(validating: utf8, as: UTF8.self) != nil else { throw JSONError(.invalidUTF8, at: start + 1) }
        return (utf8, string.offset)
    }

    private mutating func next() throws(JSONError) -> UInt8 {
        guard self.offset < self.bytes.count else { throw JSONError(.unexpectedEnd, at: self.offset) }
        defer { self.offset += 1 }
        return self.bytes[self.offset]
    }

    private mutating func read() throws(JSONError) -> [UInt8] {
        var utf8: [UInt8] = []
        while true {
            let start = self.offset
            switch try self.next() {
            case UInt8(ascii: "\""): return utf8
            case UInt8(ascii: "\\"): utf8 += try self.escape(at: start)
            case 0x00..<0x20: throw JSONError(.invalidString, at: start)
            case let byte: utf8.append(byte)
            }
        }
    }

    private mutating func escape(at start: Int) throws(JSONError) -> [UInt8] {
        let short: [UInt8: UInt8] = [
            0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09,
        ]
        let byte = try self.next()
        if let meaning = short[byte] { return [meaning] }
        guard byte == UInt8(ascii: "u") else { throw JSONError(.invalidString, at: start) }
        var value = try self.unit(at: start)
        if (0xd800...0xdbff).contains(value) {
            guard try self.next() == UInt8(ascii: "\\"), try self.next() == UInt8(ascii: "u") else {
                throw JSONError(.invalidString, at: start)
            }
            let second = try self.unit(at: start)
            guard (0xdc00...0xdfff).contains(second) else { throw JSONError(.invalidString, at: start) }
            value = 0x10000 + (value - 0xd800) << 10 + (second - 0xdc00)
        }
        guard let character = Unicode.Scalar(value) else { throw JSONError(.invalidString, at: start) }
        return Array(String(character).utf8)
    }

    private mutating func unit(at start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try self.next()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw JSONError(.invalidString, at: start)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
