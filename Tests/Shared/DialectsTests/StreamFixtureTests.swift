import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Every stream fixture, cut wherever it can be cut.
@Suite struct StreamFixtureTests {
    private static let folder = FixtureFolder()
    static let fixtures = StreamFixture.all(in: StreamFixtureTests.folder)

    @Test func `there are fixtures for every dialect`() {
        #expect(Set(StreamFixtureTests.fixtures.map(\.dialect)) == Set(Dialect.allCases))
        #expect(StreamFixtureTests.fixtures.count >= 26)
    }

    @Test(arguments: StreamFixtureTests.fixtures)
    func `each event is taken for what it is`(_ fixture: StreamFixture) throws {
        let stream = WatchedStream(fixture)
        let hidden = WatchedStream(fixture, hidesUsage: true)
        var story: JSONObject = JSONObject([("asked for usage", stream.story)])
        if fixture.dialect == .openAIChat { story["did not ask"] = hidden.story }
        try GoldenFile("goldens/\(fixture).story.json", in: StreamFixtureTests.folder).check(.object(story))
    }

    @Test(arguments: StreamFixtureTests.fixtures)
    func `a caller who may see usage gets the provider's bytes up to the end`(_ fixture: StreamFixture) {
        let stream = WatchedStream(fixture)
        guard !stream.observations.contains(where: \.hasFailed) else {
            // Nothing of the event that says so.
            #expect(fixture.bytes.starts(with: stream.given))
            #expect(stream.given.count == (stream.ends.dropLast().last ?? 0))
            return
        }
        #expect(stream.given.elementsEqual(fixture.bytes.prefix(stream.ends.last ?? 0)))
    }

    @Test(arguments: StreamFixtureTests.fixtures.filter { $0.dialect == .openAIChat })
    func `a caller who did not ask for usage gets the rest of the bytes`(_ fixture: StreamFixture) throws {
        let stream = WatchedStream(fixture, hidesUsage: true)
        try GoldenFile("goldens/\(fixture).hidden.sse", in: StreamFixtureTests.folder).check(stream.given)
        #expect(!stream.givenText.contains(#""usage""#))
        #expect(stream.watch.usage == WatchedStream(fixture).watch.usage)
    }

    @Test(arguments: StreamFixtureTests.fixtures)
    func `a stream cut in two anywhere falls into the same events`(_ fixture: StreamFixture) {
        let bytes = fixture.bytes
        let whole = EventCuts.ends(in: bytes[...], from: ServerSentEventBoundary())
        #expect(whole == WatchedStream(fixture).ends || WatchedStream(fixture).ends.count < whole.count)
        var first = ServerSentEventBoundary()
        var known = 0
        for cut in bytes.indices {
            // From the next end but one on the state is the same as without the cut.
            let stop = known + 1 < whole.count ? whole[known + 1] : bytes.count
            let ends = EventCuts.ends(in: bytes[cut..<stop], from: first)
            guard ends.elementsEqual(whole[known..<min(known + 2, whole.count)]) else {
                Issue.record("cut at byte \(cut): \(ends)")
                return
            }
            if !EventCuts.ends(in: bytes[cut...cut], advancing: &first).isEmpty { known += 1 }
        }
        #expect(known == whole.count)
        #expect(first.isBetweenEvents)
    }

    @Test(arguments: StreamFixtureTests.fixtures, StreamFixture.LineEnd.allCases)
    func `a stream in single bytes gives the same as in one piece`(
        _ original: StreamFixture,
        _ end: StreamFixture.LineEnd
    ) {
        let fixture = original.ending(with: end)
        let whole = WatchedStream(fixture, hidesUsage: true)
        #expect(whole.story == WatchedStream(original, hidesUsage: true).story)
        var stream = WatchedStream(fixture.dialect, hidesUsage: true)
        for offset in fixture.bytes.indices { stream.feed(fixture.bytes[offset...offset]) }
        #expect(stream.story == whole.story)
        #expect(stream.watch.usage == whole.watch.usage)
        #expect(stream.watch.closing == whole.watch.closing)
        #expect(EventCuts.unified(stream.given) == EventCuts.unified(whole.given))
    }

    @Test(arguments: StreamFixtureTests.fixtures)
    func `a stream counts as whole from its last event on and never before`(_ fixture: StreamFixture) {
        let whole = StreamFixtureTests.endOfAnswer(fixture)
        var stream = WatchedStream(fixture.dialect)
        for offset in 0...fixture.bytes.count {
            guard (stream.watch.closing != nil) == (whole.map { offset >= $0 } ?? false) else {
                Issue.record("after \(offset) bytes")
                return
            }
            if offset < fixture.bytes.count { stream.feed(fixture.bytes[offset...offset]) }
        }
        if fixture.dialect != .openAIChat, whole != nil { #expect(stream.watch.closing == []) }
    }

    /// Where the event ends with which the answer is whole, by another way than the watch's; nil for a failure.
    ///
    /// In Chat that is the last finish reason, as providers may leave out `[DONE]`.
    private static func endOfAnswer(_ fixture: StreamFixture) -> Int? {
        let markers: [String] =
            switch fixture.dialect {
            case .openAIChat: [#""finish_reason":""#]
            case .openAIResponses: [#""type":"response.completed""#, #""type":"response.incomplete""#]
            case .anthropicMessages: [#"message_stop{"type":"message_stop"}"#]
            }
        var offset = 0
        var end: Int?
        for event in String(decoding: fixture.bytes, as: UTF8.self).split(separator: "\n\n") {
            offset += event.utf8.count + 2
            let text = event.replacing("\ndata:", with: "").replacing(" ", with: "")
            if markers.contains(where: { text.contains($0) }) { end = offset }
        }
        return end
    }

    @Test func `a chat stream without its last line gets it`() throws {
        let fixture = try #require(StreamFixtureTests.fixtures.first { $0.name == "without-done" })
        #expect(WatchedStream(fixture).watch.closing == Array("data: [DONE]\n\n".utf8))
    }

    @Test(arguments: StreamFixtureTests.fixtures)
    func `wherever a stream breaks off it can be ended in its dialect`(_ fixture: StreamFixture) throws {
        let error = CallerError(status: 502, code: "upstream-failed", message: "The provider failed to answer.")
        let ends = [0] + WatchedStream(fixture).ends
        var stream = WatchedStream(fixture.dialect)
        for (start, end) in zip(ends, ends.dropFirst() + [fixture.bytes.count]) {
            try FailureEventShape.check(stream.watch.failureEvent(error, requestID: "r-1"), fixture.dialect)
            stream.feed(fixture.bytes[start..<end])
        }
        let text = String(decoding: stream.watch.failureEvent(error, requestID: "r-1"), as: UTF8.self)
        #expect(text.contains("upstream-failed") && text.contains("r-1"))
    }

    @Test(arguments: StreamFixtureTests.fixtures)
    func `what a provider says of its failure does not reach the caller`(_ fixture: StreamFixture) {
        let stream = WatchedStream(fixture)
        let error = CallerError(status: 502, code: "upstream-failed", message: "The provider failed to answer.")
        let failure = String(decoding: stream.watch.failureEvent(error, requestID: "r-1"), as: UTF8.self)
        for canary in ["canary", "inner.example"] {
            #expect(!stream.givenText.contains(canary))
            #expect(!failure.contains(canary))
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a ping is an event that says nothing`(_ dialect: Dialect) {
        let stream = WatchedStream(dialect, events: [String(decoding: StreamWatch.ping(dialect), as: UTF8.self)])
        #expect(stream.observations == [StreamObservation(isMeaningful: false)])
        #expect(stream.watch.closing == nil)
    }
}
