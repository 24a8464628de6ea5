import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Responses streams that are not as they should be.
@Suite struct OpenAIResponsesStreamTests {
    private static let error = CallerError(status: 502, code: "upstream-failed", message: "No.")

    private func event(_ type: String, _ members: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\",\(members)}\n\n"
    }

    @Test func `an answer whose text ends like the name of a delta is whole`() {
        let stream = WatchedStream(
            .openAIResponses,
            events: [
                self.event(
                    "response.completed",
                    #""response":{"output":[{"text":"it is called response.output_text.delta"}],"usage":{"input_tokens":1}}"#
                )
            ]
        )
        #expect(stream.watch.closing == [])
        #expect(stream.watch.usage.input == 1)
    }

    @Test(arguments: ["9223372036854775807", "9223372036854775806", "4294967296", "-5", "1e300", "null", "\"7\""])
    func `a sequence number that cannot be is not believed`(_ number: String) throws {
        let stream = WatchedStream(
            .openAIResponses,
            events: [
                self.event("response.created", "\"sequence_number\":\(number)"),
                self.event("response.output_text.delta", "\"sequence_number\":\(number)"),
                self.event("response.in_progress", "\"sequence_number\":\(number)"),
            ]
        )
        let data = try FailureEventShape.check(
            stream.watch.failureEvent(OpenAIResponsesStreamTests.error, requestID: "r"),
            .openAIResponses
        )
        #expect(data["sequence_number"] == 3)
    }

    @Test func `the failure goes on with the provider's numbers and names`() throws {
        let stream = WatchedStream(
            .openAIResponses,
            events: [
                self.event(
                    "response.created",
                    #""sequence_number":40,"response":{"instructions":"{]","id":"resp_x","created_at":17,"model":"m"}"#
                ),
                self.event("response.output_text.delta", #""sequence_number":41,"delta":"a""#),
                ": comment\n\n",
            ]
        )
        let data = try FailureEventShape.check(
            stream.watch.failureEvent(OpenAIResponsesStreamTests.error, requestID: "r"),
            .openAIResponses
        )
        #expect(data["sequence_number"] == 42)
        #expect(data["response"]?["id"] == "resp_x")
        #expect(data["response"]?["created_at"] == 17)
        #expect(data["response"]?["model"] == "m")
        #expect(data["response"]?["error"]?["code"] == "server_error")
    }

    @Test func `names of any length are not kept`() throws {
        let long = String(repeating: "x", count: 100_000)
        let stream = WatchedStream(
            .openAIResponses,
            events: [self.event("response.created", "\"response\":{\"id\":\"\(long)\",\"model\":\"\(long)\"}")]
        )
        let failure = stream.watch.failureEvent(OpenAIResponsesStreamTests.error, requestID: "r-1")
        #expect(failure.count < 1000)
        #expect(String(decoding: failure, as: UTF8.self).contains("resp_r-1"))
    }

    @Test(arguments: [
        ("context_length_exceeded", "context_length_exceeded"), ("insufficient_quota", "insufficient_quota"),
        ("rate_limit_exceeded", "rate_limit_exceeded"), ("invented_by_provider", "server_error"),
        ("sk-canary", "server_error"),
    ])
    func `a provider's failure keeps its code when clients know it`(_ code: String, _ told: String) throws {
        for failed in [
            self.event("response.failed", "\"response\":{\"error\":{\"code\":\"\(code)\",\"message\":\"canary\"}}"),
            self.event("error", "\"code\":\"\(code)\",\"message\":\"canary\""),
            self.event("error", "\"error\":{\"code\":\"\(code)\",\"message\":\"canary\"}"),
        ] {
            let stream = WatchedStream(.openAIResponses, events: [failed])
            #expect(stream.observations == [StreamObservation(.fail(.reported), isTerminal: true)])
            #expect(stream.watch.closing == nil)
            let failure = stream.watch.failureEvent(OpenAIResponsesStreamTests.error, requestID: "r")
            let data = try FailureEventShape.check(failure, .openAIResponses)
            #expect(data["response"]?["error"]?["code"] == .string(told))
            #expect(!String(decoding: failure, as: UTF8.self).contains("canary"))
        }
    }

    @Test func `the type in the data decides when the name says otherwise`() {
        let completed = #"{"type":"response.completed","response":{"usage":null}}"#
        for name in ["message", "response.output_text.delta", ""] {
            let stream = WatchedStream(.openAIResponses, events: ["event: \(name)\ndata: \(completed)\n\n"])
            #expect(stream.watch.closing == [])
        }
        let delta = WatchedStream(
            .openAIResponses,
            events: ["event: response.completed\ndata: {\"type\":\"response.output_text.delta\"}\n\n"]
        )
        #expect(delta.watch.closing == nil)
        let named = WatchedStream(.openAIResponses, events: ["event: response.completed\ndata: {\"response\":{}}\n\n"])
        #expect(named.watch.closing == [])
        let error = WatchedStream(.openAIResponses, events: ["event: error\ndata: {\"type\":\"response.created\"}\n\n"])
        #expect(error.observations.last?.disposition == .fail(.reported))
    }
}
