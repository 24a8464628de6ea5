import Wire

/// What must hold for every stream of server-sent events: cuts do not matter.
enum EventFuzzing {
    /// The first byte says how long the pieces are in which the rest arrives.
    static func check(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        let whole = EventFuzzing.events(in: rest, pieces: max(rest.count, 1))
        let pieces = EventFuzzing.events(in: rest, pieces: Int(first) + 1)
        FuzzInput.require(whole == pieces, "events that depend on how the stream was cut")
        for event in whole.events { EventFuzzing.requireSameWhenWritten(event) }
    }

    /// All whole events, from pieces of a length; and whether nothing was left over.
    static func events(in bytes: [UInt8], pieces length: Int) -> (events: [ServerSentEvent], isBetweenEvents: Bool) {
        var boundary = ServerSentEventBoundary()
        var events: [ServerSentEvent] = []
        var event: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            let piece = Array(bytes[start..<min(start + length, bytes.count)])
            var offset = 0
            while let end = boundary.next(in: piece.span, from: offset) {
                event += piece[offset..<end]
                events.append(ServerSentEvent(lines: event.span))
                event.removeAll()
                offset = end
            }
            event += piece[offset...]
        }
        return (events, boundary.isBetweenEvents)
    }

    private static func requireSameWhenWritten(_ event: ServerSentEvent) {
        guard let data = event.data, let value = try? JSONReader.read(data) else { return }
        let written = ServerSentEvent.encode(name: event.name, data: value)
        let expected = ServerSentEvent(name: event.name, data: JSONWriter.write(value))
        let again = EventFuzzing.events(in: written, pieces: written.count)
        FuzzInput.require(again == ([expected], true), "an event that does not read back as it was written")
    }
}
