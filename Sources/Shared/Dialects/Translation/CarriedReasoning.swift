package import Identity
package import Wire

/// Opaque reasoning in a caller's body that goes on in the caller's own dialect: what is left when its target does not
/// take it.
package enum CarriedReasoning {
    /// A body without opaque reasoning.
    package struct Rest: Hashable, Sendable {
        package var body: JSONValue
        /// What the target is not told, as for `x-router-dropped`.
        package var dropped: [String]
    }

    /// The body without its opaque reasoning, and without a budget for thinking that cannot be had then; nil when
    /// there is nothing of either.
    ///
    /// Chat has no place for it that all providers share: nil.
    package static func removed(from body: JSONValue, _ dialect: Dialect) -> Rest? {
        guard case .object(let object) = body else { return nil }
        switch dialect {
        case .openAIChat: return nil
        case .openAIResponses: return CarriedReasoning.removedItems(of: object)
        case .anthropicMessages: return CarriedReasoning.removedBlocks(of: object)
        }
    }

    // MARK: Responses

    /// Items that a response was made of keep their content but not their ids: OpenAI misses the reasoning in front
    /// of an item that it knows by its id.
    private static func removedItems(of object: JSONObject) -> Rest? {
        guard let items = object["input"]?.arrayValue else { return nil }
        var kept: [JSONValue] = []
        kept.reserveCapacity(items.count)
        var isBehindRemoved = false
        for item in items {
            switch item["type"]?.stringValue {
            case "reasoning":
                isBehindRemoved = item["encrypted_content"]?.stringValue != nil
                if !isBehindRemoved { kept.append(item) }
            case "function_call", "custom_tool_call", "message":
                kept.append(isBehindRemoved && item["role"] != "user" ? CarriedReasoning.nameless(item) : item)
            default: kept.append(item)
            }
        }
        guard kept.count < items.count else { return nil }
        var rest = object
        rest["input"] = .array(kept)
        return Rest(body: .object(rest), dropped: [SealedReasoning.field(of: .openAIResponses)])
    }

    private static func nameless(_ item: JSONValue) -> JSONValue {
        guard case .object(var object) = item else { return item }
        object["id"] = nil
        return .object(object)
    }

    // MARK: Messages

    private static func removedBlocks(of object: JSONObject) -> Rest? {
        guard let turns = object["messages"]?.arrayValue else { return nil }
        var kept: [JSONValue] = []
        kept.reserveCapacity(turns.count)
        var isChanged = false
        var lastAnswerIsChanged = false
        for turn in turns {
            guard turn["role"] == "assistant", case .object(var answer) = turn,
                let blocks = answer["content"]?.arrayValue
            else {
                kept.append(turn)
                continue
            }
            let rest = blocks.filter { !OpenToolLoop.isThinking($0) }
            lastAnswerIsChanged = rest.count < blocks.count
            isChanged = isChanged || lastAnswerIsChanged
            // A turn of nothing but thoughts is none.
            guard !rest.isEmpty || !lastAnswerIsChanged else { continue }
            answer["content"] = .array(rest)
            kept.append(.object(answer))
        }
        var rest = object
        rest["messages"] = .array(kept)
        let budget = OpenToolLoop.giveUpBudget(of: &rest, hasLostLast: lastAnswerIsChanged)
        let dropped = (isChanged ? [SealedReasoning.field(of: .anthropicMessages)] : []) + budget
        return dropped.isEmpty ? nil : Rest(body: .object(rest), dropped: dropped)
    }
}
