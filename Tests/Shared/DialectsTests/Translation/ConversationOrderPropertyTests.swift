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

    private static func texts(of turns: [Turn]) -> [String] {
        turns.flatMap(\.blocks).compactMap {
            if case .text(let text) = $0, !text.text.isEmpty { text.text.string } else { nil }
        }.sorted()
    }
}
