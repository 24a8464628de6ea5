import Contract
import Feeds
import GatewayTestSupport
import Identity
import Routing
import Sealing
import NIOConcurrencyHelpers
import Testing

@Suite struct ServingBoardTests {
    private func state(_ number: Int, revoked: Set<String> = []) throws -> ServingState {
        try ServingState(
            reference: SnapshotReference(
                version: SnapshotVersion(epoch: 1, number: number),
                sha256: SHA256Digest.of([UInt8(truncatingIfNeeded: number)])
            ),
            body: SampleSnapshot.body(),
            secrets: SampleSnapshot.secrets(),
            revokedTokens: revoked
        )
    }

    private func isDone(_ exchange: ServingBoard.Exchange) -> Bool {
        if case .done = exchange { true } else { false }
    }

    @Test func `nothing is served before the first snapshot`() throws {
        let board = ServingBoard()
        guard case .notReady = board.current() else {
            Issue.record("ready without a snapshot")
            return
        }
        #expect(board.reference == nil)
        #expect(board.heartbeatAge == nil)
    }

    @Test func `only a higher version takes the place`() throws {
        let board = ServingBoard()
        #expect(self.isDone(board.exchange(for: try self.state(5))))
        for older in [1, 4, 5] { #expect(!self.isDone(board.exchange(for: try self.state(older)))) }
        #expect(board.reference?.version.number == 5)
        #expect(self.isDone(board.exchange(for: try self.state(6))))
        #expect(board.reference?.version.number == 6)
    }

    @Test func `racing exchanges end with the highest version`() async throws {
        let board = ServingBoard()
        let states = try (1...64).map { try self.state($0) }
        await withTaskGroup(of: Void.self) { group in
            for state in states.shuffled() {
                group.addTask { _ = board.exchange(for: state) }
            }
        }
        #expect(board.reference?.version.number == 64)
    }

    @Test func `revocations apply to the snapshot they were made for, and outlive an exchange`() throws {
        let board = ServingBoard()
        let first = try self.state(1)
        let second = try self.state(2)
        _ = board.exchange(for: first)
        #expect(board.revoke(["rtr_a"], on: first.reference))
        #expect(!board.revoke(["rtr_b"], on: second.reference))
        _ = board.exchange(for: second)
        guard case .ready(let state) = board.current() else {
            Issue.record("not ready")
            return
        }
        #expect(state.revokedTokens == ["rtr_a"])
        #expect(board.revoke([], on: second.reference))
        guard case .ready(let later) = board.current() else {
            Issue.record("not ready")
            return
        }
        #expect(later.revokedTokens == [])
    }

    @Test func `a silent control plane makes a node that fails closed refuse, and only that one`() throws {
        let now = NIOLockedValueBox(1_000_000)
        let clock = FeedClock(monotonic: { now.withLockedValue { $0 } }, wall: { 0 })
        func isStale(_ board: ServingBoard) -> Bool {
            if case .stale = board.current() { true } else { false }
        }
        for reaction in StalenessPolicy.Reaction.allCases {
            now.withLockedValue { $0 = 1_000_000 }
            let board = ServingBoard(
                staleness: StalenessPolicy(hardStale: 5000, reaction: reaction),
                clock: clock
            )
            _ = board.exchange(for: try self.state(1))
            let failsClosed = reaction == .failClosed
            #expect(isStale(board) == failsClosed)
            board.heard()
            now.withLockedValue { $0 += 5000 }
            #expect(!isStale(board))
            #expect(board.heartbeatAge == 5000)
            now.withLockedValue { $0 += 1 }
            #expect(isStale(board) == failsClosed)
            board.heard()
            #expect(!isStale(board))
            // What an earlier process heard does not make it look older.
            board.heard(millisecondsAgo: 60_000)
            #expect(!isStale(board))
        }
    }

    @Test func `the age of the last heartbeat outlives a restart`() throws {
        let clock = FeedClock(monotonic: { 10 }, wall: { 0 })
        let board = ServingBoard(staleness: StalenessPolicy(hardStale: 5000, reaction: .failClosed), clock: clock)
        _ = board.exchange(for: try self.state(1))
        board.heard(millisecondsAgo: 4000)
        #expect(board.heartbeatAge == 4000)
        guard case .ready = board.current() else {
            Issue.record("stale too early")
            return
        }
        let older = ServingBoard(staleness: StalenessPolicy(hardStale: 5000, reaction: .failClosed), clock: clock)
        _ = older.exchange(for: try self.state(1))
        older.heard(millisecondsAgo: 6000)
        guard case .stale = older.current() else {
            Issue.record("not stale")
            return
        }
    }
}
