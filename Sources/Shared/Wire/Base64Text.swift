/// Looks at base64 (RFC 4648 §4) where it stands, without a copy of what it means.
package enum Base64Text {
    /// How many bytes the text stands for; nil when a character is foreign, or the length or the padding is wrong.
    ///
    /// Unused bits in the last character are not looked at: decoders do not, either.
    package static func decodedCount(_ text: Span<UInt8>) -> Int? {
        guard text.count % 4 == 0, text.count > 0 else { return nil }
        var padding = 0
        while padding < 2, text[text.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
        guard Base64Text.isPlain(text, upTo: text.count - padding) else { return nil }
        return text.count / 4 * 3 - padding
    }

    /// The first bytes that a text stands for, at most `count`; fewer when the text ends or a character is foreign.
    package static func beginning(_ text: Span<UInt8>, count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(count, text.count / 4 * 3))
        var word: UInt32 = 0
        var bits: UInt32 = 0
        for index in text.indices {
            guard bytes.count < count, let digit = Base64.value(text[index]) else { break }
            word = word << 6 | digit
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> bits))
            }
        }
        return bytes
    }

    /// Whether all bytes before `end` are of the alphabet; 32 at a time, as a photograph has millions.
    private static func isPlain(_ text: Span<UInt8>, upTo end: Int) -> Bool {
        var index = 0
        unsafe text.withUnsafeBytes { bytes in
            while index + 32 <= end {
                let block = unsafe bytes.loadUnaligned(fromByteOffset: index, as: SIMD32<UInt8>.self)
                let isLetter = ((block | 0x20) &- UInt8(ascii: "a")) .< 26
                // '/' is just before '0'.
                let isDigit = (block &- UInt8(ascii: "/")) .< 11
                guard all(isLetter .| isDigit .| (block .== UInt8(ascii: "+"))) else { break }
                index += 32
            }
        }
        while index < end {
            guard Base64.value(text[index]) != nil else { return false }
            index += 1
        }
        return true
    }
}
