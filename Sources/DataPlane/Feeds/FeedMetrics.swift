package import Contract

/// What the feed has done since the process began.
package struct FeedMetrics: Hashable, Sendable {
    /// What is served; nil before the first snapshot.
    package var running: SnapshotReference?
    /// Milliseconds since the control plane was last heard; nil means never.
    package var heartbeatAge: Int?
    /// Believed answers to polls.
    package var heartbeats = 0
    /// Polls without a believable answer.
    package var pollFailures = 0
    /// Snapshots that were put to use, one from disk included.
    package var applied = 0
    /// Snapshots that were refused, by the rejection's code.
    package var refused: [String: Int] = [:]
    /// Steps on the disk that failed; serving goes on without them.
    package var storeFailures = 0
    /// Revocations in force on top of the snapshot.
    package var revokedTokens = 0

    package init() {}
}
