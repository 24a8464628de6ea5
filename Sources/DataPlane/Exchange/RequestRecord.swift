package import Canonical
import Identity
package import Routing

/// What is remembered of one request: ids, times, sizes and tokens; never content, never a secret.
package struct RequestRecord: Hashable, Sendable {
    /// The text of a `RequestID`.
    package var requestID: String
    package var endpoint: String
    package var tokenID: String?
    package var group: String?
    package var target: String?
    package var provider: String?
    package var model: String?
    package var stream = false
    /// The dialect that the target was asked in; nil before an attempt.
    package var targetDialect: String?
    /// Fields that the target could not be told; nil when none was lost.
    package var dropped: String?
    /// 499 when the caller left before an answer began.
    package var status = 0
    package var errorCode: String?
    /// What the request asks of a target, its images and estimated size among it; nil before its body was read.
    package var needs: RequestNeeds?
    /// The targets of the group that could not serve it.
    package var refused: [RoutePlan.Refused] = []
    package var tries: [AttemptRecord] = []
    /// The targets that would be asked, in order, where a request asks just that; nil of all others.
    package var explained: [ExplainedTarget]?
    /// Whether the answer was told to its end.
    package var complete = false
    /// Of the last attempt.
    package var usage = TokenUsage()
    /// Whether numbers of our own stand in ``usage`` for what the provider did not tell, or were the answer to a request
    /// to count.
    package var isUsageEstimated = false
    package var requestBytes = 0
    package var responseBytes = 0
    /// Nanoseconds on the monotonic clock.
    package var startedAt: UInt64
    package var bodyReadAt: UInt64?
    package var attemptStartedAt: UInt64?
    package var firstByteAt: UInt64?
    /// When the first event that belongs to an answer went to the caller; nil for whole answers.
    package var firstTokenAt: UInt64?
    package var endedAt: UInt64?
    package var snapshotVersion: Int?

    package var attempts: Int { self.tries.count }

    /// Why the last attempt failed; nil when it gave the answer.
    package var attemptFailure: String? { self.tries.last?.failure }

    /// How often the request went out to a provider.
    package var sends: Int { self.tries.reduce(0) { $0 + $1.sends } }

    /// The attempts that another one followed, because they failed.
    package var failedAttempts: ArraySlice<AttemptRecord> { self.tries.dropLast() }

    /// How an attempt went: its failure, `answered`, or `ended` where nobody waited for the rest of the answer.
    package func outcome(of attempt: AttemptRecord) -> String {
        attempt.failure ?? (self.complete ? "answered" : "ended")
    }

    package init(requestID: String, startedAt: UInt64) {
        self.requestID = requestID
        self.endpoint = "unknown"
        self.startedAt = startedAt
    }
}
