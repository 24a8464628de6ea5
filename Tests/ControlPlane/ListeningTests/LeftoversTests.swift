import Testing

@testable import Listening

struct LeftoversTests {
    @Test func `a request that has come whole leaves nothing`() {
        var leftovers = Leftovers()
        #expect(leftovers.received(.head(closes: false)) == .deliver)
        #expect(leftovers.received(.body(bytes: 7)) == .deliver)
        #expect(leftovers.received(.end) == .deliver)
        leftovers.answerBegan(closes: false)
        leftovers.answered()
        #expect(leftovers.phase == .serving)
    }

    @Test func `what comes of a request behind its answer is thrown away, and the next is served`() {
        var leftovers = Leftovers()
        _ = leftovers.received(.head(closes: false))
        leftovers.answerBegan(closes: false)
        leftovers.answered()
        #expect(leftovers.received(.body(bytes: 7)) == .discard)
        #expect(leftovers.isDiscarding && !leftovers.isEnding)
        #expect(leftovers.received(.end) == .deliver)
        #expect(leftovers.phase == .serving)
        #expect(leftovers.received(.head(closes: false)) == .deliver)
        #expect(leftovers.received(.body(bytes: 7)) == .deliver)
    }

    @Test(arguments: [true, false])
    func `whichever side closes, nothing is served behind the answer`(client: Bool) {
        var leftovers = Leftovers()
        _ = leftovers.received(.head(closes: client))
        leftovers.answerBegan(closes: !client)
        leftovers.answered()
        #expect(leftovers.isEnding)
        for part in [.body(bytes: 7), .end, .head(closes: false), .end] as [Leftovers.Part] {
            #expect(leftovers.received(part) == .discard)
        }
    }

    @Test(arguments: [true, false])
    func `a client that sends without end is cut off`(closes: Bool) {
        var leftovers = Leftovers()
        _ = leftovers.received(.head(closes: closes))
        leftovers.answered()
        #expect(leftovers.received(.body(bytes: Leftovers.maximumBytes)) == .discard)
        #expect(leftovers.received(.body(bytes: 1)) == .close)
    }

    @Test func `a pipelined request that is still coming is no leftover of the one before`() {
        var leftovers = Leftovers()
        _ = leftovers.received(.head(closes: false))
        _ = leftovers.received(.end)
        _ = leftovers.received(.head(closes: true))
        leftovers.answered()
        #expect(leftovers.received(.body(bytes: 7)) == .deliver)
        #expect(leftovers.received(.end) == .deliver)
        leftovers.answered()
        #expect(leftovers.isEnding)
    }

    @Test func `leftovers that cannot be framed end the connection; a request that cannot is the server's matter`() {
        var leftovers = Leftovers()
        let early = leftovers.failed()
        #expect(!early)
        _ = leftovers.received(.head(closes: false))
        leftovers.answered()
        let late = leftovers.failed()
        #expect(late && leftovers.isEnding)
    }
}
