import Wire

/// Changes streams by whole events, and events by whole values.
struct StreamMutation {
    private var generator: FuzzGenerator

    init(_ generator: FuzzGenerator) { self.generator = generator }

    /// Nil for what holds no event.
    mutating func changed(_ bytes: [UInt8]) -> [UInt8]? {
        var events = EventFuzzing.events(in: bytes, pieces: max(bytes.count, 1)).events
        guard !events.isEmpty else { return nil }
        let index = self.generator.below(events.count)
        switch self.generator.below(10) {
        case 0: events.remove(at: index)
        case 1: events.insert(events[index], at: self.generator.below(events.count))
        case 2: events.swapAt(index, self.generator.below(events.count))
        default:
            var mutation = JSONMutation(FuzzGenerator(seed: UInt32(self.generator.below(Int(UInt32.max)))))
            events[index].data = events[index].data.map { mutation.changed($0) ?? $0 }
        }
        return events.flatMap { StreamMutation.written($0) }
    }

    private static func written(_ event: ServerSentEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        if let name = event.name { bytes += Array("event: \(name)\n".utf8) }
        for line in event.data?.split(separator: 0x0a, omittingEmptySubsequences: false) ?? [] {
            bytes += Array("data: ".utf8) + line + [0x0a]
        }
        return bytes + [0x0a]
    }
}
