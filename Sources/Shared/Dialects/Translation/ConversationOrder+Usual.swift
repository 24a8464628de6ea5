import Canonical

extension ConversationOrder {
    /// The turns of a conversation that clients usually send, in order; nil for one that takes more.
    ///
    /// Usual: no block is empty, every call has an id of its own, and the results of a turn's calls stand directly
    /// behind it, in the order of the calls. A user's turn behind results becomes one with them.
    static func usual(_ turns: [Turn]) -> [Turn]? {
        var ordered: [Turn] = []
        ordered.reserveCapacity(turns.count)
        var ids: Set<String> = []
        /// Of the turn before, waiting for their results.
        var calls: [ToolCall] = []
        var speaks = false
        for turn in turns {
            guard !turn.blocks.isEmpty, turn.blocks.allSatisfy({ EmptyBlocks.isFull($0) }) else { return nil }
            guard ConversationOrder.areResults(turn, of: calls) else { return nil }
            speaks = speaks || turn.role == .user || turn.role == .assistant
            if turn.role == .user, calls.isEmpty, let last = ordered.indices.last, ordered[last].holdsOnlyResults {
                ordered[last].blocks.append(contentsOf: turn.blocks)
            } else {
                ordered.append(turn)
            }
            calls = turn.role == .assistant ? turn.blocks.compactMap { $0.toolCall } : []
            for call in calls { guard ids.insert(call.id).inserted else { return nil } }
        }
        return speaks ? ordered : nil
    }

    /// Whether the turn begins with the results of the calls, in their order, and holds no others.
    private static func areResults(_ turn: Turn, of calls: [ToolCall]) -> Bool {
        guard calls.isEmpty || turn.role == .user && turn.phase == nil, calls.count <= turn.blocks.count else {
            return false
        }
        for (call, block) in zip(calls, turn.blocks) {
            guard case .toolResult(let result) = block, result.callID == call.id, result.kind == call.kind else {
                return false
            }
        }
        return !turn.blocks.dropFirst(calls.count).contains { $0.isToolResult }
    }
}
