/// Looks for the texts at which an answer ends, in text that arrives in pieces.
///
/// Held back is only what may be the beginning of one of them. Of several, the one that is complete first counts, as
/// a provider would have ended there; of those the longest. Any cut of the same text gives the same. The work is
/// proportional to the text (Knuth, Morris, Pratt), whatever the stops: both come from outside.
struct StopScanner: Sendable {
    private struct Stop: Sendable {
        let bytes: [UInt8]
        /// For each length of a match: how much of it still matches when the next byte does not.
        let fallbacks: [Int]
        var matched = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            var fallbacks = [0, 0]
            for length in bytes.indices.dropFirst() {
                var shorter = fallbacks[length]
                while shorter > 0, bytes[shorter] != bytes[length] { shorter = fallbacks[shorter] }
                fallbacks.append(bytes[shorter] == bytes[length] ? shorter + 1 : 0)
            }
            self.fallbacks = fallbacks
        }

        /// Whether the stop is complete with this byte.
        mutating func advance(_ byte: UInt8) -> Bool {
            while self.matched > 0, self.bytes[self.matched] != byte { self.matched = self.fallbacks[self.matched] }
            if self.bytes[self.matched] == byte { self.matched += 1 }
            return self.matched == self.bytes.count
        }
    }

    private var stops: [Stop]
    /// A proper beginning of one of the stops, which are UTF-8, so that it never begins inside a character.
    private var held: ArraySlice<UInt8> = []

    init(_ stops: [String]) {
        self.stops = stops.filter { !$0.isEmpty }.map { Stop(Array($0.utf8)) }
    }

    /// The text that is surely no part of a stop, and the stop that was found; nothing may follow it.
    mutating func scan(_ piece: String) -> (text: String, stop: String?) {
        guard !self.stops.isEmpty else { return (piece, nil) }
        var passed: [UInt8] = []
        for byte in piece.utf8 {
            self.held.append(byte)
            var kept = 0
            var found: [UInt8]?
            for index in self.stops.indices {
                if self.stops[index].advance(byte), self.stops[index].bytes.count > found?.count ?? 0 {
                    found = self.stops[index].bytes
                }
                kept = max(kept, self.stops[index].matched)
            }
            if let found {
                passed.append(contentsOf: self.held.dropLast(found.count))
                self.held = []
                return (String(decoding: passed, as: UTF8.self), String(decoding: found, as: UTF8.self))
            }
            passed.append(contentsOf: self.held.dropLast(kept))
            self.held = self.held.suffix(kept)
        }
        return (String(decoding: passed, as: UTF8.self), nil)
    }

    /// What was held back, when nothing follows it.
    mutating func flush() -> String {
        for index in self.stops.indices { self.stops[index].matched = 0 }
        defer { self.held = [] }
        return String(decoding: self.held, as: UTF8.self)
    }
}
