package import Identity
package import Wire

/// Reasoning that the gateway sealed for a caller, in a body that goes on in the caller's own dialect.
///
/// It was made by a target of another dialect, so the one that serves now cannot read it and would refuse it: it is
/// taken out, and a budget for thinking with it where Messages does not go on without these thoughts. Nothing else is
/// touched.
package enum SealedReasoning {
    private static let prefix = "rs1."

    /// The body without what is sealed; nil when there is nothing of it.
    package static func removed(from body: JSONValue, _ dialect: Dialect) -> CarriedReasoning.Rest? {
        guard var object = body.objectValue else { return nil }
        let name = dialect == .openAIResponses ? "input" : "messages"
        guard let turns = object[name]?.arrayValue else { return nil }
        var kept: [JSONValue] = []
        kept.reserveCapacity(turns.count)
        var isChanged = false
        var lastAnswerIsChanged = false
        for turn in turns {
            let rest = SealedReasoning.kept(turn, dialect)
            if turn["role"] == "assistant" { lastAnswerIsChanged = rest != .same }
            isChanged = isChanged || rest != .same
            switch rest {
            case .same: kept.append(turn)
            case .changed(let turn): kept.append(turn)
            case .gone: break
            }
        }
        guard isChanged else { return nil }
        object[name] = .array(kept)
        var dropped = [SealedReasoning.field(of: dialect)]
        if dialect == .anthropicMessages {
            dropped += OpenToolLoop.giveUpBudget(of: &object, hasLostLast: lastAnswerIsChanged)
        }
        return CarriedReasoning.Rest(body: .object(object), dropped: dropped)
    }

    /// The member that is reported where something was taken out.
    package static func field(of dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat: "messages.reasoning_details"
        case .openAIResponses: "input.reasoning"
        case .anthropicMessages: "messages.content.thinking"
        }
    }

    private enum Kept: Hashable {
        case same
        case changed(JSONValue)
        /// Nothing is left of it.
        case gone
    }

    private static func kept(_ turn: JSONValue, _ dialect: Dialect) -> Kept {
        switch dialect {
        case .openAIResponses: SealedReasoning.isSealed(turn["encrypted_content"]) ? .gone : .same
        case .anthropicMessages:
            SealedReasoning.without(turn, in: "content") { block in
                SealedReasoning.isSealed(block["signature"]) || SealedReasoning.isSealed(block["data"])
            }
        case .openAIChat:
            SealedReasoning.without(turn, in: "reasoning_details") { detail in
                SealedReasoning.isSealed(detail["data"]) || SealedReasoning.isSealed(detail["signature"])
            }
        }
    }

    private static func without(_ turn: JSONValue, in member: String, _ isGone: (JSONValue) -> Bool) -> Kept {
        guard var object = turn.objectValue, let parts = object[member]?.arrayValue else { return .same }
        let rest = parts.filter { !isGone($0) }
        guard rest.count < parts.count else { return .same }
        guard rest.isEmpty else {
            object[member] = .array(rest)
            return .changed(.object(object))
        }
        // A turn of nothing but thoughts is none; the details of a Chat turn are beside its content.
        guard member != "content" else { return .gone }
        object[member] = nil
        return .changed(.object(object))
    }

    private static func isSealed(_ value: JSONValue?) -> Bool {
        value?.stringValue?.hasPrefix(SealedReasoning.prefix) ?? false
    }
}
