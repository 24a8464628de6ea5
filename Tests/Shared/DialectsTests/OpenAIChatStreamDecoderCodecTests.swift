import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Chat streams of providers, decoded wherever they are cut.
@Suite struct OpenAIChatStreamDecoderCodecTests {
    private static let folder = CodecStory.folder
    static let fixtures = StreamFixture.ofCodec(.openAIChat)

    static func decode(_ events: some Sequence<ServerSentEvent>) -> [ModelEvent] {
        var decoder = OpenAIChatStreamDecoder()
        var steps: [ModelEvent] = []
        for event in events { decoder.decode(event, into: &steps) }
        decoder.end(into: &steps)
        return steps
    }

    @Test(arguments: OpenAIChatStreamDecoderCodecTests.fixtures)
    func `a stream is decoded`(_ fixture: StreamFixture) throws {
        let events = OpenAIChatStreamDecoderCodecTests.decode(
            EventCuts.events(in: [fixture.bytes[...]])
        )
        OpenAIChatStreamDecoderCodecTests.checkOrder(events)
        if fixture.name.hasPrefix("failed") || fixture.name.hasPrefix("error") {
            guard case .failed = events.last else {
                Issue.record("\(events)")
                return
            }
        }
        try GoldenFile("events/openai-chat/goldens/\(fixture.name).json", in: OpenAIChatStreamDecoderCodecTests.folder)
            .check(CodecStory.story(events))
    }

    static func checkOrder(_ events: [ModelEvent]) {
        EventOrder.check(events) { delta in
            switch delta {
            case .reasoningText: true
            case .text, .annotation, .refusal, .arguments, .summary, .opaque: false
            }
        }
    }

    @Test(arguments: OpenAIChatStreamDecoderCodecTests.fixtures, StreamFixture.LineEnd.allCases)
    func `a stream cut in two anywhere gives the same events`(
        _ original: StreamFixture,
        _ end: StreamFixture.LineEnd
    ) {
        func meaning(_ pieces: [ArraySlice<UInt8>]) -> [ServerSentEvent] {
            // The LF of a cut CR LF makes an event of its own without data.
            EventCuts.events(in: pieces).filter { $0.data != nil }
        }
        let bytes = original.ending(with: end).bytes
        let whole = meaning([original.bytes[...]])
        for cut in 0...bytes.count {
            guard meaning([bytes[..<cut], bytes[cut...]]) == whole else {
                Issue.record("cut at byte \(cut)")
                return
            }
        }
        let single = EventCuts.events(in: bytes.indices.map { bytes[$0...$0] })
        #expect(
            OpenAIChatStreamDecoderCodecTests.decode(single) == OpenAIChatStreamDecoderCodecTests.decode(whole)
        )
    }

    @Test(arguments: OpenAIChatStreamDecoderCodecTests.fixtures)
    func `a stream that breaks off is whole only when its end was told`(_ fixture: StreamFixture) {
        let events = EventCuts.events(in: [fixture.bytes[...]])
        let whole = OpenAIChatStreamDecoderCodecTests.decode(events)
        for count in 0..<events.count {
            let part = OpenAIChatStreamDecoderCodecTests.decode(events.prefix(count))
            OpenAIChatStreamDecoderCodecTests.checkOrder(part)
            let told = events.prefix(count).contains { event in
                let text = String(decoding: event.data ?? [], as: UTF8.self).filter { !$0.isWhitespace }
                return text.contains(#""finish_reason":""#)
            }
            if told { continue }
            guard case .failed = part.last else {
                Issue.record("whole after \(count) events: \(part)")
                return
            }
            let common = part.dropLast().filter { $0 != .blockEnded }
            #expect(whole.starts(with: part.dropLast()) || common.allSatisfy { whole.contains($0) })
        }
    }

    @Test func `nothing follows the end`() {
        var decoder = OpenAIChatStreamDecoder()
        var events: [ModelEvent] = []
        decoder.decode(ServerSentEvent(data: Array("<html>".utf8)), into: &events)
        decoder.decode(ServerSentEvent(data: Array(#"{"choices":[{"delta":{"content":"x"}}]}"#.utf8)), into: &events)
        decoder.end(into: &events)
        #expect(events == [.failed(.garbage)])
    }

    @Test(arguments: ["", " ", "{}", #"{"type":"ping"}"#, #"{"choices":[]}"#, #"{"choices":null,"usage":null}"#])
    func `events that say nothing are passed over`(_ data: String) {
        var decoder = OpenAIChatStreamDecoder()
        var events: [ModelEvent] = []
        decoder.decode(ServerSentEvent(data: Array(data.utf8)), into: &events)
        decoder.decode(ServerSentEvent(data: nil), into: &events)
        #expect(events.isEmpty)
        decoder.end(into: &events)
        #expect(events == [.failed(.truncated)])
    }

    @Test func `deltas are told in the event in which they came`() {
        var decoder = OpenAIChatStreamDecoder()
        func step(_ delta: String) -> [ModelEvent] {
            var events: [ModelEvent] = []
            let data = #"{"id":"a","choices":[{"index":0,"delta":\#(delta)}]}"#
            decoder.decode(ServerSentEvent(data: Array(data.utf8)), into: &events)
            return events
        }
        #expect(step(#"{"role":"assistant"}"#) == [.started(id: "a")])
        #expect(step(#"{"content":"x"}"#) == [.blockStarted(.text), .delta(.text("x"))])
        let call = #"{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{"}}]}"#
        #expect(
            step(call) == [
                .blockEnded, .blockStarted(.toolCall(id: "c", name: ToolName("f"), kind: .function)),
                .delta(.arguments("{")),
            ]
        )
        let more = #"{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}"#
        #expect(step(more) == [.delta(.arguments("}"))])
        let next = #"{"tool_calls":[{"index":1,"id":"d","function":{"name":"g","arguments":"{"}}]}"#
        #expect(
            step(next) == [
                .blockEnded, .blockStarted(.toolCall(id: "d", name: ToolName("g"), kind: .function)),
                .delta(.arguments("{")),
            ]
        )
    }

    @Test func `random pieces of a stream never crash the decoder`() {
        var generator = SeededGenerator(seed: 3)
        let words: [JSONValue] = [
            .null, true, 7, "x", "", [], [:], ["index": 0], ["name": "f", "arguments": "{}"], [["index": 0]],
            [["id": "a", "function": ["name": "f"]]], [["function": ["arguments": ["a": 1]]]], ["content": "x"],
            ["tool_calls": [["index": 1, "function": ["name": "g", "arguments": "}}"]]]], "stop", "tool_calls",
        ]
        let names = [
            "id", "choices", "delta", "index", "finish_reason", "tool_calls", "function_call", "content", "usage",
            "error", "reasoning", "refusal", "function", "custom", "arguments", "annotations", "message",
        ]
        func value(_ depth: Int) -> JSONValue {
            guard depth > 0, Int.random(in: 0..<4, using: &generator) > 0 else {
                return words.randomElement(using: &generator) ?? .null
            }
            if Bool.random(using: &generator) { return [value(depth - 1)] }
            var object = JSONObject()
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                object[names.randomElement(using: &generator) ?? "id"] = value(depth - 1)
            }
            return .object(object)
        }
        for _ in 0..<3_000 {
            let events = (0..<4).map { _ in
                let chunk: JSONValue =
                    Bool.random(using: &generator)
                    ? ["choices": [["index": 0, "delta": value(3), "finish_reason": value(0)]]] : value(4)
                return ServerSentEvent(data: JSONWriter.write(chunk))
            }
            OpenAIChatStreamDecoderCodecTests.checkOrder(OpenAIChatStreamDecoderCodecTests.decode(events))
        }
    }
}
