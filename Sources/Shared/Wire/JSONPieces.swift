/// A JSON text in pieces, which are one text when they are read in order.
///
/// Long strings that were read from other bytes stay where they stand: a text that is made for being sent is never in
/// one piece of memory, and what most of a conversation consists of is not copied.
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

    /// The text in one piece.
    package var joined: [UInt8] { Array(self.pieces.joined()) }
}

extension JSONPieces: Hashable {
    /// Whether the texts are the same, however they are divided.
    package static func == (left: JSONPieces, right: JSONPieces) -> Bool {
        left.count == right.count && left.joined == right.joined
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.joined) }
}
