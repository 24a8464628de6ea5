package import Routing

extension AttemptFailure {
    /// What the failure says about the target's health.
    package var outcome: AttemptOutcome {
        switch self {
        case .timeout(.connect), .timeout(.firstByte), .timeout(.idle), .network, .cutShort, .garbage, .reportedInBand:
            .fault
        // Our own limit for the whole answer: a long one is no fault.
        case .timeout(.total): .neutral
        case .status(let status, let retryAfter): AttemptFailure.outcome(status, retryAfter: retryAfter)
        case .tooLarge, .badRequest, .unsendable, .shutdown: .neutral
        }
    }

    private static func outcome(_ status: Int, retryAfter: Int?) -> AttemptOutcome {
        switch status {
        case 401: .unauthenticated
        case 402: .quotaExhausted(retryAfter: retryAfter)
        case 403, 404: .accessDenied
        case 429: .rateLimited(retryAfter: retryAfter)
        case 408: .fault
        // Overloaded, and it says for how long.
        case 503, 529: retryAfter.map { .rateLimited(retryAfter: $0) } ?? .fault
        case 500...: .fault
        default: .neutral
        }
    }
}
