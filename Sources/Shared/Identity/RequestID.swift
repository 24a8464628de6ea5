/// The name of one request, a version 7 UUID (RFC 9562 §5.7) that the gateway makes itself.
///
/// The first 48 bits are milliseconds since 1970, so that ids sort by time and tell their day.
package struct RequestID: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// `milliseconds` since 1970 (the low 48 bits count) and 128 random bits, of which 74 are used.
    package init(milliseconds: UInt64, random: (UInt64, UInt64)) {
        self.high = milliseconds << 16 | 0x7000 | random.0 & 0x0fff
        self.low = 0x8000_0000_0000_0000 | random.1 >> 2
    }

    /// Nil when the text is no version 7 UUID in lower case.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for (index, byte) in bytes.enumerated() {
            switch index {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
            default:
                guard !(UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte) else { return nil }
                digits.append(byte)
            }
        }
        guard let raw = Hex.decode(String(decoding: digits, as: UTF8.self)), raw[6] >> 4 == 7, raw[8] >> 6 == 2 else {
            return nil
        }
        self.high = raw[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        self.low = raw[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Milliseconds since 1970 at which the id was made.
    package var milliseconds: UInt64 { self.high >> 16 }

    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        RequestID.append(self.high, dashesBefore: 8, 12, to: &text)
        RequestID.append(self.low, dashesBefore: 0, 4, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ word: UInt64, dashesBefore first: Int, _ second: Int, to text: inout [UInt8]) {
        for digit in 0..<16 {
            if digit == first || digit == second { text.append(UInt8(ascii: "-")) }
            text.append(Hex.digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - digit * 4)) & 0x0f))
        }
    }

    package static func < (left: RequestID, right: RequestID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
