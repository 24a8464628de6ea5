import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// Steps of a stream as a Chat caller gets them.
@Suite struct OpenAIChatStreamEncoderCodecTests {
    private static func request(usage: Bool = false) -> ModelRequest {
        var request = ModelRequest(model: "fast")
        request.stream = true
        request.includesUsage = usage
        return request
    }

    private static func bytes(_ events: [ModelEvent], _ request: ModelRequest = request()) -> [UInt8] {
        var encoder = OpenAIChatStreamEncoder(CodecStory.context(request))
        var bytes: [UInt8] = []
        for event in events { encoder.encode(event, into: &bytes) }
        return bytes
    }

    private static let call = ModelEvent.blockStarted(.toolCall(id: "call_a", name: ToolName("one"), kind: .function))
    private static let parallel: [ModelEvent] = [
        .started(id: "x"), .blockStarted(.text), .delta(.text("Both.")), .blockEnded, call,
        .delta(.arguments("{\"a\"")), .delta(.arguments(":1}")), .blockEnded,
        .blockStarted(.toolCall(id: "call_b", name: ToolName("two"), kind: .function)), .blockEnded,
        .usage(TokenUsage(input: 20, output: 5, cachedInput: 8, cacheWrite: 2, reasoning: 3)),
        .finished(.toolCalls),
    ]
    private static let streams: [(String, [ModelEvent])] = [
        (
            "text",
            [
                .started(id: "x"), .blockStarted(.text), .delta(.text("Grüße")), .delta(.text("\n🚀")), .blockEnded,
                .finished(.endTurn),
            ]
        ), ("parallel", parallel),
        (
            "custom",
            [
                .started(id: nil), .blockStarted(.toolCall(id: "call_c", name: ToolName("patch"), kind: .custom)),
                .delta(.arguments("*** Begin")), .delta(.arguments("\n\"")), .blockEnded, .finished(.toolCalls),
            ]
        ),
        (
            "refusal",
            [
                .started(id: nil), .blockStarted(.refusal), .delta(.refusal("I can")), .delta(.refusal("not.")),
                .blockEnded, .finished(.refusal),
            ]
        ),
        (
            "reasoning",
            [
                .started(id: nil), .blockStarted(.reasoning), .delta(.summary("One", part: 0)),
                .delta(.summary(".", part: 0)), .delta(.summary("Two.", part: 1)),
                .delta(.reasoningText("the same again")), .delta(.opaque(.sealed("blob"))), .blockEnded,
                .blockStarted(.text), .delta(.text("Yes")),
                .delta(
                    .annotation(["type": "url_citation", "url": "https://a.example", "start_index": 0, "end_index": 2])
                ), .blockEnded, .blockStarted(.reasoning), .delta(.reasoningText("Hm.")), .blockEnded,
                .blockStarted(.text), .delta(.text("No")), .blockEnded, .finished(.endTurn),
            ]
        ), ("empty", [.started(id: nil), .finished(.maximumTokens)]),
    ]

    @Test(arguments: streams.map(\.0), [false, true])
    func `a stream is written`(_ name: String, _ usage: Bool) throws {
        let events = try #require(Self.streams.first { $0.0 == name }).1
        let bytes = Self.bytes(events, Self.request(usage: usage))
        try Self.checkShape(bytes, usage: usage)
        let file = "events/openai-chat/written/\(name)\(usage ? "-with-usage" : "").sse"
        try GoldenFile(file, in: CodecStory.folder).check(bytes)
    }

    /// The same head in every chunk, choices in every chunk, one reason, usage last and only when asked for.
    private static func checkShape(_ bytes: [UInt8], usage: Bool) throws {
        let events = EventCuts.events(in: [bytes[...]])
        #expect(events.last?.data == Array("[DONE]".utf8))
        let chunks = try events.dropLast().map { try JSONReader.read($0.data ?? []) }
        for chunk in chunks {
            #expect(chunk["id"] == "chatcmpl-r-1")
            #expect(chunk["object"] == "chat.completion.chunk")
            #expect(chunk["created"] == 1_790_000_000)
            #expect(chunk["model"] == "fast")
            #expect(chunk["choices"]?.arrayValue != nil)
            #expect((chunk["usage"] != nil) == usage)
        }
        let choices = chunks.compactMap { $0["choices"]?.arrayValue?.first }
        #expect(choices.count == chunks.count - (usage ? 1 : 0))
        #expect(choices.first?["delta"]?["role"] == "assistant")
        #expect(choices.filter { $0["finish_reason"] != .null }.count == 1)
        #expect(choices.last?["delta"] == [:])
        guard usage else { return }
        #expect(chunks.last?["choices"] == [])
        #expect(chunks.dropLast().allSatisfy { $0["usage"] == .null })
        #expect(chunks.last?["usage"]?["total_tokens"]?.intValue != nil)
    }

    @Test func `what is written is read as the same`() {
        let written = Self.bytes(Self.parallel, Self.request(usage: true))
        var events = OpenAIChatStreamDecoderCodecTests.decode(EventCuts.events(in: [written[...]]))
        #expect(events.first == .started(id: "chatcmpl-r-1"))
        events[0] = .started(id: "x")
        // A call without arguments gets the empty object, and usage comes with its last chunk.
        events.removeAll { $0 == .delta(.arguments("{}")) }
        #expect(events.filter { $0 != .blockEnded } == Self.parallel.filter { $0 != .blockEnded })
    }

    @Test func `usage that nobody told is estimated`() throws {
        let bytes = Self.bytes(Self.streams[0].1, Self.request(usage: true))
        let chunk = try JSONReader.read(
            EventCuts.events(in: [bytes[...]]).dropLast().last?.data ?? []
        )
        #expect(chunk["usage"]?["prompt_tokens"] == 11)
        #expect(chunk["usage"]?["completion_tokens"] == 3)
        #expect(chunk["usage"]?["total_tokens"] == 14)
    }

    @Test func `a failure is an error object and no reason`() throws {
        let error = CallerError(status: 502, code: "upstream-failed", message: "The provider failed to answer.")
        var encoder = OpenAIChatStreamEncoder(CodecStory.context(Self.request(usage: true)))
        var bytes: [UInt8] = []
        for event in Self.parallel.prefix(6) { encoder.encode(event, into: &bytes) }
        encoder.failure(error, into: &bytes)
        let end = bytes.count
        encoder.failure(error, into: &bytes)
        encoder.encode(.finished(.endTurn), into: &bytes)
        #expect(bytes.count == end)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains(#""finish_reason":""#))
        #expect(!text.contains("[DONE]"))
        let last = EventCuts.events(in: [bytes[...]]).last
        #expect(try JSONReader.read(last?.data ?? [])["error"]?["code"] == "upstream-failed")
        let events = OpenAIChatStreamDecoderCodecTests.decode(EventCuts.events(in: [bytes[...]]))
        #expect(events.last == .failed(.reported))
    }

    @Test func `sealed reasoning is told to who sends it back`() {
        var request = Self.request()
        request.reasoning.wantsOpaque = true
        let text = String(decoding: Self.bytes(Self.streams[4].1, request), as: UTF8.self)
        #expect(text.contains(#""reasoning_details":[{"type":"reasoning.encrypted","data":"blob","index":0}]"#))
        request.reasoning.wantsOpaque = false
        request.reasoning.wantsSummary = false
        let quiet = String(decoding: Self.bytes(Self.streams[4].1, request), as: UTF8.self)
        #expect(!quiet.contains("reasoning"))
    }

    @Test func `a caller that speaks of functions gets pieces of one`() {
        var request = Self.request()
        request.echo["functions"] = true
        let text = String(decoding: Self.bytes(Self.parallel, request), as: UTF8.self)
        #expect(text.contains(#""function_call":{"name":"one","arguments":""}"#))
        #expect(text.contains(#""function_call":{"arguments":":1}"}"#))
        #expect(text.contains(#""finish_reason":"function_call""#))
        #expect(!text.contains("tool_calls") && !text.contains("two"))
    }
}
