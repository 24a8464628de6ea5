import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Steps of a stream as a Messages caller gets them.
@Suite struct AnthropicMessagesStreamEncoderCodecTests {
    private typealias Story = AnthropicMessagesCodecStory

    static func bytes(_ events: [ModelEvent], _ request: ModelRequest = AnthropicMessagesCodecStory.thinker())
        -> [UInt8]
    {
        var encoder = AnthropicMessagesStreamEncoder(CodecStory.context(request))
        var bytes: [UInt8] = []
        for event in events { encoder.encode(event, into: &bytes) }
        return bytes
    }

    private static let call = ModelEvent.blockStarted(.toolCall(id: "call_a", name: ToolName("one"), kind: .function))
    private static let streams: [(name: String, events: [ModelEvent])] = [
        (
            "text",
            [
                .started(id: "x"), .blockStarted(.text), .delta(.text("Grüße")), .delta(.text("")),
                .delta(.text("\n🚀")), .blockEnded, .finished(.endTurn),
            ]
        ),
        (
            "parallel",
            [
                .started(id: "x"), .usage(TokenUsage(input: 20, cachedInput: 8)), .blockStarted(.text),
                .delta(.text("Both.")), .blockEnded, call, .delta(.arguments("{\"a\"")), .delta(.arguments(":1}")),
                .blockEnded, .blockStarted(.toolCall(id: "call_b", name: ToolName("two"), kind: .function)),
                .blockEnded, .usage(TokenUsage(input: 20, output: 5, cachedInput: 8, cacheWrite: 2, reasoning: 3)),
                .finished(.endTurn),
            ]
        ),
        (
            "custom",
            [
                .started(id: nil), .blockStarted(.toolCall(id: "call_c", name: ToolName("patch"), kind: .custom)),
                .delta(.arguments("*** Begin")), .delta(.arguments("\n\"\u{301}")), .blockEnded,
                .finished(.toolCalls),
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
                .blockStarted(.reasoning), .delta(.opaque(.sealed("blob2"))), .blockEnded, .blockStarted(.text),
                .delta(.text("Yes")),
                .delta(
                    .annotation(["type": "url_citation", "url": "https://a.example", "start_index": 0, "end_index": 2])
                ), .blockEnded, .blockStarted(.reasoning), .delta(.reasoningText("Hm.")), .blockEnded,
                .blockStarted(.reasoning), .blockEnded, .blockStarted(.text), .delta(.text("No")), .blockEnded,
                .finished(.stopSequence("END")),
            ]
        ), ("empty", [.started(id: nil), .finished(.maximumTokens)]),
    ]

    private static let callers: [(name: String, request: ModelRequest)] = [
        ("", Story.thinker()), ("-omitting", Story.thinker(display: false)),
        ("-not-thinking", ModelRequest(model: "fast")),
    ]

    @Test(arguments: streams.indices, callers.indices)
    func `a stream is written`(_ stream: Int, _ caller: Int) throws {
        let (name, events) = Self.streams[stream]
        guard caller == 0 || name == "reasoning" else { return }
        let bytes = Self.bytes(events, Self.callers[caller].request)
        try Self.checkShape(bytes)
        let file = "events/anthropic-messages/written/\(name)\(Self.callers[caller].name).sse"
        try GoldenFile(file, in: CodecStory.folder).check(bytes)
    }

    /// Named events in the one order that callers know, indices without gaps, deltas that fit their block.
    static func checkShape(_ bytes: [UInt8]) throws {
        let events = EventCuts.events(in: [bytes[...]])
        var open: JSONValue?
        var next = 0
        var hasSignature = false
        for (index, event) in events.enumerated() {
            let value = try JSONReader.read(event.data ?? [])
            #expect(value["type"]?.stringValue == event.name)
            #expect((event.name == "message_start") == (index == 0))
            #expect((event.name == "message_stop") == (index == events.count - 1))
            #expect((event.name == "message_delta") == (index == events.count - 2))
            switch event.name {
            case "message_start":
                let message = value["message"]
                #expect(message?["content"] == [] && message?["stop_reason"] == .null)
                #expect((message?["usage"]?["input_tokens"]?.intValue ?? 0) > 0)
                AnthropicMessagesAnswerCodecTests.checkUsage(message?["usage"])
            case "content_block_start":
                #expect(open == nil && value["index"] == .int(next))
                open = value["content_block"]
                hasSignature = false
            case "content_block_stop":
                #expect(open != nil && value["index"] == .int(next))
                open = nil
                next += 1
            case "content_block_delta":
                #expect(value["index"] == .int(next) && !hasSignature)
                let delta = value["delta"]?["type"]
                switch open?["type"] {
                case "text": #expect(delta == "text_delta" || delta == "citations_delta")
                case "thinking":
                    #expect(delta == "thinking_delta" || delta == "signature_delta")
                    hasSignature = delta == "signature_delta"
                case "tool_use": #expect(delta == "input_json_delta")
                default: Issue.record("\(value)")
                }
            case "message_delta":
                #expect(open == nil && value["delta"]?["stop_reason"]?.stringValue != nil)
                AnthropicMessagesAnswerCodecTests.checkUsage(value["usage"])
            case "message_stop": #expect(value.objectValue?.count == 1)
            default: Issue.record("\(event)")
            }
        }
    }

    @Test func `deltas are told in the step in which they came`() {
        var encoder = AnthropicMessagesStreamEncoder(CodecStory.context())
        func count(_ event: ModelEvent) -> Int {
            var bytes: [UInt8] = []
            encoder.encode(event, into: &bytes)
            return EventCuts.events(in: [bytes[...]]).count
        }
        #expect(count(.started(id: nil)) == 1)
        #expect(count(.started(id: nil)) == 0)
        #expect(count(.usage(TokenUsage(input: 1))) == 0)
        #expect(count(.blockStarted(.text)) == 1)
        #expect(count(.delta(.text("a"))) == 1)
        #expect(count(.delta(.arguments("a"))) == 0)
        #expect(count(.blockEnded) == 1)
        #expect(count(.blockEnded) == 0)
        #expect(count(Self.call) == 1)
        #expect(count(.delta(.arguments("{"))) == 1)
        #expect(count(.finished(.toolCalls)) == 3)
        #expect(count(.delta(.text("a"))) == 0)
    }

    @Test func `an estimate is told first and the exact number last`() throws {
        let bytes = Self.bytes([
            .started(id: nil), .usage(TokenUsage(input: 20, output: 5, cachedInput: 8, cacheWrite: 2)),
            .finished(.endTurn),
        ])
        let events = try EventCuts.events(in: [bytes[...]]).map {
            try JSONReader.read($0.data ?? [])
        }
        #expect(events[0]["message"]?["usage"]?["input_tokens"] == 11)
        #expect(events[1]["usage"]?["input_tokens"] == 10)
        #expect(events[1]["usage"]?["cache_read_input_tokens"] == 8)
        #expect(events[1]["usage"]?["output_tokens"] == 5)
    }

    @Test(arguments: 0..<4)
    func `a failure is an error event and the last`(_ count: Int) throws {
        var encoder = AnthropicMessagesStreamEncoder(CodecStory.context())
        var bytes: [UInt8] = []
        let steps: [ModelEvent] = [.started(id: nil), .blockStarted(.text), .delta(.text("a"))]
        for step in steps.prefix(count) { encoder.encode(step, into: &bytes) }
        bytes = []
        let error = CallerError(status: 502, code: "upstream-failed", message: "The provider failed to answer.")
        encoder.failure(error, into: &bytes)
        try FailureEventShape.check(bytes, .anthropicMessages)
        bytes = []
        encoder.failure(error, into: &bytes)
        for event in [ModelEvent.blockEnded, .finished(.endTurn)] { encoder.encode(event, into: &bytes) }
        #expect(bytes.isEmpty)
    }

    @Test(arguments: AnthropicMessagesStreamDecoderCodecTests.fixtures)
    func `a provider's stream written again says the same`(_ fixture: StreamFixture) throws {
        let events = AnthropicMessagesStreamDecoderCodecTests.decode(fixture.bytes).map { event in
            guard case .delta(.opaque(.native(_, let payload))) = event else { return event }
            return ModelEvent.delta(.opaque(.sealed(payload)))
        }
        guard let answer = ModelResponse(folding: events) else { return }
        let bytes = Self.bytes(events)
        try Self.checkShape(bytes)
        var again = try #require(ModelResponse(folding: AnthropicMessagesStreamDecoderCodecTests.decode(bytes)))
        #expect(again.id == "msg_r-1")
        again.blocks = Story.sealed(again.blocks)
        let told = AnthropicMessages.encodeAnswer(answer, CodecStory.context(Story.thinker()))
        let retold = AnthropicMessages.encodeAnswer(again, CodecStory.context(Story.thinker()))
        #expect(told["stop_reason"] == retold["stop_reason"])
        #expect(told["usage"]?["output_tokens"] == retold["usage"]?["output_tokens"])
        if told["stop_reason"] != "refusal" { #expect(told["content"] == retold["content"]) }
    }

    @Test(arguments: StreamFixture.ofCodec(.openAIChat))
    func `a chat provider's stream becomes one that callers of this dialect take`(_ fixture: StreamFixture) throws {
        let request = EncodedRequest(body: .null, aliases: try ToolAliases([]))
        var restoration = AnswerRestoration(request, requestID: "r-1", seal: { "\($0.rawValue).\($1)" })
        let events = ReadStream.events(fixture.bytes, .openAIChat).flatMap { restoration.restore($0) }
        guard let answer = ModelResponse(folding: events) else { return }
        for request in Self.callers.map(\.request) {
            let bytes = Self.bytes(events, request)
            try Self.checkShape(bytes)
            let again = try #require(ModelResponse(folding: AnthropicMessagesStreamDecoderCodecTests.decode(bytes)))
            let told = AnthropicMessages.encodeAnswer(answer, CodecStory.context(request))
            AnthropicMessagesAnswerCodecTests.checkShape(told)
            #expect(again.blocks.filter(\.isCall) == answer.blocks.filter(\.isCall))
        }
    }
}

extension Block {
    fileprivate var isCall: Bool {
        if case .toolCall = self { true } else { false }
    }
}
