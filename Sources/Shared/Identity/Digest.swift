/// A 32-byte digest or message authentication code; comparing two takes the same time wherever they differ.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    // Four words instead of an array: no allocation in a table of 100 000 of them.
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    package static let byteCount = 32

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: some Sequence<UInt8>) {
        var words: [4 of UInt64] = [0, 0, 0, 0]
        var count = 0
        for byte in bytes {
            guard count < Digest.byteCount else { return nil }
            words[count >> 3] = words[count >> 3] << 8 | UInt64(byte)
            count += 1
        }
        guard count == Digest.byteCount else { return nil }
        self.word0 = words[0]
        self.word1 = words[1]
        self.word2 = words[2]
        self.word3 = words[3]
    }

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: [UInt8]) {
        // Spares callers in other modules the generic walk, byte by byte through witness tables.
        guard bytes.count == Digest.byteCount else { return nil }
        func word(_ start: Int) -> UInt64 {
            bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(words: (word(0), word(8), word(16), word(24)))
    }

    /// Four words of eight bytes each, the first byte in the highest place.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (self.word0, self.word1, self.word2, self.word3) = words
    }

    /// Nil unless the text is 64 hexadecimal digits.
    package init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes)
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Digest.byteCount)
        for word in [self.word0, self.word1, self.word2, self.word3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return bytes
    }

    package var hex: String { Hex.encode(self.bytes) }

    package var description: String { self.hex }

    package static func == (left: Digest, right: Digest) -> Bool {
        let difference =
            (left.word0 ^ right.word0) | (left.word1 ^ right.word1) | (left.word2 ^ right.word2)
            | (left.word3 ^ right.word3)
        return difference == 0
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.word0)
    }
}
