import Canonical
import Dialects
import Identity
import Testing
import Wire

@Suite struct AnswerRestorationTests {
    private static func request(
        _ tools: [ToolDefinition] = [],
        outputTool: String? = nil,
        stops: [String] = []
    ) throws -> EncodedRequest {
        EncodedRequest(body: [:], aliases: try ToolAliases(tools), outputTool: outputTool, emulatedStops: stops)
    }

    private static func restored(
        _ events: [ModelEvent],
        _ request: EncodedRequest,
        seal: AnswerRestoration.Seal? = nil,
        mark: AnswerRestoration.Mark? = nil
    ) -> [ModelEvent] {
        var restoration = AnswerRestoration(request, requestID: "r-1", seal: seal, mark: mark)
        return events.flatMap { restoration.restore($0) }
    }

    private static func call(_ id: String, _ name: String, _ pieces: String...) -> [ModelEvent] {
        [.blockStarted(.toolCall(id: id, name: ToolName(name), kind: .function))]
            + pieces.map { .delta(.arguments($0)) } + [.blockEnded]
    }

    private static func text(_ pieces: String...) -> [ModelEvent] {
        [.blockStarted(.text)] + pieces.map { .delta(.text($0)) } + [.blockEnded]
    }

    private static let apply = ToolDefinition(ToolName("apply_patch"), kind: .custom(format: nil))

    private static let search = ToolDefinition(
        ToolName("search", namespace: "mcp__docs"),
        kind: .function(parameters: [:], strict: nil)
    )

    // MARK: Tools

    @Test func `an alias becomes the caller's name, namespace apart`() throws {
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.call("1", "mcp__docs__search", #"{"q":"#, "1}") + [.finished(.endTurn)],
            try AnswerRestorationTests.request([AnswerRestorationTests.search])
        )
        let name = ToolName("search", namespace: "mcp__docs")
        #expect(
            events == [
                .blockStarted(.toolCall(id: "1", name: name, kind: .function)), .delta(.arguments(#"{"q":"#)),
                .delta(.arguments("1}")), .blockEnded, .finished(.toolCalls),
            ]
        )
    }

    @Test func `a custom tool's input flows unwrapped`() throws {
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.call("1", "apply_patch", #"{"inp"#, #"ut":"*** "#, #"Begin\n"#, #"+"}"#)
                + [.finished(.toolCalls)],
            try AnswerRestorationTests.request([AnswerRestorationTests.apply])
        )
        #expect(
            events == [
                .blockStarted(.toolCall(id: "1", name: ToolName("apply_patch"), kind: .custom)),
                .delta(.arguments("*** ")), .delta(.arguments("Begin\n")), .delta(.arguments("+")), .blockEnded,
                .finished(.toolCalls),
            ]
        )
    }

    @Test func `a custom call of a target that has them stays as it is`() throws {
        let events: [ModelEvent] = [
            .blockStarted(.toolCall(id: "1", name: ToolName("apply_patch"), kind: .custom)),
            .delta(.arguments(#"{"input":"x"}"#)), .blockEnded, .finished(.toolCalls),
        ]
        let request = try AnswerRestorationTests.request([AnswerRestorationTests.apply])
        #expect(AnswerRestorationTests.restored(events, request) == events)
    }

    @Test func `calls that share an id are told apart`() throws {
        let answer = ModelResponse(
            blocks: [
                .toolCall(ToolCall(id: "1", name: ToolName("a"), arguments: "{}")),
                .toolCall(ToolCall(id: "1", name: ToolName("b"), arguments: "{}")),
            ],
            stop: .endTurn,
            usage: TokenUsage(input: 1)
        )
        let request = try AnswerRestorationTests.request()
        let restored = AnswerRestoration.restored(answer, to: request, requestID: "r-1", seal: nil)
        let ids = restored.blocks.map { if case .toolCall(let call) = $0 { call.id } else { "" } }
        #expect(ids == ["1", "1_2"])
        #expect(restored.stop == .toolCalls)
        #expect(restored.usage == TokenUsage(input: 1))
    }

    @Test func `ids become ones that every provider takes`() throws {
        let long = String(repeating: "a", count: 64)
        let calls = ["functions.a:0", "functions.a:0", long, long, long + "b", ""].flatMap {
            AnswerRestorationTests.call($0, "a")
        }
        let ids = AnswerRestorationTests.restored(calls, try AnswerRestorationTests.request()).compactMap { event in
            if case .blockStarted(.toolCall(let id, _, _)) = event { id } else { nil }
        }
        #expect(ids.count == 6)
        #expect(Set(ids).count == 6)
        #expect(ids.allSatisfy { ToolAliases.wireID($0) == $0 })
        #expect(ids.dropFirst(2).first == long)
    }

    // MARK: Reasons

    @Test(arguments: [
        (StopReason.endTurn, StopReason.toolCalls), (.stopSequence("x"), .toolCalls), (.pause, .toolCalls),
        (.maximumTokens, .maximumTokens), (.contextFull, .contextFull), (.contentFilter, .contentFilter),
    ])
    func `an answer with calls ends for them unless it was cut`(_ given: StopReason, _ fitting: StopReason) throws {
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.call("1", "a") + [.finished(given)],
            try AnswerRestorationTests.request()
        )
        #expect(events.last == .finished(fitting))
    }

    @Test func `an answer without calls does not end for them`() throws {
        let request = try AnswerRestorationTests.request()
        #expect(AnswerRestorationTests.restored([.finished(.toolCalls)], request) == [.finished(.endTurn)])
    }

    @Test func `nothing follows the end`() throws {
        let events = AnswerRestorationTests.restored(
            [.finished(.endTurn)] + AnswerRestorationTests.text("x") + [.failed(.truncated)],
            try AnswerRestorationTests.request()
        )
        #expect(events == [.finished(.endTurn)])
    }

    // MARK: Blank blocks

    @Test func `blocks that say nothing are left out and white space waits for more`() throws {
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.text("", "\n") + [
                .blockStarted(.reasoning), .delta(.summary("", part: 0)), .blockEnded,
            ]
                + AnswerRestorationTests.text("\n", "\n", "a", " ") + AnswerRestorationTests.call("1", "now")
                + [.finished(.toolCalls)],
            try AnswerRestorationTests.request()
        )
        #expect(
            events == AnswerRestorationTests.text("\n\na", " ") + AnswerRestorationTests.call("1", "now")
                + [.finished(.toolCalls)]
        )
    }

    // MARK: Reasoning

    private static let thinking: [ModelEvent] = [
        .blockStarted(.reasoning), .delta(.summary("so", part: 0)), .delta(.opaque(.native(.signature, "sig"))),
        .blockEnded, .blockStarted(.reasoning), .delta(.opaque(.native(.redacted, "dark"))), .blockEnded,
        .finished(.endTurn),
    ]

    @Test func `blobs are sealed for a caller that wants them`() throws {
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.thinking,
            try AnswerRestorationTests.request(),
            seal: { "\($0.rawValue):\($1)" }
        )
        #expect(
            events == [
                .blockStarted(.reasoning), .delta(.summary("so", part: 0)), .delta(.opaque(.sealed("s:sig"))),
                .blockEnded, .blockStarted(.reasoning), .delta(.opaque(.sealed("r:dark"))), .blockEnded,
                .finished(.endTurn),
            ]
        )
    }

    @Test func `blobs are left out for a caller that does not, and reasoning that is nothing else`() throws {
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.thinking,
            try AnswerRestorationTests.request()
        )
        #expect(
            events == [.blockStarted(.reasoning), .delta(.summary("so", part: 0)), .blockEnded, .finished(.endTurn)]
        )
    }

    @Test func `reasoning that says something is marked where it has no blob for the caller`() throws {
        let said: [ModelEvent] = [.blockStarted(.reasoning), .delta(.reasoningText("hm"))]
        let silent: [ModelEvent] = [.blockStarted(.reasoning), .delta(.reasoningText("")), .blockEnded]
        let mark = ModelEvent.delta(.opaque(.sealed("mark")))
        let request = try AnswerRestorationTests.request()
        // The next block ends it as well.
        let events = AnswerRestorationTests.restored(
            silent + said + [.blockStarted(.text), .delta(.text("a")), .blockEnded, .finished(.endTurn)],
            request,
            mark: { "mark" }
        )
        #expect(events == said + [mark, .blockEnded] + AnswerRestorationTests.text("a") + [.finished(.endTurn)])
        // Here the first has a blob, and the second says nothing.
        let declined = AnswerRestorationTests.restored(AnswerRestorationTests.thinking, request, mark: { "mark" })
        #expect(
            declined == [
                .blockStarted(.reasoning), .delta(.summary("so", part: 0)), mark, .blockEnded, .finished(.endTurn),
            ]
        )
        let seal: AnswerRestoration.Seal = { "\($0.rawValue):\($1)" }
        #expect(
            AnswerRestorationTests.restored(AnswerRestorationTests.thinking, request, seal: seal, mark: { "mark" })
                == AnswerRestorationTests.restored(AnswerRestorationTests.thinking, request, seal: seal)
        )
    }

    @Test func `whose reasoning is marked depends on what a target of the caller's dialect would refuse`() {
        func mark(_ caller: Dialect, _ wantsOpaque: Bool, summary: Bool? = nil) -> String? {
            var request = ModelRequest(model: "m")
            request.reasoning.wantsOpaque = wantsOpaque
            request.reasoning.wantsSummary = summary
            return AnswerRestoration.mark(for: caller, request) { "\($0.rawValue):\($1)" }?()
        }
        #expect(mark(.openAIChat, true) == nil && mark(.openAIChat, false) == nil)
        #expect(mark(.openAIResponses, true) == "u:" && mark(.openAIResponses, false) == "u:")
        #expect(mark(.anthropicMessages, true) == "u:" && mark(.anthropicMessages, true, summary: true) == "u:")
        #expect(mark(.anthropicMessages, false) == nil && mark(.anthropicMessages, true, summary: false) == nil)
    }

    // MARK: Forced tools

    @Test func `the arguments of the forced tool are the answer's text, and nothing beside them`() throws {
        let request = try AnswerRestorationTests.request(outputTool: "answer")
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.text("Sure:") + AnswerRestorationTests.call("1", "answer", #"{"a""#, ":1}")
                + AnswerRestorationTests.text("There.") + AnswerRestorationTests.call("2", "answer", "{}")
                + [.finished(.toolCalls)],
            request
        )
        #expect(events == AnswerRestorationTests.text(#"{"a""#, ":1}") + [.finished(.endTurn)])
        #expect(
            AnswerRestorationTests.restored(
                AnswerRestorationTests.call("1", "answer") + [.finished(.toolCalls)],
                request
            )
                == AnswerRestorationTests.text("{}") + [.finished(.endTurn)]
        )
    }

    @Test func `text is the answer when the forced tool is not called`() throws {
        let request = try AnswerRestorationTests.request(outputTool: "answer")
        let text = AnswerRestorationTests.text(#"{"a":1}"#)
        #expect(AnswerRestorationTests.restored(text + [.finished(.endTurn)], request) == text + [.finished(.endTurn)])
        #expect(
            AnswerRestorationTests.restored(text.dropLast() + [.failed(.truncated)], request)
                == text.dropLast() + [.failed(.truncated)]
        )
    }

    @Test func `other tools beside the forced one are calls`() throws {
        let events = AnswerRestorationTests.restored(
            AnswerRestorationTests.call("1", "read", "{}") + [.finished(.toolCalls)],
            try AnswerRestorationTests.request(outputTool: "answer")
        )
        #expect(events == AnswerRestorationTests.call("1", "read", "{}") + [.finished(.toolCalls)])
    }

    // MARK: Stops

    @Test func `the answer ends at a stop, and what the provider says on is not wanted`() throws {
        let request = try AnswerRestorationTests.request(stops: ["END"])
        var restoration = AnswerRestoration(request, requestID: "r-1", seal: nil)
        let events =
            (AnswerRestorationTests.text("one E", "ND two") + AnswerRestorationTests.call("1", "a")
            + [.usage(TokenUsage(output: 9)), .finished(.endTurn)]).flatMap { restoration.restore($0) }
        #expect(events == AnswerRestorationTests.text("one ") + [.finished(.stopSequence("END"))])
        #expect(restoration.isStopped)
    }

    @Test func `a beginning of a stop is text when the block, the answer or the stream ends`() throws {
        let request = try AnswerRestorationTests.request(stops: ["END"])
        let text = AnswerRestorationTests.text("one E")
        #expect(
            AnswerRestorationTests.restored(text + [.finished(.endTurn)], request)
                == AnswerRestorationTests.text("one ", "E") + [.finished(.endTurn)]
        )
        #expect(
            AnswerRestorationTests.restored(text.dropLast() + [.failed(.truncated)], request)
                == [.blockStarted(.text), .delta(.text("one ")), .delta(.text("E")), .failed(.truncated)]
        )
    }

    @Test func `a whole answer is cut as a stream is`() throws {
        let answer = ModelResponse(
            blocks: [
                .text(TextBlock("one END two")), .toolCall(ToolCall(id: "1", name: ToolName("a"), arguments: "{}")),
            ],
            stop: .toolCalls,
            usage: TokenUsage(input: 1, output: 2)
        )
        let request = try AnswerRestorationTests.request(stops: ["END"])
        #expect(
            AnswerRestoration.restored(answer, to: request, requestID: "r-1", seal: nil)
                == ModelResponse(
                    blocks: [.text(TextBlock("one "))],
                    stop: .stopSequence("END"),
                    usage: TokenUsage(input: 1, output: 2)
                )
        )
    }
}
