import Canonical
import Dialects
import Identity
import Testing

/// Events of a stream that are none of its dialect end it, wherever they come, and nothing of them is passed on.
@Suite struct StreamGarbageTests {
    private static let garbage = StreamObservation(.fail(.garbage), isTerminal: true)

    /// The beginning of an answer and something of it.
    static func beginning(_ dialect: Dialect) -> [String] {
        switch dialect {
        case .openAIChat: ["data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"]
        case .openAIResponses:
            [
                "data: {\"type\":\"response.created\",\"response\":{\"id\":\"r\"},\"sequence_number\":0}\n\n",
                "data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\",\"sequence_number\":1}\n\n",
            ]
        case .anthropicMessages:
            [
                "data: {\"type\":\"message_start\",\"message\":{}}\n\n",
                "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n",
            ]
        }
    }

    /// What a client takes for the end of the answer.
    private static func end(_ dialect: Dialect) -> [String] {
        switch dialect {
        case .openAIChat:
            ["data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n", "data: [DONE]\n\n"]
        case .openAIResponses: ["data: {\"type\":\"response.completed\",\"response\":{}}\n\n"]
        case .anthropicMessages: ["data: {\"type\":\"message_stop\"}\n\n"]
        }
    }

    @Test(
        arguments: Dialect.allCases,
        [
            #"{"choices":[{"del"#, #"{"type":"response.output_text.delta","delta":"a"#,
            #"{"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}"#, "<html><body>502</body></html>",
            "upstream connect error", "{", "{}{}", "{} x", "{a:1}", "5", "\"text\"", "[]", "[{}]", "null", "true",
            "[DONE", "DONE", "\"[DONE]\"", #"{"a":[}"#, #"{"a":1,}"#, #"{"a":NaN}"#, #"{"a":"\x"}"#,
            "{\"a\":\"\u{1}\"}",
            "{\"a\":\ndata: 1]", "{\"a\":\"b\ndata: c\"}",
        ]
    )
    func `data that is no object is garbage, first and in the middle`(_ dialect: Dialect, _ data: String) {
        for before in [[], StreamGarbageTests.beginning(dialect)] {
            for name in ["", "event: ping\n", "event: message_stop\n", "event: response.completed\n"] {
                let event = "\(name)data: \(data)\n\n"
                let stream = WatchedStream(dialect, events: before + [event] + StreamGarbageTests.end(dialect))
                #expect(stream.observations.last == StreamGarbageTests.garbage)
                #expect(stream.givenText == before.joined())
                #expect(stream.watch.closing == nil)
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what is called an error is one, whatever its data is`(_ dialect: Dialect) {
        for data in ["overloaded", "{\"message\":\"x\"}", "null"] {
            let stream = WatchedStream(
                dialect,
                events: StreamGarbageTests.beginning(dialect) + ["event: error\ndata: \(data)\n\n"]
            )
            #expect(stream.observations.last == StreamObservation(.fail(.reported), isTerminal: true), "\(data)")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `bytes that are not UTF-8 are garbage`(_ dialect: Dialect) {
        let bytes = Array("data: {\"a\":\"".utf8) + [0xc3] + Array("\"}\n\n".utf8)
        var watch = StreamWatch(dialect, hidesUsage: false)
        let observation = watch.observe(bytes.span)
        #expect(observation == StreamGarbageTests.garbage)
    }

    @Test(arguments: Dialect.allCases)
    func `what says nothing and what nobody knows goes on as it came`(_ dialect: Dialect) {
        let events = [
            ": comment\n\n", "event: ping\n\n", "data:\n\n", "data: \t \n\n", "id: 7\n\n", "retry: 5\n\n",
            "data: {\"type\":\"later\",\"x\":[1,{\"y\":\"\\ud83d\"}]}\n\n", "event: later\ndata: { }\n\n",
            "data: {\"type\":\ndata: \"later\"}\n\n", "event: later\r\ndata: {\"x\":1} \r\n\r\n", "data: {}\n\n",
        ]
        let all = StreamGarbageTests.beginning(dialect) + events + StreamGarbageTests.end(dialect)
        let stream = WatchedStream(dialect, events: all)
        #expect(stream.givenText == all.joined())
        #expect(stream.watch.closing == [])
    }

    @Test(arguments: [
        (Dialect.openAIChat, #"{"choices":"x"}"#), (.openAIChat, #"{"choices":{"finish_reason":"stop"}}"#),
        (.openAIChat, #"{"choices":[7]}"#), (.openAIChat, #"{"choices":["finish_reason","stop"]}"#),
        (.openAIChat, #"{"choices":[{"delta":5}]}"#), (.openAIChat, #"{"choices":[{"delta":{"content":5}}]}"#),
        (.openAIChat, #"{"x":[],"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":"x"}}]}"#),
        (.openAIChat, #"{"choices":[{"delta":{"reasoning_content":[]}}]}"#),
        (.openAIResponses, #"{"type":"response.output_text.delta","delta":5}"#),
        (.openAIResponses, #"{"delta":{},"type":"response.function_call_arguments.delta"}"#),
        (.anthropicMessages, #"{"type":"content_block_delta","index":0,"delta":"x"}"#),
        (.anthropicMessages, #"{"delta":{"type":"text_delta","text":5},"type":"content_block_delta"}"#),
        (.anthropicMessages, #"{"type":"content_block_delta","delta":{"partial_json":{}}}"#),
    ])
    func `a piece of an answer of a wrong type is garbage`(_ dialect: Dialect, _ data: String) {
        let before = StreamGarbageTests.beginning(dialect)
        let stream = WatchedStream(dialect, events: before + ["data: \(data)\n\n"] + StreamGarbageTests.end(dialect))
        #expect(stream.observations.last == StreamGarbageTests.garbage)
        #expect(stream.givenText == before.joined())
    }

    @Test(arguments: [
        (Dialect.openAIChat, #"{"choices":null}"#), (.openAIChat, #"{"choices":[{"delta":null,"later":7}]}"#),
        (.openAIChat, #"{"choices":[{"delta":{"content":[{"type":"text","text":"a"}],"later":{"content":5}}}]}"#),
        (.openAIChat, #"{"x":[{"delta":5}],"delta":7,"y":[7]}"#),
        (.openAIResponses, #"{"type":"response.later.delta","delta":{"a":5}}"#),
        (.openAIResponses, #"{"type":"response.output_text.delta","delta":null,"logprobs":[{"delta":5}]}"#),
        (.anthropicMessages, #"{"type":"content_block_delta","delta":{"text":"a","signature":null}}"#),
        (.anthropicMessages, #"{"type":"later","delta":5}"#), (.anthropicMessages, #"{"type":5,"delta":5}"#),
        (.anthropicMessages, #"{"type":"content_block_delta","text":5,"delta":{"type":"later","x":{"text":5}}}"#),
    ])
    func `what is not read may be of any type`(_ dialect: Dialect, _ data: String) {
        let all = StreamGarbageTests.beginning(dialect) + ["data: \(data)\n\n"] + StreamGarbageTests.end(dialect)
        let stream = WatchedStream(dialect, events: all)
        #expect(stream.givenText == all.joined())
        #expect(stream.watch.closing == [])
    }

    @Test(arguments: [Dialect.openAIResponses, .anthropicMessages])
    func `an end as in Chat behind a stream of another dialect says nothing`(_ dialect: Dialect) {
        let stream = WatchedStream(dialect, events: StreamGarbageTests.beginning(dialect) + ["data: [DONE]\n\n"])
        #expect(stream.observations.last == StreamObservation(isMeaningful: false))
        #expect(stream.watch.closing == nil)
    }
}
