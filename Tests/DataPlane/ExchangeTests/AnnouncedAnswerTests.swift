import Dialects
import Exchange
import Identity
import Testing

/// What only announces an answer commits to nothing: it goes out with the first of the answer, or with nothing.
@Suite struct AnnouncedAnswerTests {
    private static let stream = RelayedCaller.Input.head(200, "text/event-stream")

    /// How a provider announces an answer.
    private static func announcement(_ dialect: Dialect) -> [String] {
        switch dialect {
        case .openAIChat:
            [
                "data: {\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n",
            ]
        case .openAIResponses:
            ["queued", "created", "in_progress"].map {
                "data: {\"type\":\"response.\($0)\",\"response\":{}}\r\n\r\n"
            }
        case .anthropicMessages: ["event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n"]
        }
    }

    /// What a provider may say first of an answer, and what ends one that was only announced.
    private static func answers(_ dialect: Dialect) -> [String] {
        let data: [String] =
            switch dialect {
            case .openAIChat:
                [
                    "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
                    "{\"choices\":[{\"delta\":{\"refusal\":\"a\"}}]}",
                    "{\"choices\":[{\"delta\":{\"tool_calls\":[{}]}}]}", "{\"object\":\"novelty\"}",
                    "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", "[DONE]",
                ]
            case .openAIResponses:
                ["output_item.added", "output_text.delta", "completed", "incomplete", "novelty"].map {
                    "{\"type\":\"response.\($0)\"}"
                }
            case .anthropicMessages:
                ["content_block_start", "content_block_delta", "message_delta", "message_stop", "novelty"].map {
                    "{\"type\":\"\($0)\"}"
                }
            }
        return data.map { "data: \($0)\n\n" }
    }

    private static func failure(_ dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat: "data: {\"error\":{\"message\":\"x\"}}\n\n"
        case .openAIResponses: "data: {\"type\":\"response.failed\"}\n\n"
        case .anthropicMessages: "data: {\"type\":\"error\"}\n\n"
        }
    }

    private func announced(_ dialect: Dialect, isLate: Bool = false) -> RelayedCaller {
        var caller = RelayedCaller(dialect)
        caller.take(Self.stream)
        if isLate { caller.take(.holdExpired) }
        for event in Self.announcement(dialect) { caller.take(.event(event)) }
        return caller
    }

    @Test(arguments: Dialect.allCases, [false, true])
    func `an announcement goes out with the first of the answer, and so do the comments between`(
        _ dialect: Dialect,
        _ isLate: Bool
    ) {
        for answer in Self.answers(dialect) {
            var caller = self.announced(dialect, isLate: isLate)
            caller.take(.event(": comment\n\n"))
            #expect(caller.progress == (isLate ? .streaming : .waiting) && caller.text.isEmpty)
            caller.take(.event(answer))
            #expect(caller.text == (Self.announcement(dialect) + [": comment\n\n", answer]).joined())
            #expect(caller.violations.isEmpty)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what goes wrong behind an announcement still has a status`(_ dialect: Dialect) {
        for (input, outcome) in [
            (RelayedCaller.Input.event(Self.failure(dialect)), "fail reported"), (.finished, "fail cut-short"),
            (.failed(.network), "fail network"),
        ] {
            var caller = self.announced(dialect)
            caller.take(input)
            #expect(caller.outcome == outcome && caller.text.isEmpty && caller.violations.isEmpty)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a failure that is told in the stream comes behind the announcement`(_ dialect: Dialect) {
        var caller = self.announced(dialect, isLate: true)
        caller.take(.event(Self.failure(dialect)))
        #expect(caller.outcome == "break off reported" && caller.violations.isEmpty)
        #expect(caller.text.hasPrefix(Self.announcement(dialect).joined()))
    }

    @Test(arguments: Dialect.allCases, [false, true])
    func `an announcement is held no longer than the hold, and nothing behind it`(_ dialect: Dialect, _ isLate: Bool) {
        var caller = self.announced(dialect, isLate: isLate)
        caller.take(isLate ? .silent : .holdExpired)
        let told = Self.announcement(dialect).joined()
        #expect(caller.progress == .streaming && caller.text == told)
        caller.take(.silent)
        for event in Self.announcement(dialect) + [": comment\n\n"] { caller.take(.event(event)) }
        #expect(caller.text == told + told + ": comment\n\n" && caller.violations.isEmpty)
    }

    @Test func `no more than so much is held`() {
        let filler = String(repeating: "x", count: RelayStateMachine.maximumHeldBytes / 2)
        let event = "data: {\"type\":\"response.created\",\"response\":{\"instructions\":\"\(filler)\"}}\n\n"
        var caller = RelayedCaller(.openAIResponses)
        caller.take(Self.stream)
        caller.take(.event(event))
        #expect(caller.progress == .waiting)
        caller.take(.event(event))
        #expect(caller.progress == .streaming && caller.text == event + event && caller.violations.isEmpty)
    }

    @Test(arguments: Dialect.allCases)
    func `an announcement begins a stream, and does not answer`(_ dialect: Dialect) throws {
        var relay = RelayStateMachine(dialect: dialect, isStream: true, hidesUsage: false)
        _ = relay.head(status: 200, contentType: "text/event-stream", retryAfter: nil)
        for event in Self.announcement(dialect) { _ = relay.event(Array(event.utf8).span) }
        #expect(relay.hasBegun && !relay.hasAnswered)
        _ = relay.event(Array(try #require(Self.answers(dialect).first).utf8).span)
        #expect(relay.hasAnswered)
    }
}
