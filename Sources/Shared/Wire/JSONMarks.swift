/// Where the structural characters of a JSON text stand, and where its values and names begin, in order; nothing inside
/// of strings.
///
/// Found by a scan that proved the whole text, they tell a reader of the same bytes where strings end. Positions are
/// bytes from the start of the text. Without any, or past the last, a reader looks for itself.
package struct JSONMarks: Sendable {
    package let positions: [UInt32]

    /// `positions` in rising order.
    package init(_ positions: [UInt32] = []) { self.positions = positions }
}
