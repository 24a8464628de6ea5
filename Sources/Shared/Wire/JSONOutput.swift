/// What a writer has written: bytes of its own, and perhaps long parts of others' between them.
struct JSONOutput {
    /// What was written anew.
    var bytes: [UInt8] = []
    /// What lies between two places of `bytes`, in order.
    private var shared: [(place: Int, part: ArraySlice<UInt8>)] = []
    private let sharesParts: Bool

    /// A shorter part is copied sooner than it is put on a list and read from another place.
    static let longPart = 512

    /// `sharesParts`: false for a text that has to be in one piece.
    init(sharesParts: Bool) { self.sharesParts = sharesParts }

    /// Has `write` go on behind `bytes`, which are held here alone meanwhile, so that they grow in their place.
    static func continuing(_ bytes: inout [UInt8], _ write: (inout JSONOutput) -> Void) {
        var output = JSONOutput(sharesParts: false)
        swap(&output.bytes, &bytes)
        write(&output)
        swap(&output.bytes, &bytes)
    }

    /// Adds what stands in a range of other bytes, which must lie within them.
    mutating func append(_ range: Range<Int>, of source: [UInt8]) {
        if self.sharesParts, range.count >= JSONOutput.longPart {
            self.shared.append((self.bytes.count, source[range]))
        } else {
            JSONWriter.append(source.span.extracting(range), to: &self.bytes)
        }
    }

    /// The whole text; only for a writer that shares parts is it more than one piece.
    consuming func pieces() -> JSONPieces {
        let bytes = self.bytes
        var pieces: [ArraySlice<UInt8>] = []
        pieces.reserveCapacity(2 * self.shared.count + 1)
        var start = 0
        for (place, part) in self.shared {
            if start < place { pieces.append(bytes[start..<place]) }
            pieces.append(part)
            start = place
        }
        if start < bytes.count { pieces.append(bytes[start...]) }
        return JSONPieces(pieces)
    }
}
