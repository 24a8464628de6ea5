import Canonical
import Wire

extension AnthropicMessages {
    /// Why an answer ended, by its `stop_reason` and what it holds.
    ///
    /// Calls count more than a reason that does not know them. Reasons that nobody defined, and a missing one, say
    /// no more than that the answer ended.
    static func stopReason(_ reason: String?, sequence: String?, hasCalls: Bool) -> StopReason {
        switch reason {
        case "max_tokens": .maximumTokens
        case "model_context_window_exceeded": .contextFull
        case "refusal": .refusal
        case "stop_sequence" where !hasCalls: .stopSequence(sequence)
        case "pause_turn" where !hasCalls: .pause
        default: hasCalls ? .toolCalls : .endTurn
        }
    }

    /// The `stop_reason` of an answer, and the text at which it ended.
    static func stopReason(_ stop: StopReason, hasCalls: Bool, hasRefusal: Bool) -> (String, sequence: String?) {
        switch stop {
        case .maximumTokens: return ("max_tokens", nil)
        case .contextFull: return ("model_context_window_exceeded", nil)
        case .contentFilter, .refusal: return ("refusal", nil)
        case .endTurn, .stopSequence, .toolCalls, .pause:
            if hasCalls { return ("tool_use", nil) }
            if hasRefusal { return ("refusal", nil) }
            switch stop {
            case .stopSequence(let sequence?): return ("stop_sequence", sequence)
            case .pause: return ("pause_turn", nil)
            case .endTurn, .toolCalls, .maximumTokens, .contextFull, .contentFilter, .refusal, .stopSequence(nil):
                return ("end_turn", nil)
            }
        }
    }

    /// `stop_details`, which tells refusals only.
    static func stopDetails(_ reason: String, words: String) -> JSONValue {
        guard reason == "refusal" else { return .null }
        return ["type": "refusal", "category": .null, "explanation": words.isEmpty ? .null : .string(words)]
    }
}
