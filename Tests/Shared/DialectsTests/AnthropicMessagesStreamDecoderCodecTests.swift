import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Messages streams of providers, decoded wherever they are cut.
@Suite struct AnthropicMessagesStreamDecoderCodecTests {
    static let fixtures = StreamFixture.ofCodec(.anthropicMessages)

    static func decode(_ events: some Sequence<ServerSentEvent>) -> [ModelEvent] {
        var decoder = AnthropicMessagesStreamDecoder()
        var steps: [ModelEvent] = []
        for event in events { decoder.decode(event, into: &steps) }
        decoder.end(into: &steps)
        return steps
    }

    static func decode(_ bytes: [UInt8]) -> [ModelEvent] {
        Self.decode(EventCuts.events(in: [bytes[...]]))
    }

    static func checkOrder(_ events: [ModelEvent]) {
        EventOrder.check(events) { delta in
            switch delta {
            case .summary, .opaque: true
            case .text, .annotation, .refusal, .arguments, .reasoningText: false
            }
        }
    }

    private static func isWhole(_ events: [ModelEvent]) -> Bool {
        if case .finished = events.last { true } else { false }
    }

    @Test(arguments: fixtures)
    func `a stream is decoded`(_ fixture: StreamFixture) throws {
        let events = Self.decode(fixture.bytes)
        Self.checkOrder(events)
        #expect(Self.isWhole(events) != (fixture.name.hasPrefix("failed") || fixture.name.hasPrefix("error")))
        let text = JSONWriter.text(CodecStory.story(events))
        #expect(!text.contains("canary"))
        try GoldenFile("events/anthropic-messages/goldens/\(fixture.name).json", in: CodecStory.folder)
            .check(CodecStory.story(events))
    }

    @Test(arguments: fixtures)
    func `a stream cut in two anywhere gives the same steps`(_ fixture: StreamFixture) {
        let bytes = fixture.bytes
        let ends = EventCuts.ends(in: bytes[...], from: ServerSentEventBoundary())
        var decoder = AnthropicMessagesStreamDecoder()
        var steps: [ModelEvent] = []
        // Between events nothing is kept, so that a cut can change nothing but the event that it cuts.
        for (start, end) in zip([0] + ends, ends) {
            let whole = EventCuts.events(in: [bytes[start..<end]])
            for cut in start...end {
                guard EventCuts.events(in: [bytes[start..<cut], bytes[cut..<end]]) == whole else {
                    Issue.record("cut at byte \(cut)")
                    return
                }
            }
            for event in whole { decoder.decode(event, into: &steps) }
        }
        decoder.end(into: &steps)
        #expect(steps == Self.decode(bytes))
    }

    @Test(arguments: fixtures, StreamFixture.LineEnd.allCases)
    func `a stream that comes byte by byte gives the same steps`(
        _ fixture: StreamFixture,
        _ end: StreamFixture.LineEnd
    ) {
        let bytes = fixture.ending(with: end).bytes
        let single = EventCuts.events(in: bytes.indices.map { bytes[$0...$0] })
        #expect(Self.decode(single) == Self.decode(fixture.bytes))
    }

    @Test(arguments: fixtures)
    func `a stream that breaks off anywhere is a failure`(_ fixture: StreamFixture) {
        let whole = Self.decode(fixture.bytes)
        let end = fixture.bytes.firstRange(of: Array("\"message_stop\"}\n\n".utf8))?.upperBound
        let ends = EventCuts.ends(in: fixture.bytes[...], from: ServerSentEventBoundary())
        // A prefix that ends inside an event says what the events before it say.
        for count in [0] + ends + ends.map({ $0 - 1 }) {
            let events = Self.decode(Array(fixture.bytes[..<count]))
            if Self.isWhole(whole), let end, count >= end {
                // Behind the end nothing counts.
                #expect(events == whole)
                continue
            }
            Self.checkOrder(events)
            guard case .failed = events.last, whole.starts(with: events.dropLast()) else {
                Issue.record("after \(count) bytes: \(events)")
                return
            }
        }
    }

    @Test func `nothing follows the end`() {
        var decoder = AnthropicMessagesStreamDecoder()
        var events: [ModelEvent] = []
        decoder.decode(ServerSentEvent(data: Array("<html>".utf8)), into: &events)
        decoder.decode(ServerSentEvent(data: Array(#"{"type":"message_start","message":{}}"#.utf8)), into: &events)
        decoder.end(into: &events)
        #expect(events == [.failed(.garbage)])
    }

    @Test(arguments: ["", " ", "{}", #"{"type":"ping"}"#, #"{"type":"news","x":1}"#, "[DONE]"])
    func `events that say nothing are passed over`(_ data: String) {
        var decoder = AnthropicMessagesStreamDecoder()
        var events: [ModelEvent] = []
        decoder.decode(ServerSentEvent(data: Array(data.utf8)), into: &events)
        decoder.decode(ServerSentEvent(data: nil), into: &events)
        #expect(events.isEmpty)
        decoder.end(into: &events)
        #expect(events == [.failed(.truncated)])
    }

    @Test func `a stream folds into the whole answer`() throws {
        for name in ["tool-input-in-start", "signature-only", "refusal", "citations", "tool-without-deltas"] {
            let fixture = try #require(Self.fixtures.first { $0.name == name })
            let folded = try #require(ModelResponse(folding: Self.decode(fixture.bytes)))
            #expect(folded.id == "msg_01A")
            #expect(folded.usage == TokenUsage(input: 25, output: 9))
            if name == "tool-input-in-start" {
                let call = ToolCall(id: "toolu_0", name: ToolName("look"), arguments: #"{"a":1}"#)
                #expect(folded.blocks == [.toolCall(call)])
            }
        }
    }

    @Test func `random pieces of a stream never crash the decoder`() {
        var generator = SeededGenerator(seed: 5)
        let types: [JSONValue] = [
            "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
            "message_stop", "ping", "error", "x", 7, .null,
        ]
        let inner: [JSONValue] = [
            "text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "text_delta", "thinking_delta",
            "signature_delta", "input_json_delta", "citations_delta", .null, 1,
        ]
        let values: [JSONValue] = [.null, "a", "", 0, 1, -1, true, [:], [], ["type": "text"], ["x": 1]]
        func one(_ elements: [JSONValue]) -> JSONValue { elements.randomElement(using: &generator) ?? .null }
        for _ in 0..<500 {
            var decoder = AnthropicMessagesStreamDecoder()
            var events: [ModelEvent] = []
            for number in 0..<12 {
                var block = JSONObject([("type", one(inner))])
                for name in [
                    "text", "thinking", "signature", "data", "id", "name", "input", "partial_json", "citation",
                ] {
                    block[name] = one(values)
                }
                let value: JSONValue = [
                    "type": number == 0 ? "message_start" : one(types), "index": one([0, 0, 0, 1, .null]),
                    "message": ["id": one(values), "usage": one(values)], "content_block": .object(block),
                    "delta": .object(block), "usage": one(values),
                ]
                decoder.decode(ServerSentEvent(data: JSONWriter.write(value)), into: &events)
            }
            decoder.end(into: &events)
            Self.checkOrder(events)
        }
    }
}
