/// A JSON text in pieces, which are one text when they are read in order.
///
/// Long strings that were read from other bytes stay where they stand: what most of a conversation consists of is not
/// copied to be sent.
package struct JSONPieces: Sendable {
    /// None is empty.
    package let pieces: [ArraySlice<UInt8>]
    /// How many bytes there are in all.
    package let count: Int

    package init() {
        self.pieces = []
        self.count = 0
    }

    init(_ pieces: [ArraySlice<UInt8>]) {
        self.pieces = pieces
        self.count = pieces.reduce(0) { $0 + $1.count }
    }
}

extension JSONPieces: Equatable {
    /// Whether the texts are the same, however they are divided.
    package static func == (left: JSONPieces, right: JSONPieces) -> Bool {
        guard left.count == right.count else { return false }
        var (lefts, rights) = (left.pieces[...], right.pieces[...])
        var (one, other) = (lefts.popFirst() ?? [], rights.popFirst() ?? [])
        while !one.isEmpty, !other.isEmpty {
            // Slices of the same length are compared at once.
            let length = min(one.count, other.count)
            guard one.prefix(length) == other.prefix(length) else { return false }
            one = one.count > length ? one.dropFirst(length) : lefts.popFirst() ?? []
            other = other.count > length ? other.dropFirst(length) : rights.popFirst() ?? []
        }
        return true
    }
}
