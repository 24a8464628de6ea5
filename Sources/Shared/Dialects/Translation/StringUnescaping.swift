/// Undoes the escapes of a JSON string whose characters arrive in pieces.
///
/// Forgiving, as models write it: raw line ends are kept, an unknown escape stays as it was written.
struct StringUnescaping: Sendable {
    /// An escape as far as it has come, from its backslash on.
    private var escape: [UInt8] = []
    /// The first half of a surrogate pair, until the second has come.
    private var highHalf: UInt32?

    var isInEscape: Bool { !self.escape.isEmpty }

    mutating func take(_ byte: UInt8, into text: inout [UInt8]) {
        guard !self.escape.isEmpty else {
            if byte == UInt8(ascii: "\\") {
                self.escape = [byte]
            } else {
                self.dropHalf(into: &text)
                text.append(byte)
            }
            return
        }
        self.escape.append(byte)
        if self.escape.count == 2 {
            guard byte != UInt8(ascii: "u") else { return }
            self.dropHalf(into: &text)
            if let meaning = StringUnescaping.meaning(of: byte) {
                text.append(meaning)
            } else {
                text.append(contentsOf: self.escape)
            }
            self.escape = []
        } else if StringUnescaping.hexDigit(byte) == nil {
            // No escape after all; the byte itself may begin one.
            let written = self.escape.dropLast()
            self.dropHalf(into: &text)
            text.append(contentsOf: written)
            self.escape = []
            self.take(byte, into: &text)
        } else if self.escape.count == 6 {
            let unit = self.escape.suffix(4).reduce(0 as UInt32) { $0 << 4 | (StringUnescaping.hexDigit($1) ?? 0) }
            self.escape = []
            self.append(unit, to: &text)
        }
    }

    /// What was held back, when nothing follows it.
    mutating func flush(into text: inout [UInt8]) {
        self.dropHalf(into: &text)
        text.append(contentsOf: self.escape)
        self.escape = []
    }

    private mutating func append(_ unit: UInt32, to text: inout [UInt8]) {
        switch unit {
        case 0xd800...0xdbff:
            self.dropHalf(into: &text)
            self.highHalf = unit
        case 0xdc00...0xdfff:
            let scalar = self.highHalf.flatMap { Unicode.Scalar(0x10000 + ($0 - 0xd800) << 10 + (unit - 0xdc00)) }
            self.highHalf = nil
            text.append(contentsOf: String(scalar ?? "\u{fffd}").utf8)
        default:
            self.dropHalf(into: &text)
            text.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{fffd}").utf8)
        }
    }

    /// Half a pair is no character.
    private mutating func dropHalf(into text: inout [UInt8]) {
        guard self.highHalf != nil else { return }
        self.highHalf = nil
        text.append(contentsOf: "\u{fffd}".utf8)
    }

    private static func meaning(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        default: nil
        }
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
