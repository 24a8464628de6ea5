package import Routing

extension AttemptFailure {
    /// What the failure of a request's last attempt says about the health of its target.
    ///
    /// `now` is in nanoseconds on the monotonic clock.
    package func outcome(in record: RequestRecord, at now: UInt64) -> AttemptOutcome {
        switch self {
        case .timeout(.connect), .timeout(.firstByte), .timeout(.idle), .network, .cutShort, .garbage, .reportedInBand:
            .fault
        case .timeout(.total): AttemptFailure.hung(record, at: now) ? .fault : .neutral
        case .status(let status, let retryAfter): AttemptFailure.outcome(status, retryAfter: retryAfter)
        case .tooLarge, .badRequest, .unsendable, .shutdown: .neutral
        }
    }

    /// Whether the last attempt had most of the request's time and gave nothing of an answer.
    ///
    /// The limit is our own: a long answer is no fault, nor is it one to say nothing in what others have left.
    private static func hung(_ record: RequestRecord, at now: UInt64) -> Bool {
        guard let first = record.tries.first, let last = record.tries.last else { return false }
        guard last.firstEventAt == nil else { return false }
        let all = now > first.startedAt ? now - first.startedAt : 0
        let own = now > last.startedAt ? now - last.startedAt : 0
        return own >= all / 2
    }

    private static func outcome(_ status: Int, retryAfter: Int?) -> AttemptOutcome {
        switch status {
        case 401: .unauthenticated
        case 402: .quotaExhausted(retryAfter: retryAfter)
        case 403, 404: .accessDenied
        case 429: .rateLimited(retryAfter: retryAfter)
        case 408: .fault
        // Overloaded, and it says for how long.
        case 503, 529: AttemptFailure.wait(retryAfter).map { .rateLimited(retryAfter: $0) } ?? .fault
        case 500...: .fault
        default: .neutral
        }
    }
}
