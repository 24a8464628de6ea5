/// One change to a caller's body: the bytes in `range` are sent as `replacement`; an empty range inserts.
package struct Splice: Hashable, Sendable {
    package let range: Range<Int>
    package let replacement: [UInt8]

    package init(range: Range<Int>, replacement: [UInt8]) {
        self.range = range
        self.replacement = replacement
    }
}
