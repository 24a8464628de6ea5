import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Chat streams that are not as they should be.
@Suite struct OpenAIChatStreamTests {
    private static let text = #"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"# + "\n\n"
    private static let stop = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    private static let done = "data: [DONE]\n\n"

    @Test(arguments: [
        "data:[DONE]", "data: [DONE]", "data:   [DONE]", "data:\t[DONE]", "data: [DONE] ", "id: 1\ndata: [DONE]",
    ])
    func `the end is seen however it is spaced`(_ line: String) {
        let stream = WatchedStream(.openAIChat, events: [OpenAIChatStreamTests.text, "\(line)\n\n"])
        #expect(stream.observations.last?.isTerminal == true)
        #expect(stream.watch.closing == [])
        let last = Array(stream.given[OpenAIChatStreamTests.text.utf8.count...])
        let data = ServerSentEvent(lines: last.span).data ?? []
        #expect(data.starts(with: "[DONE]".utf8), "openai-python wants it at the very start")
    }

    @Test(arguments: ["event: [DONE]", ": [DONE]", "data : [DONE]", "data:", "data:  \t"])
    func `what only resembles the end is none`(_ line: String) {
        let stream = WatchedStream(.openAIChat, events: [OpenAIChatStreamTests.text, "\(line)\n\n"])
        #expect(stream.watch.closing == nil)
        #expect(stream.observations.last?.isTerminal == false)
        #expect(stream.givenText.hasSuffix("\(line)\n\n"))
    }

    @Test func `an end without a beginning is a failure, not an empty answer`() {
        let stream = WatchedStream(.openAIChat, events: [": hello\n\n", OpenAIChatStreamTests.done])
        #expect(stream.observations.last == StreamObservation(.fail(.garbage), isTerminal: true))
        #expect(stream.watch.closing == nil)
    }

    @Test func `a byte-order mark at the start is cut off`() {
        let stream = WatchedStream(
            .openAIChat,
            events: ["\u{feff}" + OpenAIChatStreamTests.text, OpenAIChatStreamTests.stop, OpenAIChatStreamTests.done]
        )
        #expect(
            stream.given
                == Array((OpenAIChatStreamTests.text + OpenAIChatStreamTests.stop + OpenAIChatStreamTests.done).utf8)
        )
        #expect(stream.observations.first?.isMeaningful == true)
    }

    @Test func `a byte-order mark later on is no part of the format`() {
        let stream = WatchedStream(
            .openAIChat,
            events: [OpenAIChatStreamTests.text, "\u{feff}" + OpenAIChatStreamTests.done]
        )
        #expect(stream.watch.closing == nil)
    }

    @Test(
        arguments: [
            (#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"","a":null},"logprobs":null}]}"#, true),
            (#"{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[]}}]}"#, true),
            (#"{"choices":[{"index":0,"delta":{}},{"index":1,"delta":{"role":"assistant"}}]}"#, true),
            (#"{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}"#, true),
            (#"{"choices":[{"index":0,"content_filter_results":{},"finish_reason":"","delta":{"content":""}}]}"#, true),
            (#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}"#, false),
            (#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"a"}}]}"#, false),
            (#"{"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"x"}]}}]}"#, false),
            (#"{"choices":[{"index":0,"delta":{"refusal":"a"}}]}"#, false),
            (#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c"}]}}]}"#, false),
            (#"{"choices":[{"index":0,"delta":{}},{"index":1,"delta":{"content":"a"}}]}"#, false),
            (#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#, false),
            (#"{"choices":[{"index":0,"text":"a"}]}"#, false),
            (#"{"object":"novelty"}"#, false), ("{}", false),
        ]
    )
    func `a chunk without anything of an answer announces one`(_ chunk: String, _ announces: Bool) {
        let stream = WatchedStream(.openAIChat, events: ["data: \(chunk)\n\n", OpenAIChatStreamTests.text])
        #expect(stream.observations.map(\.isAnnouncement) == [announces, false])
        // Behind the first of an answer nobody asks.
        let late = WatchedStream(.openAIChat, events: [OpenAIChatStreamTests.text, "data: \(chunk)\n\n"])
        #expect(late.observations.map(\.isAnnouncement) == [false, false])
    }

    @Test func `an answer in several choices is whole when each of them ended`() {
        func event(_ index: Int, _ reason: String) -> String {
            "data: {\"choices\":[{\"index\": \(index),\"delta\":{},\"finish_reason\":\(reason)}]}\n\n"
        }
        var stream = WatchedStream(.openAIChat, events: [event(0, "null"), event(2, "null"), event(0, "\"stop\"")])
        #expect(stream.watch.closing == nil)
        stream.feed(Array(event(2, "\"length\"").utf8)[...])
        #expect(stream.watch.closing == Array(OpenAIChatStreamTests.done.utf8))
    }

    @Test(arguments: [
        #"{"choices":[{"index":0,"delta":{},"finish_reason":""}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":"\"finish_reason\":\"stop\""},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":"finish_reason"},"finish_reason":null}]}"#,
        #"{"x":{"finish_reason":"stop"},"choices":[{"index":0,"delta":{},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{"finish_reason":"stop"}}]}"#,
        #"{"finish_reason":"stop"}"#,
        #"{"choices":[{"index":-1,"finish_reason":"stop"}]}"#,
        #"{"choices":[{"index":99999999999999999999999,"finish_reason":"stop"},{"index":1}]}"#,
    ])
    func `only a choice's own reason ends it`(_ data: String) {
        let stream = WatchedStream(.openAIChat, events: ["data: \(data)\n\n"])
        #expect(stream.watch.closing == nil)
        #expect(stream.observations.map(\.disposition) == [.forward])
        #expect(stream.observations.allSatisfy { !$0.isTerminal && $0.isMeaningful })
    }

    @Test(arguments: [
        #"{"error":{"message":"x"}}"#, #"{"error":"x"}"#, #"{ "error" : {} }"#, #"{"object":"error","message":"x"}"#,
        #"{"id":"1","choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502}}"#,
    ])
    func `an error inside a success is a failure`(_ data: String) {
        let stream = WatchedStream(.openAIChat, events: ["data: \(data)\n\n"])
        #expect(stream.observations == [StreamObservation(.fail(.reported), isTerminal: true)])
        #expect(stream.watch.closing == nil)
        #expect(stream.given.isEmpty)
    }

    @Test(arguments: [
        #"{"error":null,"choices":[]}"#, #"{"choices":[{"delta":{"content":"error"}}]}"#,
        #"{"choices":[{"delta":{"error":{}}}]}"#, #"{"choices":[{"delta":{"content":"\"error\":{}"}}]}"#,
    ])
    func `the word alone is no error`(_ data: String) {
        let stream = WatchedStream(.openAIChat, events: ["data: \(data)\n\n"])
        #expect(stream.observations.map(\.disposition) == [.forward])
        #expect(stream.observations.allSatisfy { !$0.isTerminal && $0.isMeaningful })
    }

    @Test(arguments: [
        "data:\n\n", "data\n\n", "data: \n\n", "\n\n", "id: 3\n\n", "event: x\n\n",
    ])
    func `what has no data does not begin an answer`(_ event: String) {
        let stream = WatchedStream(.openAIChat, events: [event])
        #expect(stream.observations.allSatisfy { !$0.isMeaningful && $0.disposition == .forward && !$0.isTerminal })
        #expect(stream.observations.count >= 1)
    }

    @Test(
        arguments: [
            (#"{"choices":[],"usage":{"prompt_tokens":1}}"#, nil),
            (#"{"usage":{"prompt_tokens":1},"choices":[ ]}"#, nil),
            (#"{"choices":null,"usage":{"prompt_tokens":1}}"#, nil),
            (#"{"id":"x","usage":{"prompt_tokens":1}}"#, nil),
            (#"{"usage":{"prompt_tokens":1}}"#, nil),
            (#"{"usage":null}"#, nil),
            (#"{"choices":[],"usage":null}"#, #"{"choices":[]}"#),
            (#"{"usage":null,"id":"x","choices":[]}"#, #"{"id":"x","choices":[]}"#),
            (#"{"id":"x", "usage" : {} , "choices":[{}]}"#, #"{"id":"x" , "choices":[{}]}"#),
            (#"{"choices":[{"usage":1}],"a":1,"usage":{"b":"}"},"c":2}"#, #"{"choices":[{"usage":1}],"a":1,"c":2}"#),
            (#"{"usage":1,"usage":2,"choices":[{}],"usage":3}"#, #"{"choices":[{}]}"#),
            (#"{"choices":[{"delta":{"content":"usage"}}]}"#, #"{"choices":[{"delta":{"content":"usage"}}]}"#),
            (#"{"choices":[{}],"x_groq":{"usage":{}}}"#, #"{"choices":[{}],"x_groq":{"usage":{}}}"#),
        ] as [(String, String?)]
    )
    func `usage is cut out and nothing else`(_ data: String, _ kept: String?) {
        let stream = WatchedStream(.openAIChat, hidesUsage: true, events: ["data: \(data)\n\n"])
        #expect(stream.givenText == kept.map { "data: \($0)\n\n" } ?? "")
        let open = WatchedStream(.openAIChat, events: ["data: \(data)\n\n"])
        #expect(open.givenText == "data: \(data)\n\n")
    }

    @Test func `what stands beside the data of a changed event stays`() {
        let event = "id: 7\r\nevent: message\r\n: note\r\ndata: {\"choices\":[{}],\"usage\":null}\r\nretry: 5\r\n\r\n"
        let stream = WatchedStream(.openAIChat, hidesUsage: true, events: [event])
        #expect(stream.givenText == event.replacing(",\"usage\":null", with: ""))
    }
}
