import Wire

extension OpenAIResponses {
    /// Codes of a failed response that clients act on, all from the dialect.
    private static let failureCodes: Set<String> = [
        "context_length_exceeded", "insufficient_quota", "invalid_prompt", "rate_limit_exceeded", "server_error",
        "server_is_overloaded", "slow_down",
    ]

    /// The dialect's word for a failure: a provider's own where it is one that clients know.
    static func failureCode(of error: CallerError) -> String {
        if let code = error.details["upstream_code"]?.stringValue, OpenAIResponses.failureCodes.contains(code) {
            return code
        }
        switch error.code {
        case "upstream-quota-exhausted": return "insufficient_quota"
        case "upstream-rate-limited": return "rate_limit_exceeded"
        case "context_length_exceeded": return "context_length_exceeded"
        case "not-ready", "too-many-failures": return "server_is_overloaded"
        default: break
        }
        switch error.status {
        case 429: return "rate_limit_exceeded"
        case 529: return "server_is_overloaded"
        default: return "server_error"
        }
    }
}
