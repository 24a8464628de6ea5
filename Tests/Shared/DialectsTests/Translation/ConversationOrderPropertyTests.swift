import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// Conversations in any order, right and wrong ones.
@Suite struct ConversationOrderPropertyTests {
    /// Turns of all kinds in any order, results of calls that are and are not there.
    private static func conversation(_ seed: UInt64) -> [Turn] {
        var generator = SeededGenerator(seed: seed)
        let roles: [Turn.Role] = [.system, .developer, .user, .user, .assistant, .assistant]
        return (0..<Int.random(in: 0...9, using: &generator)).map { _ in
            let role = roles[Int.random(in: roles.indices, using: &generator)]
            let blocks = (0..<Int.random(in: 0...4, using: &generator)).map { _ -> Block in
                let id = "call_\(Int.random(in: 0...3, using: &generator))"
                switch (role, Int.random(in: 0...3, using: &generator)) {
                case (.assistant, 0...1): return ExampleTurns.call(id)
                case (.user, 0...1): return ExampleTurns.result(id, "r\(generator.next() % 3)")
                case (_, 2): return ExampleTurns.text("")
                default: return ExampleTurns.text("t\(generator.next() % 9)")
                }
            }
            return Turn(role, blocks)
        }
    }

    @Test func `any conversation is refused or in order, and ordering it again changes nothing`() throws {
        var orderedCount = 0
        for seed in 0..<3_000 as Range<UInt64> {
            let given = ConversationOrderPropertyTests.conversation(seed)
            guard let turns = try? ExampleTurns.ordered(given).turns else { continue }
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
            let texts = ConversationOrderPropertyTests.texts(of: given)
            #expect(ConversationOrderPropertyTests.texts(of: turns) == texts, "seed \(seed)")
            #expect(try ExampleTurns.ordered(turns).turns == turns, "seed \(seed)")
        }
        #expect(orderedCount > 300)
    }

    /// As agents send them: calls with their results behind them, and now and then something else.
    private static func agentConversation(_ seed: UInt64) -> [Turn] {
        var generator = SeededGenerator(seed: seed)
        var turns = [Turn(.system, [ExampleTurns.text("s")]), ExampleTurns.ask]
        for step in 0..<Int.random(in: 0...4, using: &generator) {
            let calls = (0..<Int.random(in: 0...3, using: &generator)).map { "call_\(step)_\($0)" }
            turns.append(Turn(.assistant, [ExampleTurns.text("a\(step)")] + calls.map { ExampleTurns.call($0) }))
            if !calls.isEmpty { turns.append(Turn(.user, calls.map { ExampleTurns.result($0, "r") })) }
            if Bool.random(using: &generator) { turns.append(Turn(.user, [ExampleTurns.text("u\(step)")])) }
        }
        // Most get one thing that is not usual.
        let place = Int.random(in: turns.indices, using: &generator)
        switch Int.random(in: 0...8, using: &generator) {
        case 0: turns.remove(at: place)
        case 1: turns.swapAt(place, Int.random(in: turns.indices, using: &generator))
        case 2: turns[place].blocks.reverse()
        case 3: turns[place].blocks.append(ExampleTurns.text("more"))
        case 4: turns.insert(turns[place], at: place)
        case 5: turns[place].blocks.removeLast()
        case 6: turns.insert(Turn(.system, [ExampleTurns.text("late")]), at: place)
        case 7: turns.insert(Turn(.user, [ExampleTurns.result("call_0_0", "again")]), at: place)
        default: break
        }
        return turns
    }

    @Test func `an empty turn changes nothing, wherever it stands`() {
        var orderedCount = 0
        var usualCount = 0
        for seed in 0..<2_000 as Range<UInt64> {
            let given = ConversationOrderPropertyTests.agentConversation(seed)
            let ordered = try? ExampleTurns.ordered(given)
            if let ordered {
                orderedCount += 1
                usualCount += ordered.turns == given ? 1 : 0
            }
            for place in [0, given.count / 2, given.count] {
                var padded = given
                // A user's turn at the end would be the question, which must say something.
                padded.insert(Turn(place == given.count ? .assistant : .user, []), at: place)
                let other = try? ExampleTurns.ordered(padded)
                #expect(other?.turns == ordered?.turns, "seed \(seed)")
                #expect(other?.losses == ordered?.losses, "seed \(seed)")
            }
        }
        #expect(orderedCount > 1_000 && usualCount > 100)
    }

    private static func texts(of turns: [Turn]) -> [String] {
        turns.flatMap(\.blocks).compactMap {
            if case .text(let text) = $0, !text.text.isEmpty { text.text.string } else { nil }
        }.sorted()
    }
}
