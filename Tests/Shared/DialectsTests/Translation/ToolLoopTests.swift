import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Two turns: an answer with calls goes to a caller of another dialect, and comes back as that caller's history.
@Suite struct ToolLoopTests {
    private static let pairs = TranslationFixture.pairs(
        TranslationFixture.answers.filter { fixture in
            (try? ToolLoopTests.decode(fixture))?.blocks.contains { block in
                switch block {
                case .toolCall, .reasoning: true
                case .text, .image, .file, .toolResult, .refusal, .hosted: false
                }
            } ?? false
        }
    )

    @Test func `there are answers with calls or reasoning of every dialect`() {
        #expect(Set(ToolLoopTests.pairs.map(\.fixture.dialect)) == Set(Dialect.allCases))
    }

    private static func decode(_ fixture: TranslationFixture) throws -> ModelResponse {
        let body = try JSONReader.read(fixture.bytes)
        return switch fixture.dialect {
        case .openAIChat: try OpenAIChat.decodeAnswer(body)
        case .openAIResponses: try OpenAIResponses.decodeAnswer(body)
        case .anthropicMessages: try AnthropicMessages.decodeAnswer(body)
        }
    }

    /// The calls as the provider made them.
    private static func calls(of fixture: TranslationFixture) throws -> [ToolCall] {
        try ToolLoopTests.decode(fixture).blocks.compactMap {
            if case .toolCall(let call) = $0 { call } else { nil }
        }
    }

    /// What a client sends next: the answer as it came, and a result for each call, the last first.
    private static func followUp(_ answer: JSONValue, _ caller: Dialect) throws -> JSONValue {
        switch caller {
        case .openAIChat:
            let message = try #require(answer["choices"]?.arrayValue?.first?["message"])
            let results = (message["tool_calls"]?.arrayValue ?? []).reversed().map { call -> JSONValue in
                ["role": "tool", "tool_call_id": call["id"] ?? nil, "content": "done"]
            }
            let ask: JSONValue = ["role": "user", "content": "go"]
            return ["model": "fast", "messages": .array([ask, message] + results + [ask])]
        case .openAIResponses:
            let items = try #require(answer["output"]?.arrayValue)
            let results = items.reversed().compactMap { item -> JSONValue? in
                guard let id = item["call_id"], let type = item["type"]?.stringValue else { return nil }
                return ["type": .string("\(type)_output"), "call_id": id, "output": "done"]
            }
            let ask: JSONValue = ["role": "user", "content": "go"]
            return ["model": "fast", "input": .array([ask] + items + results + [ask])]
        case .anthropicMessages:
            let blocks = try #require(answer["content"]?.arrayValue)
            let results = blocks.reversed().compactMap { block -> JSONValue? in
                guard block["type"] == "tool_use", let id = block["id"] else { return nil }
                return ["type": "tool_result", "tool_use_id": id, "content": "done"]
            }
            return [
                "model": "fast", "max_tokens": 100,
                "messages": [
                    ["role": "user", "content": "go"], ["role": "assistant", "content": .array(blocks)],
                    ["role": "user", "content": .array(results + [["type": "text", "text": "go on"]])],
                ],
            ]
        }
    }

    private static let open: @Sendable (String) -> ReasoningEnvelope.Opened = { text in
        let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "sealed", let kind = OpaqueReasoning.Kind(rawValue: String(parts[1])) else {
            return .foreign
        }
        return kind == .unsigned ? .unsigned : .native(kind, String(parts[2]))
    }

    @Test(arguments: ToolLoopTests.pairs)
    func `the provider gets its own calls and blobs back, with a result for each`(_ pair: TranslationPair) throws {
        let decoded = try ToolLoopTests.decode(pair.fixture)
        let answer = try AnswerTranslation(
            of: JSONReader.read(pair.fixture.bytes),
            from: pair.fixture.dialect,
            to: pair.other,
            request: pair.request,
            context: pair.context,
            seal: TranslationPair.seal
        )
        let translation = try RequestTranslation(pair.other, body: ToolLoopTests.followUp(answer.body, pair.other))
        let written = try translation.written(
            for: pair.fixture.dialect,
            TargetTraits(model: "acme"),
            open: ToolLoopTests.open
        )
        let read = try ToolLoopTests.read(written.encoded.body, pair.fixture.dialect)
        // Without ids of their own, two calls were told apart on the way.
        let made = try ToolLoopTests.calls(of: pair.fixture)
        #expect(read.calls.map(\.name.name) == made.map { ToolAliases.wireName($0.name) })
        if Set(made.map(\.id)).count == made.count {
            #expect(read.calls.map(\.id) == made.map { ToolAliases.callerID($0.id, ofRequest: pair.context.requestID) })
        }
        #expect(read.results == read.calls.map(\.id))
        let text = JSONWriter.text(written.encoded.body)
        for case .reasoning(let reasoning) in decoded.blocks {
            guard case .native(_, let blob) = reasoning.opaque else { continue }
            #expect(text.contains(blob) || written.losses.headerValue.contains("reasoning"))
            if pair.fixture.dialect != .openAIChat { #expect(text.contains(blob), "\(written.losses.headerValue)") }
        }
    }

    private static func context(wantsOpaque: Bool) -> AnswerContext {
        var request = ModelRequest(model: "fast")
        request.reasoning.wantsOpaque = wantsOpaque
        return .example(of: request)
    }

    @Test(arguments: ToolLoopTests.pairs)
    func `a target of the caller's own dialect gets no reasoning of another's`(_ pair: TranslationPair) throws {
        for isAsked in [true, false] {
            let answer = try AnswerTranslation(
                of: JSONReader.read(pair.fixture.bytes),
                from: pair.fixture.dialect,
                to: pair.other,
                request: pair.request,
                context: ToolLoopTests.context(wantsOpaque: isAsked),
                seal: { "rs1.\($0.rawValue).\($1)" }
            )
            let body = try ToolLoopTests.followUp(answer.body, pair.other)
            let text = JSONWriter.text(SealedReasoning.removed(from: body, pair.other)?.body ?? body)
            #expect(!text.contains("rs1."))
            // Chat's is plain text.
            guard pair.other != .openAIChat else { continue }
            for type in ["thinking", "redacted_thinking", "reasoning"] {
                #expect(!text.contains(#""type":"\#(type)""#), "\(text)")
            }
        }
    }

    @Test func `thoughts without a blob come back to a target that takes them, and nothing is lost`() throws {
        for pair in ToolLoopTests.pairs where pair.fixture.description == "openai-chat/reasoning" {
            let answer = try AnswerTranslation(
                of: JSONReader.read(pair.fixture.bytes),
                from: .openAIChat,
                to: pair.other,
                request: pair.request,
                context: pair.context,
                seal: TranslationPair.seal
            )
            var target = TargetTraits(model: "acme")
            target.takesReasoningContent = true
            let written = try RequestTranslation(pair.other, body: ToolLoopTests.followUp(answer.body, pair.other))
                .written(for: .openAIChat, target, open: ToolLoopTests.open)
            #expect(JSONWriter.text(written.encoded.body).contains(#""reasoning_content":"Hm.""#))
            #expect(written.losses.isEmpty)
        }
    }

    private static func read(_ body: JSONValue, _ dialect: Dialect) throws -> (calls: [ToolCall], results: [String]) {
        var losses = LossReport()
        let request =
            switch dialect {
            case .openAIChat: try OpenAIChat.decodeRequest(body, losses: &losses)
            case .openAIResponses: try OpenAIResponses.decodeRequest(body, losses: &losses)
            case .anthropicMessages: try AnthropicMessages.decodeRequest(body, losses: &losses)
            }
        var calls: [ToolCall] = []
        var results: [String] = []
        for block in request.turns.flatMap(\.blocks) {
            switch block {
            case .toolCall(let call): calls.append(call)
            case .toolResult(let result): results.append(result.callID)
            case .text, .image, .file, .reasoning, .refusal, .hosted: break
            }
        }
        return (calls, results)
    }
}
