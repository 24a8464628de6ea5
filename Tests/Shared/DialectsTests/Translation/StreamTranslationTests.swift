import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Every stream of every dialect, as a caller of each other dialect gets it.
@Suite struct StreamTranslationTests {
    private static let pairs = TranslationFixture.pairs(TranslationFixture.streams)
    private static let error = CallerError(status: 502, code: "upstream-failed", message: "The provider failed.")

    @Test func `there are streams of every dialect`() {
        #expect(Set(TranslationFixture.streams.map(\.dialect)) == Set(Dialect.allCases))
    }

    private static func translated(_ pair: TranslationPair) throws -> TranslatedStream {
        var stream = try TranslatedStream(pair)
        stream.feed(pair.fixture.bytes[...])
        stream.close()
        return stream
    }

    @Test(arguments: StreamTranslationTests.pairs.filter(\.fixture.isRecordedShape))
    func `a stream is told in the caller's dialect`(_ pair: TranslationPair) throws {
        var stream = try StreamTranslationTests.translated(pair)
        let bytes = stream.bytes + stream.translation.failure(StreamTranslationTests.error)
        let name = "translated/\(pair.fixture).\(pair.other.rawValue).sse"
        try GoldenFile(name, in: TranslationFixture.folder).check(bytes)
    }

    @Test(arguments: StreamTranslationTests.pairs)
    func `a stream ends once, as its own dialect says`(_ pair: TranslationPair) throws {
        let stream = try StreamTranslationTests.translated(pair)
        #expect(stream.ends.count == 1)
        #expect(stream.translation.end == stream.ends.first)
        switch ReadStream.events(pair.fixture.bytes, pair.fixture.dialect).last {
        case .failed(let failure): #expect(stream.ends == [.failed(failure)])
        case .finished: #expect(stream.ends == [.finished])
        case .started, .blockStarted, .delta, .blockEnded, .usage, nil: Issue.record("no end")
        }
    }

    @Test(arguments: StreamTranslationTests.pairs)
    func `a stream in single bytes gives the same bytes`(_ pair: TranslationPair) throws {
        let bytes = pair.fixture.bytes
        let known = try StreamTranslationTests.translated(pair)
        var single = try TranslatedStream(pair)
        for offset in bytes.indices { single.feed(bytes[offset...offset]) }
        single.close()
        #expect(single.bytes == known.bytes)
        #expect(single.ends == known.ends)
        #expect(single.translation.usage == known.translation.usage)
    }

    @Test(arguments: [Dialect.openAIResponses, .anthropicMessages])
    func `a text that is kept to be repeated ends where it grows too large, and no other`(_ caller: Dialect) throws {
        var request = ModelRequest(model: "m")
        request.turns = [Turn(.user, [.text(TextBlock("hi"))])]
        var losses = LossReport()
        var translation = StreamTranslation(
            from: .openAIChat,
            to: caller,
            request: try OpenAIChat.encodeRequest(request, for: TargetTraits(model: "u"), losses: &losses),
            context: AnswerContext(
                requestID: "r",
                model: "m",
                createdAt: 1,
                request: request,
                estimatedInputTokens: 1
            ),
            seal: { $1 }
        )
        let piece = String(repeating: "x", count: 1 << 20)
        let event = ServerSentEvent(data: Array(#"{"choices":[{"index":0,"delta":{"content":"\#(piece)"}}]}"#.utf8))
        var taken = 0
        while translation.end == nil, taken < 20 {
            _ = translation.translate(event)
            taken += 1
        }
        #expect(taken == (caller == .openAIResponses ? 17 : 20))
        #expect(translation.end == (caller == .openAIResponses ? .failed(.tooLarge) : nil))
    }

    /// A translation takes whole events: the same events give the same bytes.
    @Test(arguments: TranslationFixture.streams)
    func `a stream cut anywhere falls into the same events`(_ fixture: TranslationFixture) {
        let bytes = fixture.bytes
        var known = EventPieces()
        var start = 0
        for end in EventCuts.ends(in: bytes[...], from: ServerSentEventBoundary()) {
            var whole = known
            whole.feed(bytes[start..<end])
            for cut in start..<end {
                // What came before is the same, so only this event is looked at.
                var parted = known
                parted.feed(bytes[start..<cut])
                parted.feed(bytes[cut..<end])
                guard parted.last == whole.last else {
                    Issue.record("cut at \(cut)")
                    return
                }
            }
            known = whole
            start = end
        }
    }

    @Test(arguments: StreamTranslationTests.pairs)
    func `a stream that breaks off fails in the caller's dialect`(_ pair: TranslationPair) throws {
        let bytes = pair.fixture.bytes
        var stream = try TranslatedStream(pair)
        var start = 0
        for end in EventCuts.ends(in: bytes[...], from: ServerSentEventBoundary()) {
            var broken = stream
            broken.close()
            switch broken.translation.end {
            case .failed:
                let failure = broken.translation.failure(StreamTranslationTests.error)
                // Before its first event a stream may have to be opened first.
                let ends = EventCuts.ends(in: failure[...], from: ServerSentEventBoundary())
                try FailureEventShape.check(Array(failure[(ends.dropLast().last ?? 0)...]), pair.other)
                #expect(broken.translation.failure(StreamTranslationTests.error).isEmpty)
                guard case .failed = ReadStream.events(broken.bytes + failure, pair.other).last else {
                    Issue.record("no failure after \(start) bytes")
                    return
                }
            case .finished, .stopped:
                // Chat streams are whole from their finish reason on.
                #expect(broken.translation.failure(StreamTranslationTests.error).isEmpty)
            case nil: Issue.record("no end after \(start) bytes")
            }
            stream.feed(bytes[start..<end])
            start = end
        }
    }

    @Test(arguments: StreamTranslationTests.pairs)
    func `the caller reads what the provider said`(_ pair: TranslationPair) throws {
        let said = try ToldAnswer(provider: pair)
        let stream = try StreamTranslationTests.translated(pair)
        let read = ToldAnswer(ReadStream.events(stream.bytes, pair.other), isCaller: true)
        guard let said else {
            #expect(read == nil)
            return
        }
        let given = try #require(read)
        #expect(said.problems(ofReading: given, in: String(decoding: stream.bytes, as: UTF8.self)) == [])
        #expect(given.input == stream.translation.usage.input)
        #expect(given.output == stream.translation.usage.output)
        #expect(stream.isMeaningful)
    }

    @Test func `estimates stand in for usage that was not told`() throws {
        let text = """
            data: {"id":"c","choices":[{"index":0,"delta":{"content":"one two three"},"finish_reason":null}]}

            data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """
        let fixture = TranslationFixture(dialect: .openAIChat, folder: "streams", name: "bare", bytes: Array(text.utf8))
        let stream = try StreamTranslationTests.translated(TranslationPair(fixture: fixture, other: .anthropicMessages))
        #expect(stream.translation.isUsageEstimated)
        #expect(stream.translation.usage == TokenUsage(input: 11, output: 3))
    }

    @Test func `a stop that the target could not be told ends the stream`() throws {
        let fixture = try #require(
            TranslationFixture.streams.first { $0.dialect == .openAIResponses && $0.name == "text" }
        )
        let whole = try #require(try ToldAnswer(provider: TranslationPair(fixture: fixture, other: .openAIChat)))
        let stop = String(whole.text.dropFirst(3).prefix(2))
        for other in fixture.others {
            let pair = TranslationPair(fixture: fixture, other: other)
            var request = try pair.request
            request.emulatedStops = [stop]
            var translation = StreamTranslation(
                from: fixture.dialect,
                to: other,
                request: request,
                context: pair.context,
                seal: TranslationPair.seal
            )
            var bytes: [UInt8] = []
            var start = 0
            for end in EventCuts.ends(in: fixture.bytes[...], from: ServerSentEventBoundary()) {
                let event = Array(fixture.bytes[start..<end])
                bytes += translation.translate(ServerSentEvent(lines: event.span)).bytes
                start = end
            }
            #expect(translation.end == .stopped)
            #expect(translation.isUsageEstimated)
            let read = try #require(ToldAnswer(ReadStream.events(bytes, other), isCaller: true))
            #expect(read.text == String(whole.text.prefix(3)))
        }
    }
}
