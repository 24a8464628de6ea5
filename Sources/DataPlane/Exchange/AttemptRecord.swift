package import Canonical

/// What is remembered of one attempt of a request.
package struct AttemptRecord: Hashable, Sendable {
    /// The target's place in its group, from 0.
    package var position: Int
    package var target: String
    package var provider: String
    package var model: String
    /// The dialect that the target was asked in.
    package var dialect: String
    /// Nanoseconds on the monotonic clock.
    package var startedAt: UInt64
    package var firstByteAt: UInt64?
    /// When the first event came that has something of the answer; of a whole answer, the first byte of its body that
    /// is no white space.
    package var firstEventAt: UInt64?
    package var endedAt: UInt64?
    /// The class of its failure; nil for an attempt that gave the answer, or still runs.
    package var failure: String?
    /// How often the request went out: more than once where a kept connection closed as it did, 0 where none was had.
    package var sends = 1
    /// What the provider reported of an attempt that failed.
    package var usage = TokenUsage()

    package init(position: Int, target: String, provider: String, model: String, dialect: String, startedAt: UInt64) {
        self.position = position
        self.target = target
        self.provider = provider
        self.model = model
        self.dialect = dialect
        self.startedAt = startedAt
    }
}
