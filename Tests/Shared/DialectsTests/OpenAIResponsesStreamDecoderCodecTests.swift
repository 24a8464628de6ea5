import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Responses streams of providers, decoded wherever they are cut.
@Suite struct OpenAIResponsesStreamDecoderCodecTests {
    private static let folder = CodecStory.folder
    static let fixtures = StreamFixture.ofCodec(.openAIResponses)

    static func decode(_ events: some Sequence<ServerSentEvent>) -> [ModelEvent] {
        var decoder = OpenAIResponsesStreamDecoder()
        var steps: [ModelEvent] = []
        for event in events { decoder.decode(event, into: &steps) }
        decoder.end(into: &steps)
        return steps
    }

    static func decode(_ fixture: StreamFixture) -> [ModelEvent] {
        OpenAIResponsesStreamDecoderCodecTests.decode(EventCuts.events(in: [fixture.bytes[...]]))
    }

    private static func isFailure(_ fixture: StreamFixture) -> Bool {
        fixture.name.hasPrefix("failed") || fixture.name == "error"
    }

    @Test(arguments: OpenAIResponsesStreamDecoderCodecTests.fixtures)
    func `a stream is decoded`(_ fixture: StreamFixture) throws {
        let events = OpenAIResponsesStreamDecoderCodecTests.decode(fixture)
        OpenAIResponsesStreamDecoderCodecTests.checkOrder(events)
        if case .failed = events.last {
            #expect(OpenAIResponsesStreamDecoderCodecTests.isFailure(fixture))
        } else {
            #expect(!OpenAIResponsesStreamDecoderCodecTests.isFailure(fixture))
        }
        try GoldenFile(
            "events/openai-responses/goldens/\(fixture.name).json",
            in: OpenAIResponsesStreamDecoderCodecTests.folder
        ).check(OpenAIResponsesCodecStory.story(events))
    }

    static func checkOrder(_ events: [ModelEvent]) {
        EventOrder.check(events) { delta in
            switch delta {
            case .reasoningText, .summary, .opaque: true
            case .text, .annotation, .refusal, .arguments: false
            }
        }
    }

    @Test(arguments: OpenAIResponsesStreamDecoderCodecTests.fixtures)
    func `a stream cut in two anywhere gives the same events`(_ fixture: StreamFixture) {
        let bytes = fixture.bytes
        let whole = EventCuts.ends(in: bytes[...], from: ServerSentEventBoundary())
        var first = ServerSentEventBoundary()
        var known = 0
        for cut in bytes.indices {
            // From the next end but one on the state is the same as without the cut, and between the same ends stand
            // the same events.
            let stop = known + 1 < whole.count ? whole[known + 1] : bytes.count
            let ends = EventCuts.ends(in: bytes[cut..<stop], from: first)
            guard ends.elementsEqual(whole[known..<min(known + 2, whole.count)]) else {
                Issue.record("cut at byte \(cut)")
                return
            }
            if !EventCuts.ends(in: bytes[cut...cut], advancing: &first).isEmpty { known += 1 }
        }
        #expect(known == whole.count)
    }

    @Test(arguments: OpenAIResponsesStreamDecoderCodecTests.fixtures, StreamFixture.LineEnd.allCases)
    func `a stream cut behind every byte gives the same events`(
        _ original: StreamFixture,
        _ end: StreamFixture.LineEnd
    ) {
        let bytes = original.ending(with: end).bytes
        let single = EventCuts.events(in: bytes.indices.map { bytes[$0...$0] })
        let whole = OpenAIResponsesStreamDecoderCodecTests.decode(original)
        #expect(OpenAIResponsesStreamDecoderCodecTests.decode(single) == whole)
    }

    @Test(arguments: OpenAIResponsesStreamDecoderCodecTests.fixtures)
    func `a stream that breaks off anywhere is a failure`(_ fixture: StreamFixture) {
        let events = EventCuts.events(in: [fixture.bytes[...]])
        let whole = OpenAIResponsesStreamDecoderCodecTests.decode(events)
        for count in 0..<events.count {
            let part = OpenAIResponsesStreamDecoderCodecTests.decode(events.prefix(count))
            OpenAIResponsesStreamDecoderCodecTests.checkOrder(part)
            let isTold = events.prefix(count).contains { event in
                let text = String(decoding: event.data ?? [], as: UTF8.self)
                return text.contains(#""type":"response.completed""#) || text.contains(#""type":"response.incomplete""#)
            }
            if isTold, part == whole { continue }
            guard case .failed = part.last else {
                Issue.record("whole after \(count) events")
                return
            }
            #expect(whole.starts(with: part.dropLast()))
        }
    }

    @Test func `nothing follows the end`() {
        var decoder = OpenAIResponsesStreamDecoder()
        var events: [ModelEvent] = []
        decoder.decode(ServerSentEvent(data: Array("<html>".utf8)), into: &events)
        let delta = #"{"type":"response.output_text.delta","delta":"x"}"#
        decoder.decode(ServerSentEvent(data: Array(delta.utf8)), into: &events)
        decoder.end(into: &events)
        #expect(events == [.failed(.garbage)])
    }

    @Test(arguments: ["", " ", "{}", #"{"type":"ping"}"#, #"{"type":7}"#, "[DONE]"])
    func `events that say nothing are passed over`(_ data: String) {
        let events = OpenAIResponsesStreamDecoderCodecTests.decode([
            ServerSentEvent(data: Array(data.utf8)), ServerSentEvent(data: nil),
        ])
        #expect(events == [.failed(.truncated)])
    }

    @Test func `deltas are told in the event in which they came`() {
        var decoder = OpenAIResponsesStreamDecoder()
        func step(_ type: String, _ members: String) -> [ModelEvent] {
            var events: [ModelEvent] = []
            let data = "{\"type\":\"response.\(type)\",\(members)}"
            decoder.decode(ServerSentEvent(name: "response.\(type)", data: Array(data.utf8)), into: &events)
            return events
        }
        #expect(step("created", #""response":{"id":"a"}"#) == [.started(id: "a")])
        #expect(step("output_item.added", #""output_index":0,"item":{"type":"message","id":"m"}"#) == [])
        let text = #""output_index":0,"content_index":0,"delta":"x""#
        #expect(step("output_text.delta", text) == [.blockStarted(.text), .delta(.text("x"))])
        #expect(step("output_text.delta", text) == [.delta(.text("x"))])
        #expect(step("output_item.done", #""output_index":0,"item":{"type":"message"}"#) == [.blockEnded])
        let call = #""output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":""}"#
        #expect(
            step("output_item.added", call) == [.blockStarted(.toolCall(id: "c", name: ToolName("f"), kind: .function))]
        )
        let piece = #""output_index":1,"delta":"{""#
        #expect(step("function_call_arguments.delta", piece) == [.delta(.arguments("{"))])
    }

    @Test func `what comes late for a whole item that waits is not told`() {
        func event(_ type: String, _ members: String) -> ServerSentEvent {
            let data = "{\"type\":\"response.\(type)\",\(members)}"
            return ServerSentEvent(name: "response.\(type)", data: Array(data.utf8))
        }
        let message =
            #""output_index":1,"item":{"id":"m","type":"message","content":[{"type":"output_text","text":"2"}]}"#
        let events = OpenAIResponsesStreamDecoderCodecTests.decode([
            event("created", #""response":{"id":"a"}"#),
            event("output_item.added", #""output_index":0,"item":{"type":"reasoning","id":"r"}"#),
            event("reasoning_summary_text.delta", #""output_index":0,"summary_index":0,"delta":"1""#),
            event("output_item.done", message),
            event("output_text.delta", #""output_index":1,"item_id":"m","content_index":0,"delta":"late""#),
            event("output_text.done", #""item_id":"m","content_index":0,"text":"2 and late""#),
            event("output_item.done", message),
            event("output_item.done", #""output_index":0,"item":{"type":"reasoning","id":"r"}"#),
            event("output_text.delta", #""item_id":"n","content_index":0,"delta":"3""#),
            event("completed", #""response":{"id":"a","status":"completed","output":[]}"#),
        ])
        OpenAIResponsesStreamDecoderCodecTests.checkOrder(events)
        #expect(
            events == [
                .started(id: "a"), .blockStarted(.reasoning), .delta(.summary("1", part: 0)), .blockEnded,
                .blockStarted(.text), .delta(.text("2")), .blockEnded, .blockStarted(.text), .delta(.text("3")),
                .blockEnded, .finished(.endTurn),
            ]
        )
    }

    @Test func `random pieces of a stream never crash the decoder`() {
        var generator = SeededGenerator(seed: 5)
        let types = [
            "created", "output_item.added", "output_item.done", "content_part.done", "output_text.delta",
            "output_text.done", "refusal.delta", "reasoning_summary_text.delta", "reasoning_summary_part.done",
            "reasoning_text.done", "function_call_arguments.delta", "function_call_arguments.done",
            "custom_tool_call_input.done", "output_text.annotation.added", "completed", "incomplete",
        ]
        let words: [JSONValue] = [
            .null, true, -1, 0, 1, "x", "", "é", [], [:], "message", "reasoning", "function_call", "custom_tool_call",
            [["type": "output_text", "text": "é"]], [["type": "function_call", "name": "f", "call_id": "c"]],
        ]
        let names = [
            "type", "id", "item_id", "output_index", "content_index", "summary_index", "delta", "text", "part", "item",
            "name", "call_id", "arguments", "response", "output", "status", "content", "summary", "encrypted_content",
        ]
        func value(_ depth: Int) -> JSONValue {
            guard depth > 0, Int.random(in: 0..<3, using: &generator) > 0 else {
                return words.randomElement(using: &generator) ?? .null
            }
            var object = JSONObject()
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                object[names.randomElement(using: &generator) ?? "id"] = value(depth - 1)
            }
            return .object(object)
        }
        for _ in 0..<3_000 {
            let events = (0..<6).map { _ -> ServerSentEvent in
                var event = value(3).objectValue ?? JSONObject()
                event["type"] = .string("response.\(types.randomElement(using: &generator) ?? "")")
                if Bool.random(using: &generator) {
                    event["item"] = ["type": words.randomElement(using: &generator) ?? .null, "name": "f"]
                    event["output_index"] = .int(Int.random(in: 0...2, using: &generator))
                }
                return ServerSentEvent(data: JSONWriter.write(.object(event)))
            }
            OpenAIResponsesStreamDecoderCodecTests.checkOrder(OpenAIResponsesStreamDecoderCodecTests.decode(events))
        }
    }
}
