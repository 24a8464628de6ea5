import Contract
import Exchange
import Identity
import NIOConcurrencyHelpers
package import Routing
import Telemetry

/// The node's one health board, and the retry budgets of its groups, for all event loops.
///
/// The lock is held for a plan or a note at a time: well below a microsecond.
package final class HealthRegister: Sendable {
    private struct Contents {
        var board = HealthBoard()
        /// By group: one whose targets are all down takes nothing from the others.
        var budgets: [String: RetryBudget] = [:]
        /// Of targets that have said nothing since callers left them with nothing.
        var waits: [HealthKey: UnansweredWaits] = [:]
        /// The snapshot whose targets the board may hold.
        var pruned: SnapshotReference?
        /// The providers of that snapshot, and when it was that they came to be asked otherwise than before.
        var providers: [Slug: Provider] = [:]
        var changes: [Slug: UInt64] = [:]
    }

    private let contents = NIOLockedValueBox(Contents())

    package init() {}

    /// Plans for a request, and counts it.
    func plan(
        _ group: Group,
        dialect: Dialect,
        needs: RequestNeeds,
        _ circumstances: RoutePlanner.Circumstances
    ) -> RoutePlan {
        self.contents.withLockedValue { contents in
            contents.budgets[group.id.text, default: RetryBudget()].began(at: circumstances.monotonicNow)
            return RoutePlanner.plan(group, dialect: dialect, needs: needs, health: contents.board, circumstances)
        }
    }

    /// The same for a question what would happen: nothing is counted.
    func preview(
        _ group: Group,
        dialect: Dialect,
        needs: RequestNeeds,
        _ circumstances: RoutePlanner.Circumstances
    ) -> RoutePlan {
        self.contents.withLockedValue { contents in
            RoutePlanner.plan(group, dialect: dialect, needs: needs, health: contents.board, circumstances)
        }
    }

    func began(_ key: HealthKey, at now: UInt64) {
        self.contents.withLockedValue { $0.board.began(key, at: now) }
    }

    func answered(_ key: HealthKey, since start: UInt64, at now: UInt64) {
        self.contents.withLockedValue {
            if !$0.waits.isEmpty { $0.waits[key] = nil }
            $0.board.answered(key, since: start, at: now)
        }
    }

    /// A caller left that had waited for the target since `start` without a byte of an answer; whether the target is at
    /// fault, as its limit is `patience` nanoseconds.
    func leftUnanswered(_ key: HealthKey, since start: UInt64, at now: UInt64, patience: UInt64) -> Bool {
        self.contents.withLockedValue {
            $0.waits[key, default: UnansweredWaits()].left(since: start, at: now, patience: patience)
        }
    }

    /// `spoke`: whether a byte of an answer came, whatever it said.
    func ended(
        _ key: HealthKey,
        _ outcome: AttemptOutcome,
        since start: UInt64,
        wasAnswered: Bool,
        firstEvent: UInt64?,
        spoke: Bool,
        at now: UInt64,
        jitter: UInt64
    ) {
        self.contents.withLockedValue { contents in
            if spoke, !contents.waits.isEmpty { contents.waits[key] = nil }
            // It was asked at the URL or with the credential of before.
            let isOutdated = contents.changes[key.provider].map { start < $0 } ?? false
            contents.board.ended(
                key,
                isOutdated ? .neutral : outcome,
                since: start,
                wasAnswered: wasAnswered,
                firstEvent: firstEvent,
                at: now,
                jitter: jitter
            )
        }
    }

    /// Which of the candidates that a failed request of the group has left is asked next; nil when none may be.
    func next(among candidates: ArraySlice<Candidate>, in group: String, at now: UInt64) -> Int? {
        self.contents.withLockedValue { contents in
            RoutePlanner.next(
                among: candidates,
                health: contents.board,
                hasBudget: contents.budgets[group]?.allowsRetry ?? true,
                at: now
            )
        }
    }

    /// An attempt after the first of a request of the group failed, too.
    func retryFailed(in group: String) {
        self.contents.withLockedValue { $0.budgets[group]?.retryFailed() }
    }

    /// Forgets what no target of a new snapshot asks, and what is held against providers that it has asked at another
    /// URL or as another account; one look when the snapshot is the same as before.
    func keep(to state: ServingState, at now: UInt64 = MonotonicClock.now()) {
        guard self.contents.withLockedValue({ $0.pruned != state.reference }) else { return }
        // Outside the lock: a large table takes a while.
        let keys = state.table.healthKeys
        let providers = state.table.providers
        self.contents.withLockedValue { contents in
            contents.board.prune(keeping: keys)
            let changed = Set(
                contents.providers.compactMap { id, before in
                    providers[id].flatMap { $0.isAsked(like: before) ? nil : id }
                }
            )
            contents.board.forget(heldAgainst: changed)
            contents.waits = contents.waits.filter { keys.contains($0.key) && !changed.contains($0.key.provider) }
            contents.changes = contents.changes.filter { providers[$0.key] != nil }
            for id in changed { contents.changes[id] = now }
            contents.providers = providers
            contents.budgets = contents.budgets.filter { state.table.group($0.key) != nil }
            contents.pruned = state.reference
        }
    }

    /// Every target that was asked, as it stands.
    package func reports() -> [HealthBoard.Report] {
        self.contents.withLockedValue { $0.board.reports(at: MonotonicClock.now()) }
    }
}
