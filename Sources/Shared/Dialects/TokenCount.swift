import Wire

/// A number of tokens that a provider reports, as a request could have cost it.
///
/// A trillion is a million times the largest context, and small enough that sums of counts never overflow.
private let tokenCounts = 0...1_000_000_000_000

extension JSONValue {
    /// The number of tokens that this value reports; nil when it is none.
    var tokenCount: Int? {
        guard let count = self.intValue, tokenCounts.contains(count) else { return nil }
        return count
    }
}

extension JSONMemberWalk {
    /// The number of tokens that the value in `range` reports; nil when it is none.
    static func tokenCount(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        // Thirteen digits hold every count; what is written in another way is rare, and read with a reader.
        guard range.count <= 13 else { return JSONMemberWalk.read(bytes, range)?.tokenCount }
        var count = 0
        for offset in range {
            guard case 0x30...0x39 = bytes[offset] else { return JSONMemberWalk.read(bytes, range)?.tokenCount }
            count = count * 10 + Int(bytes[offset] - 0x30)
        }
        // JSON knows no number that begins with a zero but zero itself.
        guard range.count == 1 || bytes[range.lowerBound] != 0x30 else { return nil }
        return tokenCounts.contains(count) ? count : nil
    }
}
