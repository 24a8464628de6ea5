import Exchange
import Identity
import NIOConcurrencyHelpers
import Telemetry

/// The node's one memory of decisions, for all event loops and for operators.
package final class DecisionBoard: Sendable {
    private let ring: NIOLockedValueBox<DecisionRing>

    /// `capacity` is how many decisions are kept of those that went as planned, and of those that did not.
    package init(capacity: Int = 16_384) {
        self.ring = NIOLockedValueBox(DecisionRing(capacity: capacity))
    }

    func add(_ record: RequestRecord, id: RequestID) {
        let decision = Decision(id: id, record: record, endedAt: WallClock.now())
        self.ring.withLockedValue { $0.add(decision) }
    }

    func decision(on id: RequestID) -> Decision? {
        let now = WallClock.now()
        return self.ring.withLockedValue { $0.decision(on: id, now: now) }
    }

    /// From time to time: what is too old is let go.
    func expire() {
        let now = WallClock.now()
        self.ring.withLockedValue { $0.expire(now: now) }
    }
}
