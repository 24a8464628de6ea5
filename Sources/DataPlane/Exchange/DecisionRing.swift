package import Identity

/// The latest decisions, for those who ask what became of a request: bounded in number and in age.
///
/// What went as it should is kept apart from what did not, so that a busy node's good requests push out none that
/// somebody will ask about. Times are milliseconds since 1970.
package struct DecisionRing: Sendable {
    /// How long a decision is told: 15 minutes.
    package static let lifetime = 900_000

    private struct Lane: Sendable {
        /// Apart from the decisions: a look-up walks over these only.
        var ids: [RequestID] = []
        var decisions: [Decision] = []
        var next = 0
    }

    private let capacity: Int
    private var good = Lane()
    private var bad = Lane()

    /// `capacity` is how many of each kind are kept; nothing is taken for them in advance.
    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    package mutating func add(_ decision: Decision) {
        if decision.wentAsPlanned {
            DecisionRing.add(decision, to: &self.good, self.capacity)
        } else {
            DecisionRing.add(decision, to: &self.bad, self.capacity)
        }
    }

    private static func add(_ decision: Decision, to lane: inout Lane, _ capacity: Int) {
        if lane.decisions.count < capacity {
            lane.ids.append(decision.id)
            lane.decisions.append(decision)
        } else {
            lane.ids[lane.next] = decision.id
            lane.decisions[lane.next] = decision
            lane.next = (lane.next + 1) % capacity
        }
    }

    /// The decision about a request; nil when it is not remembered, or too old.
    package func decision(on id: RequestID, now: Int) -> Decision? {
        for lane in [self.bad, self.good] {
            guard let index = lane.ids.firstIndex(of: id) else { continue }
            let decision = lane.decisions[index]
            return now - decision.endedAt <= DecisionRing.lifetime ? decision : nil
        }
        return nil
    }

    /// Lets go of what is too old; all of a lane at once, as its places are used in turn.
    package mutating func expire(now: Int) {
        DecisionRing.expire(&self.good, now)
        DecisionRing.expire(&self.bad, now)
    }

    private static func expire(_ lane: inout Lane, _ now: Int) {
        guard let latest = lane.decisions.indices.last else { return }
        let newest = lane.decisions[lane.next == 0 ? latest : lane.next - 1]
        if now - newest.endedAt > DecisionRing.lifetime { lane = Lane() }
    }
}
