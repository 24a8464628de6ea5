package import Contract

/// What each node was told last, so that a node that cannot act on news is not told them in a tight loop.
///
/// The same news are told again to the same process only after a while: often enough for an answer that was lost
/// on the way, seldom enough for a node that refused the snapshot. Times are of any monotonic clock.
package struct DeliveryMemory: Sendable {
    private struct Delivery {
        let bootID: String
        let current: SnapshotReference?
        let revocationSequence: Int
        let at: Duration
    }

    private let repeatInterval: Duration
    private var deliveries: [String: Delivery] = [:]

    package init(repeatInterval: Duration = .seconds(5)) {
        self.repeatInterval = repeatInterval
    }

    package mutating func note(_ heartbeat: Heartbeat, bootID: String, at now: Duration) {
        self.deliveries[heartbeat.node] = Delivery(
            bootID: bootID,
            current: heartbeat.current,
            revocationSequence: heartbeat.revocationSequence,
            at: now
        )
    }

    /// How long the news in `state` are to be held back from the node; zero to tell them now.
    package func holdBack(_ poll: PollRequest, _ state: PlaneState, at now: Duration) -> Duration {
        guard let last = self.deliveries[poll.node], last.bootID == poll.bootID,
            last.current == state.current?.reference, last.revocationSequence == state.revocationSequence
        else {
            return .zero
        }
        return max(.zero, last.at + self.repeatInterval - now)
    }

    /// Forgets nodes that are gone.
    package mutating func keep(_ nodes: some Collection<String>) {
        guard self.deliveries.count > nodes.count else { return }
        let nodes = Set(nodes)
        self.deliveries = self.deliveries.filter { nodes.contains($0.key) }
    }
}
