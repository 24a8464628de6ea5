package import Contract

/// What a node said of itself in its last poll.
package struct NodeReport: Hashable, Sendable {
    package var bootID: String
    package var builtBy: String
    package var running: SnapshotReference?
    package var revocationSequence: Int
    /// The node's clock minus the control plane's, in milliseconds.
    package var clockSkew: Int
    /// The last verdict it gave, which it gives once.
    package var verdict: SnapshotVerdict?
    /// The models that it did not ask in their turn.
    package var targets: [TargetHealth]

    package init(
        bootID: String,
        builtBy: String,
        running: SnapshotReference?,
        revocationSequence: Int,
        clockSkew: Int,
        verdict: SnapshotVerdict? = nil,
        targets: [TargetHealth] = []
    ) {
        self.bootID = bootID
        self.builtBy = builtBy
        self.running = running
        self.revocationSequence = revocationSequence
        self.clockSkew = clockSkew
        self.verdict = verdict
        self.targets = targets
    }
}
