import Canonical
import Wire

extension OpenAIResponses {
    /// Why an answer ended, by the members of its response object and what it holds.
    ///
    /// Throws for an answer that failed or is not there yet. What was cut for a reason that nobody else has was cut.
    static func stopReason(
        of response: JSONValue,
        hasCalls: Bool,
        hasRefusal: Bool
    ) throws(AnswerProblem) -> StopReason {
        if let error = response["error"], error != .null { throw AnswerProblem(.reported) }
        switch response["status"]?.stringValue {
        case "failed", "cancelled": throw AnswerProblem(.reported)
        case "in_progress", "queued": throw AnswerProblem(.truncated)
        case "incomplete":
            guard response["incomplete_details"]?["reason"] == "content_filter" else { return .maximumTokens }
            return hasRefusal ? .refusal : .contentFilter
        default: return hasCalls ? .toolCalls : hasRefusal ? .refusal : .endTurn
        }
    }

    /// How a caller is told the end: `status`, and why it is not `completed`.
    struct End: Hashable, Sendable {
        let status: String
        let reason: String?

        /// A refusal is complete: agents send a turn that a filter cut again and again.
        init(_ stop: StopReason) {
            switch stop {
            case .endTurn, .stopSequence, .toolCalls, .refusal:
                self.status = "completed"
                self.reason = nil
            case .maximumTokens, .contextFull, .pause:
                self.status = "incomplete"
                self.reason = "max_output_tokens"
            case .contentFilter:
                self.status = "incomplete"
                self.reason = "content_filter"
            }
        }
    }
}
