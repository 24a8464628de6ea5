package import Contract

/// A node as administrators see it.
package struct NodeStatus: Hashable, Sendable {
    package let id: String
    package let name: String
    /// Milliseconds since 1970.
    package let joinedAt: Int64
    /// Nil when it never polled.
    package let lastPoll: Int64?
    package let running: SnapshotReference?
    package let verdict: SnapshotVerdict?
    package let verdictAt: Int64?
    /// The node's clock minus the control plane's, in milliseconds.
    package let clockSkew: Int?
    package let builtBy: String?
    package let revocationSequence: Int?
    /// The models that it did not ask in their turn at its last poll.
    package let targets: [TargetHealth]
}
