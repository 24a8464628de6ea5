import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

@Suite struct ConversationOrderTests {
    private static func ordered(
        _ turns: [Turn],
        at paths: RequestPaths = RequestPaths(.openAIChat, body: [:])
    ) throws -> (turns: [Turn], losses: LossReport) {
        var request = ModelRequest(model: "m")
        request.turns = turns
        var losses = LossReport()
        let ordered = try ConversationOrder.ordered(request, at: paths, losses: &losses)
        return (ordered.turns, losses)
    }

    private static func text(_ text: String) -> Block { .text(TextBlock(text)) }

    private static func call(_ id: String, _ name: String = "read", _ arguments: String = "{}") -> Block {
        .toolCall(ToolCall(id: id, name: ToolName(name), arguments: arguments))
    }

    private static func result(_ id: String, _ text: String) -> Block {
        .toolResult(ToolResult(callID: id, blocks: [.text(TextBlock(text))]))
    }

    private static let ask = Turn(.user, [ConversationOrderTests.text("do it")])

    private static func missing(_ id: String) -> Block {
        .toolResult(
            ToolResult(callID: id, blocks: [.text(TextBlock(ConversationOrder.missingResult))], isError: true)
        )
    }

    // MARK: Empty blocks

    @Test func `blank text goes, and turns of nothing else with it`() throws {
        let turns = try ConversationOrderTests.ordered([
            Turn(.system, [ConversationOrderTests.text("")]),
            Turn(.user, [ConversationOrderTests.text(" \n\t"), ConversationOrderTests.text("hi")]),
            Turn(.assistant, [ConversationOrderTests.text("\u{a0}"), .refusal("")]),
            Turn(.user, []),
            Turn(.assistant, [.reasoning(ReasoningBlock(summary: [""])), ConversationOrderTests.text("yes")]),
        ]).turns
        #expect(
            turns == [
                Turn(.user, [ConversationOrderTests.text("hi")]),
                Turn(.assistant, [ConversationOrderTests.text("yes")]),
            ]
        )
    }

    @Test func `reasoning that carries only a blob is not empty`() throws {
        let thinking = Block.reasoning(ReasoningBlock(summary: [""], opaque: .native(.signature, "s")))
        let turns = try ConversationOrderTests.ordered([ConversationOrderTests.ask, Turn(.assistant, [thinking])]).turns
        #expect(turns.last?.blocks == [thinking])
    }

    @Test func `a breakpoint moves to the block before, over turns as well`() throws {
        let mark: JSONValue = ["type": "ephemeral"]
        let (turns, losses) = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a")]),
            Turn(.user, [ConversationOrderTests.result("a", "x"), .text(TextBlock("", cacheControl: mark))]),
            Turn(.assistant, [ConversationOrderTests.call("b")]),
            Turn(.user, [.text(TextBlock(" ", cacheControl: ["ttl": "1h"])), ConversationOrderTests.result("b", "y")]),
        ])
        let marked = ToolResult(callID: "a", blocks: [ConversationOrderTests.text("x")], cacheControl: mark)
        #expect(turns.count == 5)
        #expect(turns[2].blocks == [.toolResult(marked)])
        #expect(losses.isEmpty)
    }

    @Test func `a breakpoint before everything is reported`() throws {
        let losses = try ConversationOrderTests.ordered([
            Turn(.system, [.text(TextBlock("", cacheControl: [:]))]), ConversationOrderTests.ask,
        ]).losses
        #expect(losses.headerValue == "messages.content.cache_control")
    }

    @Test func `a result of nothing says so`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a"), ConversationOrderTests.call("b")]),
            Turn(
                .user,
                [
                    .toolResult(ToolResult(callID: "a", blocks: [])),
                    .toolResult(
                        ToolResult(callID: "b", blocks: [.text(TextBlock(" ", cacheControl: [:]))], isError: true)
                    ),
                ]
            ),
        ]).turns
        let nothing = [ConversationOrderTests.text("(no output)")]
        #expect(
            turns.last?.blocks == [
                .toolResult(ToolResult(callID: "a", blocks: nothing)),
                .toolResult(ToolResult(callID: "b", blocks: nothing, isError: true, cacheControl: [:])),
            ]
        )
    }

    @Test(arguments: [(Dialect.openAIChat, "messages"), (.openAIResponses, "input"), (.anthropicMessages, "messages")])
    func `a conversation in which nobody speaks is refused`(_ dialect: Dialect, _ field: String) throws {
        let silent: [[Turn]] = [
            [], [Turn(.user, [])], [Turn(.user, [ConversationOrderTests.text(" ")])],
            [Turn(.system, [ConversationOrderTests.text("be kind")])],
        ]
        for turns in silent {
            let refusal = try #require(throws: TranslationRefusal.self) {
                try ConversationOrderTests.ordered(turns, at: RequestPaths(dialect, body: [:]))
            }
            #expect(refusal.field == field)
        }
    }

    // MARK: Results

    @Test func `results come in the order of their calls, before all that stood between`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(
                .assistant,
                [
                    ConversationOrderTests.text("both"), ConversationOrderTests.call("a"),
                    ConversationOrderTests.call("b"),
                    ConversationOrderTests.call("c"),
                ]
            ),
            Turn(.system, [ConversationOrderTests.text("reminder")]),
            Turn(.user, [ConversationOrderTests.text("wait"), ConversationOrderTests.result("c", "3")]),
            Turn(.user, [ConversationOrderTests.result("a", "1")]),
            Turn(.user, [ConversationOrderTests.result("b", "2"), ConversationOrderTests.text("go on")]),
        ]).turns
        #expect(
            turns.dropFirst(2) == [
                Turn(
                    .user,
                    [
                        ConversationOrderTests.result("a", "1"), ConversationOrderTests.result("b", "2"),
                        ConversationOrderTests.result("c", "3"),
                    ]
                ),
                Turn(.system, [ConversationOrderTests.text("reminder")]),
                Turn(.user, [ConversationOrderTests.text("wait")]),
                Turn(.user, [ConversationOrderTests.text("go on")]),
            ]
        )
    }

    @Test func `text beside results stays in their turn, behind them`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a")]),
            Turn(.user, [ConversationOrderTests.text("and then"), ConversationOrderTests.result("a", "1")]),
        ]).turns
        #expect(
            turns.last
                == Turn(.user, [ConversationOrderTests.result("a", "1"), ConversationOrderTests.text("and then")])
        )
    }

    @Test func `assistant turns that call one behind the other are one`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a")]),
            Turn(.assistant, [ConversationOrderTests.call("b")]),
            Turn(.user, [ConversationOrderTests.result("b", "2"), ConversationOrderTests.result("a", "1")]),
        ]).turns
        #expect(
            turns.dropFirst() == [
                Turn(.assistant, [ConversationOrderTests.call("a"), ConversationOrderTests.call("b")]),
                Turn(.user, [ConversationOrderTests.result("a", "1"), ConversationOrderTests.result("b", "2")]),
            ]
        )
    }

    @Test func `a call without a result gets one that says so, where the conversation goes on`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a"), ConversationOrderTests.call("b")]),
            Turn(.user, [ConversationOrderTests.result("b", "2")]),
            Turn(.assistant, [ConversationOrderTests.call("c")]),
            Turn(.user, [ConversationOrderTests.text("never mind")]),
        ]).turns
        #expect(
            turns[2].blocks == [ConversationOrderTests.missing("a"), ConversationOrderTests.result("b", "2")]
        )
        #expect(
            turns[4].blocks == [ConversationOrderTests.missing("c"), ConversationOrderTests.text("never mind")]
        )
    }

    @Test func `calls at the end wait`() throws {
        let turns = [ConversationOrderTests.ask, Turn(.assistant, [ConversationOrderTests.call("a")])]
        #expect(try ConversationOrderTests.ordered(turns).turns == turns)
    }

    @Test func `a late result goes back to its call`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a")]),
            Turn(.user, [ConversationOrderTests.text("still?")]),
            Turn(.assistant, [ConversationOrderTests.text("yes")]),
            Turn(.user, [ConversationOrderTests.result("a", "1"), ConversationOrderTests.text("here")]),
        ]).turns
        #expect(
            turns[2].blocks == [ConversationOrderTests.result("a", "1"), ConversationOrderTests.text("still?")]
        )
        #expect(turns.last?.blocks == [ConversationOrderTests.text("here")])
    }

    @Test func `a result takes the kind of its call`() throws {
        let call = ToolCall(id: "a", name: ToolName("apply_patch"), kind: .custom, arguments: "x")
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask, Turn(.assistant, [.toolCall(call)]),
            Turn(.user, [ConversationOrderTests.result("a", "done")]),
        ]).turns
        #expect(
            turns.last?.blocks == [
                .toolResult(ToolResult(callID: "a", blocks: [ConversationOrderTests.text("done")], kind: .custom))
            ]
        )
    }

    // MARK: Ids

    @Test func `twins in one turn are told apart by a suffix`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(
                .assistant,
                [
                    ConversationOrderTests.call("a", "read", "1"), ConversationOrderTests.call("a", "read", "2"),
                    ConversationOrderTests.call("a_2", "read", "3"),
                ]
            ),
            Turn(
                .user,
                [
                    ConversationOrderTests.result("a", "first"), ConversationOrderTests.result("a", "second"),
                    ConversationOrderTests.result("a_2", "third"),
                ]
            ),
        ]).turns
        #expect(
            turns[2].blocks == [
                ConversationOrderTests.result("a", "first"), ConversationOrderTests.result("a_3", "second"),
                ConversationOrderTests.result("a_2", "third"),
            ]
        )
    }

    @Test func `the same call twice is one`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a"), ConversationOrderTests.call("a")]),
            Turn(.user, [ConversationOrderTests.result("a", "1"), ConversationOrderTests.result("a", "1")]),
        ]).turns
        #expect(turns[1].blocks == [ConversationOrderTests.call("a")])
        #expect(turns[2].blocks == [ConversationOrderTests.result("a", "1")])
    }

    @Test func `two results of one call are both told`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("a")]),
            Turn(.user, [ConversationOrderTests.result("a", "1"), ConversationOrderTests.result("a", "2")]),
        ]).turns
        let both = ToolResult(
            callID: "a",
            blocks: [ConversationOrderTests.text("1"), ConversationOrderTests.text("2")]
        )
        #expect(turns[2].blocks == [.toolResult(both)])
    }

    @Test func `ids that begin anew in each answer mean the latest call`() throws {
        let turns = try ConversationOrderTests.ordered([
            ConversationOrderTests.ask,
            Turn(.assistant, [ConversationOrderTests.call("call_0")]),
            Turn(.user, [ConversationOrderTests.result("call_0", "first")]),
            Turn(.assistant, [ConversationOrderTests.call("call_0")]),
            Turn(.user, [ConversationOrderTests.result("call_0", "second")]),
        ]).turns
        #expect(turns[2].blocks == [ConversationOrderTests.result("call_0", "first")])
        #expect(turns[3].blocks == [ConversationOrderTests.call("call_0_2")])
        #expect(turns[4].blocks == [ConversationOrderTests.result("call_0_2", "second")])
    }

    @Test func `a result without a call is refused where its id stands`() throws {
        let turns = [
            ConversationOrderTests.ask, Turn(.user, [ConversationOrderTests.result("ghost", "boo")]),
            Turn(.assistant, [ConversationOrderTests.call("ghost")]),
        ]
        let bodies: [(Dialect, JSONValue, String)] = [
            (
                .openAIChat, ["messages": [["role": "user"], ["role": "tool", "tool_call_id": "ghost"]]],
                "messages[1].tool_call_id"
            ),
            (
                .openAIResponses,
                [
                    "input": [
                        ["type": "function_call", "call_id": "ghost"],
                        ["type": "function_call_output", "call_id": "ghost"],
                    ]
                ], "input[1].call_id"
            ),
            (
                .anthropicMessages,
                ["messages": [["content": "hi"], ["content": [["type": "text"], ["tool_use_id": "ghost"]]]]],
                "messages[1].content[1].tool_use_id"
            ),
            (.anthropicMessages, [:], "messages"),
        ]
        for (dialect, body, field) in bodies {
            let refusal = try #require(throws: TranslationRefusal.self) {
                try ConversationOrderTests.ordered(turns, at: RequestPaths(dialect, body: body))
            }
            #expect(refusal.field == field)
        }
    }

    // MARK: Any conversation

    /// Turns of all kinds in any order, results of calls that are and are not there.
    private static func conversation(_ seed: UInt64) -> [Turn] {
        var generator = SeededGenerator(seed: seed)
        let roles: [Turn.Role] = [.system, .developer, .user, .user, .assistant, .assistant]
        return (0..<Int.random(in: 0...9, using: &generator)).map { _ in
            let role = roles[Int.random(in: roles.indices, using: &generator)]
            let blocks = (0..<Int.random(in: 0...4, using: &generator)).map { _ -> Block in
                let id = "call_\(Int.random(in: 0...3, using: &generator))"
                switch (role, Int.random(in: 0...3, using: &generator)) {
                case (.assistant, 0...1): return ConversationOrderTests.call(id)
                case (.user, 0...1): return ConversationOrderTests.result(id, "r\(generator.next() % 3)")
                case (_, 2): return ConversationOrderTests.text("")
                default: return ConversationOrderTests.text("t\(generator.next() % 9)")
                }
            }
            return Turn(role, blocks)
        }
    }

    @Test func `any conversation is refused or in order, and ordering it again changes nothing`() throws {
        var orderedCount = 0
        for seed in 0..<3_000 as Range<UInt64> {
            let given = ConversationOrderTests.conversation(seed)
            guard let turns = try? ConversationOrderTests.ordered(given).turns else { continue }
            orderedCount += 1
            var ids: Set<String> = []
            for (index, turn) in turns.enumerated() {
                #expect(!turn.blocks.isEmpty)
                let calls = turn.blocks.compactMap { if case .toolCall(let call) = $0 { call.id } else { nil } }
                for id in calls { #expect(ids.insert(id).inserted) }
                let next = index + 1 < turns.count ? turns[index + 1] : nil
                let results = (next?.blocks ?? []).prefix {
                    if case .toolResult = $0 { true } else { false }
                }
                let answered = results.compactMap {
                    if case .toolResult(let result) = $0 { result.callID } else { nil }
                }
                #expect(answered == calls || (next == nil && answered.isEmpty), "seed \(seed)")
            }
            let texts = ConversationOrderTests.texts(of: given)
            #expect(ConversationOrderTests.texts(of: turns) == texts, "seed \(seed)")
            #expect(try ConversationOrderTests.ordered(turns).turns == turns, "seed \(seed)")
        }
        #expect(orderedCount > 300)
    }

    private static func texts(of turns: [Turn]) -> [String] {
        turns.flatMap(\.blocks).compactMap {
            if case .text(let text) = $0, !text.text.isEmpty { text.text } else { nil }
        }.sorted()
    }
}
