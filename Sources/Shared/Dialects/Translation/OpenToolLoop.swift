import Wire

/// The calls and results behind the last question of a Messages conversation: an answer that is still in the making.
///
/// Anthropic takes all of it for one answer. With a budget for thinking it must begin with thoughts; the request is
/// refused otherwise (``Expected `thinking` or `redacted_thinking`, but found `tool_use` ``).
enum OpenToolLoop {
    /// Takes the budget out of a body whose loop does not begin with thoughts, or has lost those of its last turn;
    /// gives what of the body went, as for `x-router-dropped`.
    static func giveUpBudget(of body: inout JSONObject, hasLostLast: Bool) -> [String] {
        guard body["thinking"]?["type"] == "enabled", let turns = body["messages"]?.arrayValue else { return [] }
        let question = turns.lastIndex { $0["role"] == "user" && !OpenToolLoop.hasResult($0) }
        let loop = turns[(question.map { $0 + 1 } ?? 0)...]
        guard loop.contains(where: OpenToolLoop.hasResult),
            let first = loop.first(where: { $0["role"] == "assistant" }),
            hasLostLast || !OpenToolLoop.beginsWithThoughts(first)
        else { return [] }
        body["thinking"] = nil
        return ["thinking"] + OpenToolLoop.dropEdits(of: &body)
    }

    static func isThinking(_ block: JSONValue) -> Bool {
        block["type"] == "thinking" || block["type"] == "redacted_thinking"
    }

    private static func beginsWithThoughts(_ turn: JSONValue) -> Bool {
        turn["content"]?.arrayValue?.first.map(OpenToolLoop.isThinking) ?? false
    }

    private static func hasResult(_ turn: JSONValue) -> Bool {
        turn["content"]?.arrayValue?.contains { $0["type"] == "tool_result" } ?? false
    }

    /// Edits of earlier thoughts are refused in a request that asks for none.
    private static func dropEdits(of body: inout JSONObject) -> [String] {
        guard case .object(var management) = body["context_management"],
            let edits = management["edits"]?.arrayValue
        else { return [] }
        func isOfThoughts(_ edit: JSONValue) -> Bool {
            edit["type"]?.stringValue?.hasPrefix("clear_thinking_") ?? false
        }
        let kept = edits.filter { !isOfThoughts($0) }
        guard kept.count < edits.count else { return [] }
        management["edits"] = .array(kept)
        body["context_management"] = kept.isEmpty && management.count == 1 ? nil : .object(management)
        return edits.filter(isOfThoughts).compactMap { $0["type"]?.stringValue }.map {
            "context_management.edits.\(FieldName.printable($0))"
        }
    }
}
