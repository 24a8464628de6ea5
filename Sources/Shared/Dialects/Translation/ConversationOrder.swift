package import Canonical

/// Brings a conversation into the one order that every target takes.
///
/// Afterwards: no block is empty; every call has an id of its own; the results of an assistant turn's calls stand
/// first in the one user turn directly behind it, in the order of the calls, and whatever stood between follows
/// them. Results are found by id, never by place: agents return them out of order and mixed with other turns.
package struct ConversationOrder {
    private var turns: [Turn]
    private var calls = CallLedger()

    /// What stands for a result that the caller never gave, where the conversation went on without it.
    package static let missingResult = "No result was returned for this call."

    /// Throws for a result without a call, for a conversation in which nobody but the system speaks, and for one whose
    /// last message says nothing to the answer before it.
    package static func ordered(
        _ request: ModelRequest,
        at paths: RequestPaths,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        if let turns = ConversationOrder.usual(request.turns) {
            var ordered = request
            ordered.turns = turns
            return ordered
        }
        return try ConversationOrder.brought(request, at: paths, losses: &losses)
    }

    /// The same for any conversation, one that needs nothing too.
    static func brought(
        _ request: ModelRequest,
        at paths: RequestPaths,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        let filled = EmptyBlocks(removedFrom: request.turns)
        losses.add(filled.losses)
        guard filled.turns.contains(where: { $0.role == .user || $0.role == .assistant }) else {
            throw TranslationRefusal(paths.conversation, "must hold at least one message that says something")
        }
        // Left out, such a turn would leave the answer before it as the beginning of the next one.
        let removed = request.turns.reversed().prefix { EmptyBlocks(removedFrom: [$0]).turns.isEmpty }
        if filled.turns.last?.role == .assistant, removed.contains(where: { $0.role == .user }) {
            throw TranslationRefusal(paths.lastUserMessage, "must say something")
        }
        var order = ConversationOrder(turns: filled.turns)
        order.joinCallers()
        order.registerCalls()
        try order.takeResults(at: paths)
        var ordered = request
        ordered.turns = order.withResults()
        return ordered
    }

    private init(turns: [Turn]) {
        self.turns = turns
    }

    /// Joins an assistant turn that calls tools with assistant turns directly behind it: results of both follow.
    private mutating func joinCallers() {
        var joined: [Turn] = []
        for turn in self.turns {
            if turn.role == .assistant, let last = joined.indices.last, joined[last].role == .assistant,
                joined[last].blocks.contains(where: { $0.isToolCall })
            {
                joined[last].blocks.append(contentsOf: turn.blocks)
                joined[last].phase = turn.phase ?? joined[last].phase
            } else {
                joined.append(turn)
            }
        }
        self.turns = joined
    }

    /// Gives every call an id of its own and takes out calls that are there twice.
    private mutating func registerCalls() {
        for turn in self.turns {
            for case .toolCall(let call) in turn.blocks { self.calls.reserve(call.id) }
        }
        for index in self.turns.indices
        where self.turns[index].role == .assistant && self.turns[index].blocks.contains(where: { $0.isToolCall }) {
            // By id: calls are long, and a walk over the few of one id compares what a set would have to hash.
            var seen: [String: [ToolCall]] = [:]
            var blocks: [Block] = []
            blocks.reserveCapacity(self.turns[index].blocks.count)
            for block in self.turns[index].blocks {
                guard case .toolCall(var call) = block else {
                    blocks.append(block)
                    continue
                }
                guard seen[call.id]?.contains(call) != true else { continue }
                seen[call.id, default: []].append(call)
                call.id = self.calls.add(call, inTurn: index)
                blocks.append(.toolCall(call))
            }
            self.turns[index].blocks = blocks
        }
    }

    /// Takes the results out of the turns and gives them to their calls.
    private mutating func takeResults(at paths: RequestPaths) throws(TranslationRefusal) {
        for index in self.turns.indices where self.turns[index].blocks.contains(where: { $0.isToolResult }) {
            var rest: [Block] = []
            for block in self.turns[index].blocks {
                guard case .toolResult(let result) = block else {
                    rest.append(block)
                    continue
                }
                guard self.calls.answer(result, inTurn: index) else {
                    throw TranslationRefusal(
                        paths.resultID(result.callID),
                        "names a tool call that no assistant message before it makes"
                    )
                }
            }
            self.turns[index].blocks = rest
        }
    }

    /// The turns, each assistant turn with its results behind it.
    private func withResults() -> [Turn] {
        var ordered: [Turn] = []
        for (index, turn) in self.turns.enumerated() {
            // A turn that held nothing but results is empty now.
            guard !turn.blocks.isEmpty else { continue }
            if turn.role == .user, let last = ordered.indices.last, ordered[last].holdsOnlyResults {
                ordered[last].blocks.append(contentsOf: turn.blocks)
                continue
            }
            ordered.append(turn)
            guard turn.role == .assistant else { continue }
            let isLast = index == self.turns.indices.last
            let results = self.calls.results(ofTurn: index, fillingGaps: !isLast)
            if !results.isEmpty { ordered.append(Turn(.user, results.map { .toolResult($0) })) }
        }
        return ordered
    }
}

extension Turn {
    var holdsOnlyResults: Bool {
        self.blocks.allSatisfy { $0.isToolResult }
    }
}

extension Block {
    var isToolCall: Bool { self.toolCall != nil }

    var toolCall: ToolCall? {
        if case .toolCall(let call) = self { call } else { nil }
    }

    var isToolResult: Bool {
        if case .toolResult = self { true } else { false }
    }
}
