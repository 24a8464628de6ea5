import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Which bytes of an answer differ when a caller knows its ids under other names, and that no others do.
@Suite struct KeptResponseIDsTests {
    private static func ids(naming: Bool = true, previous: KeptResponseIDs.Previous? = nil) throws -> KeptResponseIDs {
        let name: KeptResponseIDs.Name = { "resp_r1_<\($0)>" }
        let ids = KeptResponseIDs(name: naming ? name : nil, previous: previous)
        return try #require(ids)
    }

    private static let previous = KeptResponseIDs.Previous(id: "resp_0", name: "resp_r1_previous")

    private static func applied(_ ids: KeptResponseIDs, to text: String) -> String {
        var ids = ids
        let bytes = Array(text.utf8)
        let splices = ids.splices(inAnswer: bytes.span)
        return String(decoding: Splice.applied(splices, to: bytes.span), as: UTF8.self)
    }

    @Test func `an answer without names to give needs nothing`() {
        #expect(KeptResponseIDs(name: nil, previous: nil) == nil)
    }

    @Test(arguments: [
        #"{"id":"resp_1","output":[{"id":"resp_1"}],"previous_response_id":"resp_0","x":{"id":"resp_1"}}"#,
        "{\n \"previous_response_id\" : \"resp_0\" ,\t\"output\":[\"\\\"id\\\":\\\"resp_1\\\"\"], \"id\" :\"resp_1\"\n}",
    ])
    func `of a whole answer, its own id and the one it continues differ`(_ text: String) throws {
        let ids = try KeptResponseIDsTests.ids(previous: KeptResponseIDsTests.previous)
        let before = try JSONReader.read(Array(text.utf8))
        let after = try JSONReader.read(Array(KeptResponseIDsTests.applied(ids, to: text).utf8))
        var expected = try #require(before.objectValue)
        expected["id"] = "resp_r1_<resp_1>"
        expected["previous_response_id"] = "resp_r1_previous"
        #expect(after == .object(expected))
        // All else byte for byte.
        let rest = KeptResponseIDsTests.applied(ids, to: text)
            .replacing("resp_r1_<resp_1>", with: "resp_1")
            .replacing("resp_r1_previous", with: "resp_0")
        #expect(rest == text)
    }

    @Test(arguments: [
        #"{"id":7,"previous_response_id":"resp_0"}"#, #"{"id":null,"output":[]}"#, "{}", "[]", "",
        #"{"output":[{"id":"resp_1"}]}"#, #"{"id":"resp_1"#, #"{"id":"\ud800"}"#, #"{"id":"\x"}"#,
    ])
    func `an answer without an id stays as it is`(_ text: String) throws {
        #expect(KeptResponseIDsTests.applied(try KeptResponseIDsTests.ids(), to: text) == text)
    }

    @Test func `an id that is not named, or too long to be one, stays`() throws {
        let unnamed = KeptResponseIDs(name: { _ in nil }, previous: nil)
        let ids = try #require(unnamed)
        #expect(KeptResponseIDsTests.applied(ids, to: #"{"id":"resp_1"}"#) == #"{"id":"resp_1"}"#)
        let long = #"{"id":"\#(String(repeating: "r", count: 2000))"}"#
        #expect(KeptResponseIDsTests.applied(try KeptResponseIDsTests.ids(), to: long) == long)
    }

    @Test func `another continued response than the caller's stays`() throws {
        let ids = try KeptResponseIDsTests.ids(naming: false, previous: KeptResponseIDsTests.previous)
        for text in [#"{"id":"r","previous_response_id":"resp_00"}"#, #"{"id":"r","previous_response_id":null}"#] {
            #expect(KeptResponseIDsTests.applied(ids, to: text) == text)
        }
    }

    @Test func `an id that is written with escapes is the same id`() throws {
        let text = #"{"id":"resp\u005f1"}"#
        #expect(KeptResponseIDsTests.applied(try KeptResponseIDsTests.ids(), to: text) == #"{"id":"resp_r1_<resp_1>"}"#)
    }

    // MARK: Streams

    /// Events whose ids differ hold `ID` and `BEFORE` in their places.
    private static func stream(id: String, before: String) -> String {
        let response = #"{"id":"\#(id)","output":[],"previous_response_id":"\#(before)","é":1.50}"#
        let last = #"{"output":[{"id":"resp_1"}],"id":"\#(id)","previous_response_id":"\#(before)","usage":null}"#
        return [
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":\(response)}\n\n",
            "event: response.queued\r\ndata: {\"response\":\(response),\"type\":\"response.queued\"}\r\n\r\n",
            "event: response.in_progress\ndata: { \"type\" : \"response.in_progress\", \"response\" : \(response) }\n\n",
            ": a comment with resp_1\n\n",
            "data: {\"type\":\"response.output_item.added\",\"item\":{\"id\":\"resp_1\"}}\n\n",
            "data: {\"type\":\"response.output_text.delta\",\"response\":{\"id\":\"resp_1\"},\"delta\":\"\\u00e9\"}\n\n",
            "data: {\"type\":\"response.novelty\",\"id\":\"resp_1\",\"response\":\"resp_1\"}\n\n",
            "data: {\"type\":\"response.completed\",\"response\":\(last)}\n\n",
        ].joined()
    }

    @Test func `of a stream in any pieces, the ids in its response objects differ and nothing else`() throws {
        let bytes = Array(KeptResponseIDsTests.stream(id: "resp_1", before: "resp_0").utf8)
        let expected = KeptResponseIDsTests.stream(id: "resp_r1_<resp_1>", before: "resp_r1_previous")
        let ids = try KeptResponseIDsTests.ids(previous: KeptResponseIDsTests.previous)
        for cut in 0...bytes.count {
            var watched = WatchedStream(.openAIResponses, ids: ids)
            watched.feed(bytes[..<cut])
            watched.feed(bytes[cut...])
            #expect(EventCuts.unified(watched.given) == EventCuts.unified(Array(expected.utf8)), "cut at \(cut)")
        }
        var watched = WatchedStream(.openAIResponses, ids: ids)
        watched.feed(bytes[...])
        #expect(watched.givenText == expected)
        #expect(watched.watch.closing == [])
    }

    @Test func `without names to give, a stream stays as it came`() {
        let stream = KeptResponseIDsTests.stream(id: "resp_1", before: "resp_0")
        var watched = WatchedStream(.openAIResponses)
        watched.feed(Array(stream.utf8)[...])
        #expect(watched.givenText == stream)
    }

    @Test func `an event in several lines gets the name, too`() throws {
        let event = "data: {\"type\":\"response.created\",\ndata: \"response\":{\"id\":\"resp_1\"}}\n\n"
        var watched = WatchedStream(.openAIResponses, ids: try KeptResponseIDsTests.ids())
        watched.feed(Array(event.utf8)[...])
        #expect(watched.givenText.contains(#""id":"resp_r1_<resp_1>""#))
        #expect(watched.givenText.hasSuffix("\n\n"))
    }

    @Test func `the end of a stream that broke off has the caller's name of it`() throws {
        var watched = WatchedStream(.openAIResponses, ids: try KeptResponseIDsTests.ids())
        let event = "data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\"}}\n\n"
        watched.feed(Array(event.utf8)[...])
        let error = CallerError(status: 502, code: "upstream-failed", message: "no")
        let end = ServerSentEvent(lines: watched.watch.failureEvent(error, requestID: "r").span)
        let data = try JSONReader.read(Array((end.data ?? []).map { $0 }))
        #expect(data["response"]?["id"] == "resp_r1_<resp_1>")
    }
}
