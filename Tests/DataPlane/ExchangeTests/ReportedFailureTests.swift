import Dialects
import Exchange
import Identity
import Routing
import Testing

/// What a provider reports as a failure in the middle of a success is whose fault it says it is.
@Suite struct ReportedFailureTests {
    private func end(_ dialect: Dialect, _ events: [String]) -> (RelayStateMachine, AttemptFailure?) {
        var relay = RelayStateMachine(dialect: dialect, isStream: true, hidesUsage: false)
        relay.retelling = Retelling(secrets: [Secret("canary")])
        _ = relay.head(status: 200, contentType: "text/event-stream", retryAfter: nil)
        for event in events {
            switch relay.event(Array("data: \(event)\n\n".utf8).span).action {
            case .fail(let failure), .breakOff(let failure): return (relay, failure)
            case .forward, .replace, .hold, .drop: continue
            }
        }
        return (relay, nil)
    }

    private static let blaming: [(Dialect, String)] = [
        (
            .openAIResponses,
            #"{"type":"response.failed","response":{"id":"r","error":{"code":"invalid_prompt","message":"no canary"}}}"#
        ),
        (.openAIResponses, #"{"type":"error","code":"invalid_prompt","message":"no canary","param":null}"#),
        (.openAIChat, #"{"error":{"message":"no canary","type":"invalid_request_error","code":"invalid_prompt"}}"#),
        (.openAIChat, #"{"error":{"message":"no canary","type":"BadRequestError","code":400}}"#),
        (.anthropicMessages, #"{"type":"error","error":{"type":"invalid_request_error","message":"no canary"}}"#),
    ]

    @Test(arguments: blaming)
    func `a request's own mistake is told as that, and harms no target`(_ dialect: Dialect, _ event: String) throws {
        let failure = try #require(self.end(dialect, [event]).1)
        let record = RequestRecord(requestID: "r", startedAt: 0)
        #expect(failure.outcome(in: record, at: 1) == .neutral && !failure.mayFailOver)
        let error = failure.callerError
        #expect(error.status == 400 && error.message == "no [redacted]" && error.shouldRetry == false)
    }

    @Test(arguments: [
        (Dialect.openAIResponses, #"{"type":"response.failed","response":{"error":{"code":"server_error"}}}"#),
        (.openAIChat, #"{"error":{"message":"x","type":"InternalServerError","code":500}}"#),
        (.anthropicMessages, #"{"type":"error","error":{"type":"api_error","message":"rate_limit_error"}}"#),
    ])
    func `all else is the target's`(_ dialect: Dialect, _ event: String) {
        #expect(self.end(dialect, [event]).1 == .reportedInBand)
    }

    @Test(arguments: [
        (Dialect.openAIResponses, #"{"type":"response.failed","response":{"error":{"code":"slow_down"}}}"#, 503),
        (.openAIResponses, #"{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded"}}}"#, 429),
        (.openAIResponses, #"{"type":"error","code":"insufficient_quota","message":"x","param":null}"#, 402),
        (.openAIResponses, #"{"type":"response.failed","response":{"error":{"code":"server_is_overloaded"}}}"#, 503),
        (.openAIChat, #"{"error":{"message":"x","type":"tokens","code":"rate_limit_exceeded"}}"#, 429),
        (.openAIChat, #"{"error":{"message":"x","type":"insufficient_quota","code":null}}"#, 402),
        (.openAIChat, #"{"error":{"message":"x","code":429}}"#, 429),
        (.openAIChat, #"{"error":{"message":"Add credits to go on: payment required.","code":429}}"#, 402),
        (.anthropicMessages, #"{"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#, 429),
        (.anthropicMessages, #"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#, 529),
        (.anthropicMessages, #"{"type":"error","error":{"type":"billing_error","message":"x"}}"#, 402),
    ])
    func `a limit of rate, quota or load is what it would be as a status`(
        _ dialect: Dialect,
        _ event: String,
        _ status: Int
    ) {
        let failure = self.end(dialect, [event]).1
        #expect(failure == .status(status, retryAfter: nil))
        let outcome = failure?.outcome(in: RequestRecord(requestID: "r", startedAt: 0), at: 1)
        switch status {
        case 402: #expect(outcome == .quotaExhausted(retryAfter: nil))
        case 429: #expect(outcome == .rateLimited(retryAfter: nil))
        default: #expect(outcome == .fault)
        }
    }

    private static let access: [(Dialect, String, Int)] = [
        (.openAIResponses, #"{"type":"response.failed","response":{"error":{"code":"invalid_api_key"}}}"#, 401),
        (.openAIResponses, #"{"type":"error","code":"model_not_found","message":"x","param":null}"#, 404),
        (.openAIChat, #"{"error":{"message":"x","type":"invalid_request_error","code":"invalid_api_key"}}"#, 401),
        (.openAIChat, #"{"error":{"message":"x","type":"invalid_request_error","code":"model_not_found"}}"#, 404),
        (.openAIChat, #"{"error":{"message":"x","code":401}}"#, 401),
        (.openAIChat, #"{"error":{"message":"x","code":403}}"#, 403),
        (.openAIChat, #"{"error":{"message":"The model `m` does not exist.","type":"NotFoundError","code":404}}"#, 404),
        (.anthropicMessages, #"{"type":"error","error":{"type":"authentication_error","message":"x"}}"#, 401),
        (.anthropicMessages, #"{"type":"error","error":{"type":"permission_error","message":"x"}}"#, 403),
        (.anthropicMessages, #"{"type":"error","error":{"type":"not_found_error","message":"model: m"}}"#, 404),
    ]

    @Test(arguments: access)
    func `a refusal of the credential or the model is what it would be as a status`(
        _ dialect: Dialect,
        _ event: String,
        _ status: Int
    ) {
        let failure = self.end(dialect, [event]).1
        #expect(failure == .status(status, retryAfter: nil) && failure?.mayFailOver == true)
        let outcome = failure?.outcome(in: RequestRecord(requestID: "r", startedAt: 0), at: 1)
        #expect(outcome == (status == 401 ? .unauthenticated : .accessDenied))
    }

    @Test func `what is not found or not allowed by the caller's own doing is told as that`() {
        let flagged = self.end(.openAIChat, [#"{"error":{"message":"The input was flagged.","code":403}}"#]).1
        let file = self.end(
            .anthropicMessages,
            [#"{"type":"error","error":{"type":"not_found_error","message":"File not found: file_1"}}"#]
        ).1
        for failure in [flagged, file] {
            #expect(failure?.callerError.code == "invalid-request" && failure?.mayFailOver == false)
        }
    }

    @Test(arguments: [
        (
            Dialect.openAIResponses,
            [
                #"{"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":"a"}"#,
                #"{"type":"response.failed","response":{"error":{"code":"invalid_api_key"}}}"#,
            ]
        ),
        (
            .openAIChat,
            [#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#, #"{"error":{"message":"x","code":404}}"#]
        ),
        (
            .anthropicMessages,
            [
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#,
                #"{"type":"error","error":{"type":"permission_error","message":"x"}}"#,
            ]
        ),
    ])
    func `who has begun to answer has the model and takes the credential`(_ dialect: Dialect, _ events: [String]) {
        #expect(self.end(dialect, events).1 == .reportedInBand)
    }

    @Test func `a context that is too long keeps its code in a stream that has begun`() throws {
        let (relay, failure) = self.end(
            .openAIResponses,
            [
                #"{"type":"response.created","response":{"id":"r"}}"#,
                #"{"type":"response.failed","response":{"id":"r","error":{"code":"context_length_exceeded","message":"Too long."}}}"#,
            ]
        )
        let event = self.event(relay, try #require(failure))
        #expect(event.contains(#""code":"context_length_exceeded","message":"Too long. (context_length_exceeded,"#))
    }

    @Test func `how long a limit of the rate lasts is told, and nothing else of it`() throws {
        let text = "Rate limit reached for m in organization org-canary. Please try again in 11.05s. Visit https://x."
        let (relay, failure) = self.end(
            .openAIResponses,
            [
                #"{"type":"response.created","response":{"id":"r"}}"#,
                #"{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"\#(text)"}}}"#,
            ]
        )
        let event = self.event(relay, try #require(failure))
        #expect(event.contains(#""code":"rate_limit_exceeded""#) && event.contains("try again in 11.05s."))
        #expect(!event.contains("canary"))
    }

    private func event(_ relay: RelayStateMachine, _ failure: AttemptFailure) -> String {
        let id = RequestID(milliseconds: 1, random: (2, 3))
        return String(decoding: relay.failureEvent(failure.callerError, requestID: id), as: UTF8.self)
    }

    @Test(arguments: [
        ("data: [DONE]", true), ("data: [DONE]\n", true),
        ("event: message_stop\ndata: {\"type\":\"message_stop\"}\n", true),
        ("data: {\"a\":", false), ("event: message_stop\n", false), (": ping\n", false), ("", false),
        ("data: 1", false),
    ])
    func `a last event is whole when its data is`(_ rest: String, _ isWhole: Bool) {
        #expect(RelayStateMachine.isWholeEvent(Array(rest.utf8).span) == isWhole)
    }
}
