import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Messages streams that are not as they should be.
@Suite struct AnthropicMessagesStreamTests {
    private static let start =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,"
        + "\"cache_read_input_tokens\":1000}}}\n\n"
    private static let stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"

    @Test func `a stop without a start is a failure, not an empty answer`() {
        let stream = WatchedStream(.anthropicMessages, events: [AnthropicMessagesStreamTests.stop])
        #expect(stream.observations == [StreamObservation(.fail(.garbage), isTerminal: true)])
    }

    @Test func `a later report without the cache keeps what the start said of it`() {
        let stream = WatchedStream(
            .anthropicMessages,
            events: [
                AnthropicMessagesStreamTests.start,
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"input_tokens\":10,"
                    + "\"output_tokens\":5}}\n\n",
            ]
        )
        #expect(stream.watch.usage == TokenUsage(input: 1010, output: 5, cachedInput: 1000))
    }

    @Test func `the name of a delta inside another event changes nothing`() {
        for (event, disposition) in [
            ("error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"in content_block_delta\"}}", true),
            ("message_stop\ndata: {\"type\":\"message_stop\",\"x\":\"content_block_delta\"}", false),
        ] {
            let stream = WatchedStream(
                .anthropicMessages,
                events: [AnthropicMessagesStreamTests.start, "event: \(event)\n\n"]
            )
            #expect(stream.observations.last?.isTerminal == true)
            #expect((stream.observations.last?.disposition == .fail(.reported)) == disposition)
        }
    }

    @Test func `a delta may say anything`() {
        let delta =
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"event: error\n\ndata: {\"type\":\"message_stop\"}"}}"#
        let stream = WatchedStream(
            .anthropicMessages,
            events: [AnthropicMessagesStreamTests.start, "event: content_block_delta\ndata: \(delta)\n\n"]
        )
        #expect(stream.observations.last == StreamObservation())
        #expect(stream.watch.closing == nil)
    }

    @Test func `the type in the data decides when the name says otherwise`() {
        for (name, type, isEnd) in [
            ("message_delta", "message_stop", true), ("", "message_stop", true), ("message", "message_stop", true),
            ("message_stop", "message_delta", false),
        ] {
            let stream = WatchedStream(
                .anthropicMessages,
                events: [AnthropicMessagesStreamTests.start, "event: \(name)\ndata: {\"type\":\"\(type)\"}\n\n"]
            )
            #expect((stream.watch.closing != nil) == isEnd, "\(name) \(type)")
        }
        let bare = WatchedStream(
            .anthropicMessages,
            events: [AnthropicMessagesStreamTests.start, "event: message_stop\ndata: {}\n\n"]
        )
        #expect(bare.watch.closing == [])
        let error = WatchedStream(
            .anthropicMessages,
            events: [AnthropicMessagesStreamTests.start, "event: error\ndata: {\"type\":\"message_stop\"}\n\n"]
        )
        #expect(error.observations.last?.disposition == .fail(.reported))
    }

    @Test func `unknown events go on as they came`() {
        let event = "event: message_meta\ndata: {\"type\":\"message_meta\",\"x\":[1]}\n\n"
        let stream = WatchedStream(.anthropicMessages, events: [AnthropicMessagesStreamTests.start, event])
        #expect(stream.givenText.hasSuffix(event))
        #expect(stream.observations.last == StreamObservation())
    }

    @Test func `a byte-order mark at the start is cut off`() {
        let stream = WatchedStream(
            .anthropicMessages,
            events: ["\u{feff}" + AnthropicMessagesStreamTests.start, AnthropicMessagesStreamTests.stop]
        )
        #expect(stream.givenText == AnthropicMessagesStreamTests.start + AnthropicMessagesStreamTests.stop)
        #expect(stream.watch.closing == [])
    }

    @Test func `data of several lines is read as one`() {
        let stream = WatchedStream(
            .anthropicMessages,
            events: [
                "event: message_start\ndata: {\"type\":\"message_start\",\ndata: \"message\":{\"usage\":\n"
                    + "data: {\"input_tokens\":4}}}\n\n",
                "event: message_stop\ndata: {\ndata: \"type\":\"message_stop\"}\n\n",
            ]
        )
        #expect(stream.watch.usage.input == 4)
        #expect(stream.watch.closing == [])
        #expect(stream.observations.allSatisfy { $0.disposition == .forward })
    }
}
