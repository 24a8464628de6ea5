/// One change to a caller's body: the bytes in `range` are sent as `replacement`; an empty range inserts.
package struct Splice: Hashable, Sendable {
    package let range: Range<Int>
    package let replacement: [UInt8]

    package init(range: Range<Int>, replacement: [UInt8]) {
        self.range = range
        self.replacement = replacement
    }

    /// The bytes with the splices made, which are in order and do not overlap.
    package static func applied(_ splices: [Splice], to bytes: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(splices.reduce(bytes.count) { $0 + $1.replacement.count })
        var offset = 0
        for splice in splices where splice.range.lowerBound >= offset && splice.range.upperBound <= bytes.count {
            for index in offset..<splice.range.lowerBound { result.append(bytes[index]) }
            result.append(contentsOf: splice.replacement)
            offset = splice.range.upperBound
        }
        for index in offset..<bytes.count { result.append(bytes[index]) }
        return result
    }
}
