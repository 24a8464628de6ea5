package import Contract
package import Routing
import NIOConcurrencyHelpers

/// Where the data plane finds what it serves from: the one place at which snapshots are exchanged.
///
/// Requests read it, the feed alone writes it. The order of versions is decided under the lock, at the moment of the
/// exchange, so that no race can put an older snapshot over a newer one.
package final class ServingBoard: Sendable {
    private struct Contents: Sendable {
        var state: ServingState?
        /// When the control plane was last heard, on the monotonic clock; nil means never.
        var heardAt: Int?
    }

    private let contents = NIOLockedValueBox(Contents())
    private let staleness: StalenessPolicy
    private let clock: FeedClock

    package init(staleness: StalenessPolicy = StalenessPolicy(), clock: FeedClock = .system) {
        self.staleness = staleness
        self.clock = clock
    }

    /// Whether and from what to serve; one short lock, and one clock reading where the policy is to fail closed.
    package func current() -> Serving {
        let contents = self.contents.withLockedValue { $0 }
        guard let state = contents.state else { return .notReady }
        guard self.staleness.reaction == .failClosed else { return .ready(state) }
        let age = contents.heardAt.map { self.clock.monotonic() - $0 }
        return self.staleness.refuses(age: age) ? .stale : .ready(state)
    }

    /// The snapshot that is served, whether stale or not.
    package var reference: SnapshotReference? { self.contents.withLockedValue { $0.state }?.reference }

    /// Milliseconds since the control plane was last heard; nil means never.
    package var heartbeatAge: Int? {
        self.contents.withLockedValue { $0.heardAt }.map { max(0, self.clock.monotonic() - $0) }
    }

    /// The outcome of an exchange.
    package enum Exchange: Sendable {
        /// The state is served; the caller should let go of the former one where a pause hurts nobody.
        case done(former: ServingState?)
        /// What is served is not older; nothing changed.
        case notNewer
    }

    /// Serves `state` if its version is strictly above that of the running one.
    ///
    /// Revocations that the running state knows stay in force until the next heartbeat says which ones the new
    /// snapshot does not hold.
    package func exchange(for state: ServingState) -> Exchange {
        self.contents.withLockedValue { contents in
            guard let running = contents.state else {
                contents.state = state
                return .done(former: nil)
            }
            guard state.reference.version > running.reference.version else { return .notNewer }
            contents.state =
                running.revokedTokens.isSubset(of: state.revokedTokens)
                ? state : state.revoking(state.revokedTokens.union(running.revokedTokens))
            return .done(former: running)
        }
    }

    /// Refuses exactly these tokens on top of the snapshot `reference`; false when another one is served by now.
    package func revoke(_ ids: Set<String>, on reference: SnapshotReference) -> Bool {
        self.contents.withLockedValue { contents in
            guard let state = contents.state, state.reference == reference else { return false }
            if state.revokedTokens != ids { contents.state = state.revoking(ids) }
            return true
        }
    }

    /// Notes that the control plane was heard `age` milliseconds ago.
    package func heard(millisecondsAgo age: Int = 0) {
        let at = self.clock.monotonic() - max(0, age)
        self.contents.withLockedValue { contents in
            contents.heardAt = contents.heardAt.map { max($0, at) } ?? at
        }
    }
}
