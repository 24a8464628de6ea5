/// A validation as it is stored.
package struct ValidationRun: Hashable, Sendable {
    package let id: Int
    package let model: ModelKey
    package let dialects: [String]
    package let cases: [String]
    package let requestedBy: String
    package let reason: ValidationReason
    package let state: ValidationState
    /// Milliseconds since 1970.
    package let createdAt: Int
    /// Milliseconds since 1970; nil until the first case is taken.
    package let startedAt: Int?
    /// Milliseconds since 1970; nil until the last case is done.
    package let finishedAt: Int?
    /// How many cases in dialects it has.
    package let jobs: Int
    /// How many of them are done.
    package let done: Int

    package init(
        id: Int,
        model: ModelKey,
        dialects: [String],
        cases: [String],
        requestedBy: String,
        reason: ValidationReason,
        state: ValidationState,
        createdAt: Int,
        startedAt: Int?,
        finishedAt: Int?,
        jobs: Int,
        done: Int
    ) {
        self.id = id
        self.model = model
        self.dialects = dialects
        self.cases = cases
        self.requestedBy = requestedBy
        self.reason = reason
        self.state = state
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.jobs = jobs
        self.done = done
    }
}
