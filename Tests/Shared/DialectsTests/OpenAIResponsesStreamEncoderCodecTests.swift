import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Streams that are written for Responses callers: their order, what they repeat, and how they fail.
@Suite struct OpenAIResponsesStreamEncoderCodecTests {
    private static let folder = CodecStory.folder

    /// Answers as steps, by the name of the stream that tells them.
    static let answers: [String: [ModelEvent]] = [
        "text": [
            .started(id: "x"), .blockStarted(.text), .delta(.text("Hel")), .delta(.text("")), .delta(.text("lo — é🚀")),
            .blockEnded, .usage(TokenUsage(input: 9, output: 3, cachedInput: 4, cacheWrite: 1, reasoning: 2)),
            .finished(.endTurn),
        ],
        "texts-in-a-row": [
            .started(id: nil), .blockStarted(.text), .delta(.text("One")),
            .delta(
                .annotation([
                    "type": "url_citation", "url": "https://a.example", "title": "A", "start_index": 0, "end_index": 3,
                ])
            ),
            .blockEnded, .blockStarted(.text), .delta(.text("Two")), .blockEnded, .blockStarted(.refusal),
            .delta(.refusal("No.")), .blockEnded, .finished(.refusal),
        ],
        "reasoning-and-calls": [
            .started(id: nil), .blockStarted(.reasoning), .delta(.summary("Fir", part: 0)),
            .delta(.summary("st.", part: 0)),
            .delta(.summary("Second.", part: 3)), .delta(.opaque(.sealed("blob"))), .blockEnded,
            .blockStarted(.text), .delta(.text("I call.")), .blockEnded,
            .blockStarted(.toolCall(id: "c1", name: ToolName("lookup", namespace: "mcp__docs"), kind: .function)),
            .delta(.arguments("{\"q\":")), .delta(.arguments("1}")), .blockEnded,
            .blockStarted(.toolCall(id: "c2", name: ToolName("f"), kind: .function)), .blockEnded,
            .blockStarted(.toolCall(id: "c3", name: ToolName("apply_patch"), kind: .custom)),
            .delta(.arguments("*** Begin\n")), .blockEnded,
            .blockStarted(.toolCall(id: "c4", name: ToolName("tool_search"), kind: .toolSearch)),
            .delta(.arguments("{\"query\":\"x\"}")), .blockEnded, .finished(.toolCalls),
        ],
        "thoughts": [
            .started(id: nil), .blockStarted(.reasoning), .delta(.reasoningText("Think")),
            .delta(.reasoningText("ing.")),
            .blockEnded, .blockStarted(.reasoning), .delta(.opaque(.sealed("redacted"))), .blockEnded,
            .blockStarted(.text), .delta(.text("2")), .blockEnded, .finished(.endTurn),
        ],
        "cut": [
            .started(id: nil), .blockStarted(.text), .delta(.text("Once")), .blockEnded, .finished(.maximumTokens),
        ],
        "cut-in-call": [
            .started(id: nil), .blockStarted(.toolCall(id: "c1", name: ToolName("f"), kind: .function)),
            .delta(.arguments("{}")), .blockEnded,
            .blockStarted(.toolCall(id: "c2", name: ToolName("f"), kind: .function)),
            .delta(.arguments("{\"a\":")), .blockEnded, .finished(.maximumTokens),
        ],
        "filtered": [
            .started(id: nil), .blockStarted(.text), .delta(.text("Once")), .blockEnded, .finished(.contentFilter),
        ],
        "declined-without-words": [.started(id: nil), .finished(.refusal)],
        "nothing": [.finished(.endTurn)],
    ]

    static func context() -> AnswerContext {
        var request = ModelRequest(model: "fast")
        request.reasoning.wantsOpaque = true
        request.echo["tools"] = [["type": "web_search"]]
        request.echo["metadata"] = ["job": "7"]
        return CodecStory.context(request)
    }

    static func encode(_ events: [ModelEvent]) -> [UInt8] {
        var encoder = OpenAIResponsesStreamEncoder(OpenAIResponsesStreamEncoderCodecTests.context())
        var bytes: [UInt8] = []
        for event in events { encoder.encode(event, into: &bytes) }
        return bytes
    }

    @Test(arguments: OpenAIResponsesStreamEncoderCodecTests.answers.keys.sorted())
    func `a stream is written`(_ name: String) throws {
        let events = try #require(OpenAIResponsesStreamEncoderCodecTests.answers[name])
        let bytes = OpenAIResponsesStreamEncoderCodecTests.encode(events)
        let (_, response) = try OpenAIResponsesEventOrder.check(bytes)
        #expect(response["id"] == "resp_r-1")
        #expect(response["metadata"] == ["job": "7"])
        try GoldenFile(
            "events/openai-responses/written/\(name).sse",
            in: OpenAIResponsesStreamEncoderCodecTests.folder
        ).check(bytes)
    }

    @Test(arguments: OpenAIResponsesStreamEncoderCodecTests.answers.keys.sorted())
    func `a whole answer is what its stream ends with`(_ name: String) throws {
        let events = try #require(OpenAIResponsesStreamEncoderCodecTests.answers[name])
        let (_, response) = try OpenAIResponsesEventOrder.check(OpenAIResponsesStreamEncoderCodecTests.encode(events))
        let answer = try #require(ModelResponse(folding: events))
        let whole = OpenAIResponses.encodeAnswer(answer, OpenAIResponsesStreamEncoderCodecTests.context())
        #expect(whole == response)
    }

    @Test(arguments: OpenAIResponsesStreamDecoderCodecTests.fixtures)
    func `what a provider streams is written in order wherever it ends`(_ fixture: StreamFixture) throws {
        let events = OpenAIResponsesStreamDecoderCodecTests.decode(fixture).map(
            OpenAIResponsesStreamEncoderCodecTests.sealed
        )
        for count in 0...events.count {
            var encoder = OpenAIResponsesStreamEncoder(OpenAIResponsesStreamEncoderCodecTests.context())
            var bytes: [UInt8] = []
            var isEnded = false
            for event in events.prefix(count) {
                if case .failed = event { continue }
                if case .finished = event { isEnded = true }
                encoder.encode(event, into: &bytes)
            }
            encoder.failure(CallerError(status: 502, code: "upstream-failed", message: "It failed."), into: &bytes)
            let (types, response) = try OpenAIResponsesEventOrder.check(bytes)
            #expect((types.last == "response.failed") == !isEnded)
            #expect(types.starts(with: ["response.created", "response.in_progress"]))
            if !isEnded { #expect(response["error"]?["code"] == "server_error") }
        }
    }

    static func sealed(_ event: ModelEvent) -> ModelEvent {
        guard case .delta(.opaque(.native(_, let blob))) = event else { return event }
        return .delta(.opaque(.sealed(blob)))
    }

    @Test func `nothing follows the end`() {
        var encoder = OpenAIResponsesStreamEncoder(OpenAIResponsesStreamEncoderCodecTests.context())
        var bytes: [UInt8] = []
        encoder.encode(.finished(.endTurn), into: &bytes)
        let count = bytes.count
        encoder.encode(.blockStarted(.text), into: &bytes)
        encoder.encode(.finished(.endTurn), into: &bytes)
        encoder.failure(CallerError(status: 502, code: "x", message: "y"), into: &bytes)
        #expect(bytes.count == count)
    }

    @Test(arguments: [
        (CallerError(status: 503, code: "upstream-quota-exhausted", message: "m"), "insufficient_quota"),
        (CallerError(status: 503, code: "upstream-rate-limited", message: "m", retryAfter: 3), "rate_limit_exceeded"),
        (CallerError(status: 429, code: "other", message: "m"), "rate_limit_exceeded"),
        (CallerError(status: 503, code: "not-ready", message: "m"), "server_is_overloaded"),
        (CallerError(status: 502, code: "upstream-failed", message: "m"), "server_error"),
        (
            CallerError(
                status: 502,
                code: "upstream-failed",
                message: "m",
                details: JSONObject([("upstream_code", "context_length_exceeded")])
            ), "context_length_exceeded"
        ),
        (
            CallerError(
                status: 502,
                code: "upstream-failed",
                message: "m",
                details: JSONObject([("upstream_code", "canary")])
            ), "server_error"
        ),
    ])
    func `a failure has a code that clients act on`(_ error: CallerError, _ code: String) throws {
        var encoder = OpenAIResponsesStreamEncoder(OpenAIResponsesStreamEncoderCodecTests.context())
        var bytes: [UInt8] = []
        encoder.failure(error, into: &bytes)
        let (_, response) = try OpenAIResponsesEventOrder.check(bytes)
        #expect(response["error"]?["code"]?.stringValue == code)
        let message = response["error"]?["message"]?.stringValue ?? ""
        #expect(message.contains(error.code) && message.contains("r-1") && !message.contains("canary"))
        #expect(message.contains("try again in 3s") == (error.retryAfter != nil))
    }

    @Test func `what was whole before a failure is kept in the failed response`() throws {
        var encoder = OpenAIResponsesStreamEncoder(OpenAIResponsesStreamEncoderCodecTests.context())
        var bytes: [UInt8] = []
        let events = OpenAIResponsesStreamEncoderCodecTests.answers["reasoning-and-calls"] ?? []
        for event in events.dropLast(4) { encoder.encode(event, into: &bytes) }
        encoder.encode(.blockStarted(.text), into: &bytes)
        encoder.encode(.delta(.text("Half")), into: &bytes)
        let before = bytes.count
        encoder.failure(CallerError(status: 502, code: "upstream-failed", message: "m"), into: &bytes)
        try FailureEventShape.check(Array(bytes[before...]), .openAIResponses)
        let (_, response) = try OpenAIResponsesEventOrder.check(bytes)
        #expect(response["output"]?.arrayValue?.count == 5)
    }
}
