import Dialects

extension [UInt8] {
    /// The bytes with the splices made, in pieces; those of this array share its memory.
    ///
    /// `splices` are in order and do not overlap; a range outside the bytes is cut to what is there.
    func pieces(_ splices: [Splice]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        pieces.reserveCapacity(2 * splices.count + 1)
        var offset = 0
        for splice in splices {
            let range = splice.range.clamped(to: self.indices)
            if offset < range.lowerBound { pieces.append(self[offset..<range.lowerBound]) }
            if !splice.replacement.isEmpty { pieces.append(splice.replacement[...]) }
            offset = Swift.max(offset, range.upperBound)
        }
        if offset < self.count { pieces.append(self[offset...]) }
        return pieces
    }
}
