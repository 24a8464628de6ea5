import Canonical
import Dialects
import Identity
import Testing
import Wire

@Suite struct ConversationOrderTests {
    // MARK: Empty blocks

    @Test func `blank text goes, and turns of nothing else with it`() throws {
        let turns = try ExampleTurns.ordered([
            Turn(.system, [ExampleTurns.text("")]),
            Turn(.user, [ExampleTurns.text(" \n\t"), ExampleTurns.text("hi")]),
            Turn(.assistant, [ExampleTurns.text("\u{a0}"), .refusal("")]),
            Turn(.user, []),
            Turn(.assistant, [.reasoning(ReasoningBlock(summary: [""])), ExampleTurns.text("yes")]),
        ]).turns
        #expect(
            turns == [
                Turn(.user, [ExampleTurns.text("hi")]),
                Turn(.assistant, [ExampleTurns.text("yes")]),
            ]
        )
    }

    @Test func `a last message that says nothing to an answer is refused`() throws {
        let answer = Turn(.assistant, [ExampleTurns.text("yes")])
        let blank = Turn(.user, [ExampleTurns.text(" \n")])
        for turns in [[ExampleTurns.ask, answer, blank], [ExampleTurns.ask, answer, blank, blank]] {
            #expect(throws: TranslationRefusal("messages", "must say something")) {
                try ExampleTurns.ordered(turns)
            }
        }
        #expect(try ExampleTurns.ordered([ExampleTurns.ask, blank]).turns == [ExampleTurns.ask])
        #expect(try ExampleTurns.ordered([ExampleTurns.ask, blank, answer]).turns == [ExampleTurns.ask, answer])
    }

    @Test(
        arguments: [
            (
                .openAIChat, "messages[2]",
                #"[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":" "}]"#
            ),
            (
                .openAIResponses, "input[2]",
                #"[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":" "}]"#
            ),
            (
                .anthropicMessages, "messages[2]",
                #"""
                [{"role":"user","content":"a"},{"role":"assistant","content":"b"},
                {"role":"user","content":[{"type":"text","text":"\n"}]}]
                """#
            ),
        ] as [(Dialect, String, String)]
    )
    func `the refusal names the message`(_ caller: Dialect, _ path: String, _ turns: String) throws {
        let name = caller == .openAIResponses ? "input" : "messages"
        let members = #"{"\#(name)":\#(turns)}"#
        let body = try CompatibilityField(members, members).body(caller)
        let refusal = #expect(throws: TranslationRefusal.self) { try RequestTranslation(caller, body: body) }
        #expect(refusal?.field == path)
        #expect(refusal?.code == .invalidRequest)
    }

    @Test func `reasoning that carries only a blob is not empty`() throws {
        let thinking = Block.reasoning(ReasoningBlock(summary: [""], opaque: .native(.signature, "s")))
        let turns = try ExampleTurns.ordered([ExampleTurns.ask, Turn(.assistant, [thinking])]).turns
        #expect(turns.last?.blocks == [thinking])
    }

    @Test func `a breakpoint moves to the block before, over turns as well`() throws {
        let mark: JSONValue = ["type": "ephemeral"]
        let (turns, losses) = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a")]),
            Turn(.user, [ExampleTurns.result("a", "x"), .text(TextBlock("", cacheControl: mark))]),
            Turn(.assistant, [ExampleTurns.call("b")]),
            Turn(.user, [.text(TextBlock(" ", cacheControl: ["ttl": "1h"])), ExampleTurns.result("b", "y")]),
        ])
        let marked = ToolResult(callID: "a", blocks: [ExampleTurns.text("x")], cacheControl: mark)
        #expect(turns.count == 5)
        #expect(turns[2].blocks == [.toolResult(marked)])
        #expect(losses.isEmpty)
    }

    @Test func `a breakpoint before everything is reported`() throws {
        let losses = try ExampleTurns.ordered([
            Turn(.system, [.text(TextBlock("", cacheControl: [:]))]), ExampleTurns.ask,
        ]).losses
        #expect(losses.losses == [Loss(.contentMarks)])
    }

    @Test func `a result of nothing says so`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a"), ExampleTurns.call("b")]),
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
        let nothing = [ExampleTurns.text("(no output)")]
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
            [], [Turn(.user, [])], [Turn(.user, [ExampleTurns.text(" ")])],
            [Turn(.system, [ExampleTurns.text("be kind")])],
        ]
        for turns in silent {
            let refusal = try #require(throws: TranslationRefusal.self) {
                try ExampleTurns.ordered(turns, at: RequestPaths(dialect, body: [:]))
            }
            #expect(refusal.field == field)
        }
    }

    // MARK: Results

    @Test func `results come in the order of their calls, before all that stood between`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(
                .assistant,
                [
                    ExampleTurns.text("both"), ExampleTurns.call("a"),
                    ExampleTurns.call("b"),
                    ExampleTurns.call("c"),
                ]
            ),
            Turn(.system, [ExampleTurns.text("reminder")]),
            Turn(.user, [ExampleTurns.text("wait"), ExampleTurns.result("c", "3")]),
            Turn(.user, [ExampleTurns.result("a", "1")]),
            Turn(.user, [ExampleTurns.result("b", "2"), ExampleTurns.text("go on")]),
        ]).turns
        #expect(
            turns.dropFirst(2) == [
                Turn(
                    .user,
                    [
                        ExampleTurns.result("a", "1"), ExampleTurns.result("b", "2"),
                        ExampleTurns.result("c", "3"),
                    ]
                ),
                Turn(.system, [ExampleTurns.text("reminder")]),
                Turn(.user, [ExampleTurns.text("wait")]),
                Turn(.user, [ExampleTurns.text("go on")]),
            ]
        )
    }

    @Test func `text beside results stays in their turn, behind them`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a")]),
            Turn(.user, [ExampleTurns.text("and then"), ExampleTurns.result("a", "1")]),
        ]).turns
        #expect(
            turns.last
                == Turn(.user, [ExampleTurns.result("a", "1"), ExampleTurns.text("and then")])
        )
    }

    @Test func `assistant turns that call one behind the other are one`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a")]),
            Turn(.assistant, [ExampleTurns.call("b")]),
            Turn(.user, [ExampleTurns.result("b", "2"), ExampleTurns.result("a", "1")]),
        ]).turns
        #expect(
            turns.dropFirst() == [
                Turn(.assistant, [ExampleTurns.call("a"), ExampleTurns.call("b")]),
                Turn(.user, [ExampleTurns.result("a", "1"), ExampleTurns.result("b", "2")]),
            ]
        )
    }

    @Test func `a call without a result gets one that says so, where the conversation goes on`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a"), ExampleTurns.call("b")]),
            Turn(.user, [ExampleTurns.result("b", "2")]),
            Turn(.assistant, [ExampleTurns.call("c")]),
            Turn(.user, [ExampleTurns.text("never mind")]),
        ]).turns
        #expect(
            turns[2].blocks == [ExampleTurns.missing("a"), ExampleTurns.result("b", "2")]
        )
        #expect(
            turns[4].blocks == [ExampleTurns.missing("c"), ExampleTurns.text("never mind")]
        )
    }

    @Test func `calls at the end wait`() throws {
        let turns = [ExampleTurns.ask, Turn(.assistant, [ExampleTurns.call("a")])]
        #expect(try ExampleTurns.ordered(turns).turns == turns)
    }

    @Test func `a late result goes back to its call`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a")]),
            Turn(.user, [ExampleTurns.text("still?")]),
            Turn(.assistant, [ExampleTurns.text("yes")]),
            Turn(.user, [ExampleTurns.result("a", "1"), ExampleTurns.text("here")]),
        ]).turns
        #expect(
            turns[2].blocks == [ExampleTurns.result("a", "1"), ExampleTurns.text("still?")]
        )
        #expect(turns.last?.blocks == [ExampleTurns.text("here")])
    }

    @Test func `a result takes the kind of its call`() throws {
        let call = ToolCall(id: "a", name: ToolName("apply_patch"), kind: .custom, arguments: "x")
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask, Turn(.assistant, [.toolCall(call)]),
            Turn(.user, [ExampleTurns.result("a", "done")]),
        ]).turns
        #expect(
            turns.last?.blocks == [
                .toolResult(ToolResult(callID: "a", blocks: [ExampleTurns.text("done")], kind: .custom))
            ]
        )
    }

    // MARK: Ids

    @Test func `twins in one turn are told apart by a suffix`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(
                .assistant,
                [
                    ExampleTurns.call("a", "read", "1"), ExampleTurns.call("a", "read", "2"),
                    ExampleTurns.call("a_2", "read", "3"),
                ]
            ),
            Turn(
                .user,
                [
                    ExampleTurns.result("a", "first"), ExampleTurns.result("a", "second"),
                    ExampleTurns.result("a_2", "third"),
                ]
            ),
        ]).turns
        #expect(
            turns[2].blocks == [
                ExampleTurns.result("a", "first"), ExampleTurns.result("a_3", "second"),
                ExampleTurns.result("a_2", "third"),
            ]
        )
    }

    @Test func `the same call twice is one`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a"), ExampleTurns.call("a")]),
            Turn(.user, [ExampleTurns.result("a", "1"), ExampleTurns.result("a", "1")]),
        ]).turns
        #expect(turns[1].blocks == [ExampleTurns.call("a")])
        #expect(turns[2].blocks == [ExampleTurns.result("a", "1")])
    }

    @Test func `two results of one call are both told`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("a")]),
            Turn(.user, [ExampleTurns.result("a", "1"), ExampleTurns.result("a", "2")]),
        ]).turns
        let both = ToolResult(
            callID: "a",
            blocks: [ExampleTurns.text("1"), ExampleTurns.text("2")]
        )
        #expect(turns[2].blocks == [.toolResult(both)])
    }

    @Test func `ids that begin anew in each answer mean the latest call`() throws {
        let turns = try ExampleTurns.ordered([
            ExampleTurns.ask,
            Turn(.assistant, [ExampleTurns.call("call_0")]),
            Turn(.user, [ExampleTurns.result("call_0", "first")]),
            Turn(.assistant, [ExampleTurns.call("call_0")]),
            Turn(.user, [ExampleTurns.result("call_0", "second")]),
        ]).turns
        #expect(turns[2].blocks == [ExampleTurns.result("call_0", "first")])
        #expect(turns[3].blocks == [ExampleTurns.call("call_0_2")])
        #expect(turns[4].blocks == [ExampleTurns.result("call_0_2", "second")])
    }

    @Test func `a result without a call is refused where its id stands`() throws {
        let turns = [
            ExampleTurns.ask, Turn(.user, [ExampleTurns.result("ghost", "boo")]),
            Turn(.assistant, [ExampleTurns.call("ghost")]),
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
                try ExampleTurns.ordered(turns, at: RequestPaths(dialect, body: body))
            }
            #expect(refusal.field == field)
        }
    }
}
