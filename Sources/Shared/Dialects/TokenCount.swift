import Wire

extension JSONValue {
    /// A number of tokens that a provider reports; nil when it is no number that a request could have cost.
    ///
    /// A trillion is a million times the largest context, and small enough that sums of counts never overflow.
    var tokenCount: Int? {
        guard let count = self.intValue, (0...1_000_000_000_000).contains(count) else { return nil }
        return count
    }

    /// Reads a provider's `usage` object; nil when it is no JSON, or larger than any that reports usage.
    static func usage(_ bytes: Span<UInt8>, _ range: Range<Int>) -> JSONValue? {
        guard range.count <= 64 * 1024 else { return nil }
        return JSONMemberWalk.read(bytes, range)
    }
}
