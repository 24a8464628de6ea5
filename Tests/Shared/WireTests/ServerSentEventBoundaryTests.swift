import GatewayTestSupport
import Testing
import Wire

@Suite struct ServerSentEventBoundaryTests {
    /// The ends of the events of a stream that arrives in the given pieces, as offsets from its start.
    private func ends(of pieces: [[UInt8]]) -> (ends: [Int], isBetween: Bool) {
        var boundary = ServerSentEventBoundary()
        var ends: [Int] = []
        var before = 0
        for piece in pieces {
            var offset = 0
            while let end = boundary.next(in: piece.span, from: offset) {
                ends.append(before + end)
                offset = end
            }
            before += piece.count
        }
        return (ends, boundary.isBetweenEvents)
    }

    /// The same stream's events, an LF that follows the CR of a blank line counted to it.
    private func contents(_ bytes: [UInt8], _ ends: [Int]) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var start = 0
        for end in ends {
            let slice = Array(bytes[start..<end].drop { $0 == 0x0a })
            events.append(ServerSentEvent(lines: slice.span))
            start = end
        }
        return events
    }

    private static let streams: [String] = [
        "data: a\n\n", "data: a\r\n\r\n", "data: a\r\r", "data: a\n\ndata: b\n\n", "data: a\r\n\r\ndata: b\r\n\r\n",
        "data: a\r\rdata: b\r\r", "event: x\ndata: a\ndata: b\n\n: ping\n\ndata: c\n\n",
        "event: x\r\ndata: a\n\r\ndata: c\r\n\n", "data: a\r\n\rdata: b\r\r\n", ": only a comment\n\n", "\n\n\n",
        "\r\n\r\n\r\n", "\r\r\r", "data\n\n", "data:\n\n", "data: a\n", "data: a", "id: 1\nretry: 5\ndata: {}\n\n",
        "data: é\u{2028}🙂\r\n\r\n", "data: a\n\r\n\r\ndata: b\n\n",
    ]

    @Test(arguments: streams)
    func `any cut in two gives the same events`(stream: String) {
        let bytes = Array(stream.utf8)
        let whole = self.ends(of: [bytes])
        let events = self.contents(bytes, whole.ends)
        for cut in 0...bytes.count {
            let parts = self.ends(of: [Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(self.contents(bytes, parts.ends) == events, "cut at \(cut)")
            #expect(parts.ends.count == whole.ends.count, "cut at \(cut)")
            #expect(parts.isBetween == whole.isBetween, "cut at \(cut)")
        }
    }

    @Test(arguments: streams)
    func `byte for byte gives the same events`(stream: String) {
        let bytes = Array(stream.utf8)
        let whole = self.ends(of: [bytes])
        let single = self.ends(of: bytes.map { [$0] })
        #expect(self.contents(bytes, single.ends) == self.contents(bytes, whole.ends))
        #expect(single.isBetween == whole.isBetween)
    }

    @Test(arguments: 0..<4)
    func `random mixes of line ends in random pieces give the same events`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words = ["data: x", "event: y", ": c", "id: 7", "\n", "\r", "\r\n", "\n", "\r\n", "data:", "z"]
        for _ in 0..<300 {
            let count = Int.random(in: 1...20, using: &generator)
            let bytes = Array((0..<count).map { _ in words.randomElement(using: &generator) ?? "" }.joined().utf8)
            let whole = self.ends(of: [bytes])
            var pieces: [[UInt8]] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 1...4, using: &generator))
                pieces.append(Array(bytes[start..<end]))
                start = end
            }
            let cut = self.ends(of: pieces)
            #expect(self.contents(bytes, cut.ends) == self.contents(bytes, whole.ends))
        }
    }

    @Test func `the end of an event lies just behind its blank line`() {
        #expect(self.ends(of: [Array("data: a\n\ndata: b\n\n".utf8)]).ends == [9, 18])
        #expect(self.ends(of: [Array("data: a\r\n\r\ndata: b\r\n\r\n".utf8)]).ends == [11, 22])
        #expect(self.ends(of: [Array("data: a\r\rdata: b\r\r".utf8)]).ends == [9, 18])
    }

    @Test func `a stream that ends inside an event is told apart from one that ends after it`() {
        #expect(self.ends(of: [[]]).isBetween)
        #expect(self.ends(of: [Array("data: a\n\n".utf8)]).isBetween)
        #expect(!self.ends(of: [Array("data: a\n".utf8)]).isBetween)
        #expect(!self.ends(of: [Array("data: a\n\nd".utf8)]).isBetween)
        #expect(self.ends(of: [Array("data: a\r\n\r".utf8), [0x0a]]).isBetween)
    }
}
