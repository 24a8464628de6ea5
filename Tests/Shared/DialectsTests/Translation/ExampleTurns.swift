import Canonical
import Dialects
import Identity
import Wire

/// Turns and blocks in few words, and what becomes of them.
enum ExampleTurns {
    static func ordered(
        _ turns: [Turn],
        at paths: RequestPaths = RequestPaths(.openAIChat, body: [:])
    ) throws -> (turns: [Turn], losses: LossReport) {
        var request = ModelRequest(model: "m")
        request.turns = turns
        var losses = LossReport()
        let ordered = try ConversationOrder.ordered(request, at: paths, losses: &losses)
        return (ordered.turns, losses)
    }

    static func text(_ text: String) -> Block { .text(TextBlock(text)) }

    static func call(_ id: String, _ name: String = "read", _ arguments: JSONText = "{}") -> Block {
        .toolCall(ToolCall(id: id, name: ToolName(name), arguments: arguments))
    }

    static func result(_ id: String, _ text: String) -> Block {
        .toolResult(ToolResult(callID: id, blocks: [.text(TextBlock(text))]))
    }

    static let ask = Turn(.user, [ExampleTurns.text("do it")])

    static func missing(_ id: String) -> Block {
        .toolResult(
            ToolResult(callID: id, blocks: [.text(TextBlock(ConversationOrder.missingResult))], isError: true)
        )
    }
}
