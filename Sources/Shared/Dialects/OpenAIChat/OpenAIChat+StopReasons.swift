import Canonical

extension OpenAIChat {
    /// Why an answer ended, by its `finish_reason` and what it holds; nil when the reason says that it failed.
    ///
    /// Calls count more than a reason that does not know them. Reasons that nobody defined, and a missing one, say
    /// no more than that the answer ended.
    static func stopReason(_ reason: String?, hasCalls: Bool, hasRefusal: Bool) -> StopReason? {
        switch reason {
        case "error", "insufficient_system_resource": return nil
        case "length", "max_tokens": return .maximumTokens
        case "model_length": return .contextFull
        case "content_filter": return hasRefusal ? .refusal : .contentFilter
        default: return hasCalls ? .toolCalls : hasRefusal ? .refusal : .endTurn
        }
    }

    /// The `finish_reason` of an answer.
    ///
    /// A refusal in words is a natural end, as at OpenAI: for a filter's cut openai-python raises an error instead
    /// of giving the words.
    static func finishReason(_ stop: StopReason, hasCalls: Bool, hasRefusal: Bool, usesFunctions: Bool) -> String {
        let calls = usesFunctions ? "function_call" : "tool_calls"
        switch stop {
        case .maximumTokens, .contextFull: return "length"
        case .contentFilter: return "content_filter"
        case .refusal: return hasRefusal ? "stop" : "content_filter"
        case .toolCalls, .endTurn, .stopSequence, .pause: return hasCalls ? calls : "stop"
        }
    }
}
