import Wire

/// Where events end in a piece of a stream.
enum EventCuts {
    /// The ends as offsets into what the piece is a slice of.
    static func ends(in piece: ArraySlice<UInt8>, from state: ServerSentEventBoundary) -> [Int] {
        var boundary = state
        return EventCuts.ends(in: piece, advancing: &boundary)
    }

    static func ends(in piece: ArraySlice<UInt8>, advancing boundary: inout ServerSentEventBoundary) -> [Int] {
        let bytes = piece.span
        var ends: [Int] = []
        var offset = 0
        while let end = boundary.next(in: bytes, from: offset) {
            ends.append(piece.startIndex + end)
            offset = end
        }
        return ends
    }

    /// The whole events in bytes that come in these pieces; what is left over is cut off.
    static func events(in pieces: [ArraySlice<UInt8>]) -> [ServerSentEvent] {
        var boundary = ServerSentEventBoundary()
        var pending: [UInt8] = []
        var events: [ServerSentEvent] = []
        for piece in pieces {
            var start = piece.startIndex
            for end in EventCuts.ends(in: piece, advancing: &boundary) {
                pending += piece[start..<end]
                events.append(ServerSentEvent(lines: pending.span))
                pending = []
                start = end
            }
            pending += piece[start...]
        }
        return events
    }

    /// With LF for every line end, and at most one blank line in a row: where a CR LF is cut, its halves may belong
    /// to two events, of which one is changed.
    static func unified(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isAfterCR = false
        for byte in bytes {
            let isLineEnd = byte == 0x0d || (byte == 0x0a && !isAfterCR)
            if isLineEnd, !result.suffix(2).elementsEqual([0x0a, 0x0a]) { result.append(0x0a) }
            if byte != 0x0d, byte != 0x0a { result.append(byte) }
            isAfterCR = byte == 0x0d
        }
        return result
    }
}
