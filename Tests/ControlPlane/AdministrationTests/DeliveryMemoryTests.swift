import Administration
import Contract
import Identity
import Testing

struct DeliveryMemoryTests {
    private func snapshot(_ number: Int) throws -> PlaneState.Snapshot {
        PlaneState.Snapshot(
            reference: SnapshotReference(
                version: SnapshotVersion(epoch: 1, number: number),
                sha256: try #require(Digest([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32)))
            ),
            envelope: [],
            revocationSequence: 0
        )
    }

    private func poll(_ boot: String = "b", running: SnapshotReference? = nil) -> PollRequest {
        PollRequest(
            node: "n",
            bootID: boot,
            nonce: "x",
            running: running,
            revocationSequence: 0,
            waitMilliseconds: 0,
            clock: 0,
            builtBy: "t"
        )
    }

    @Test func `a node that refuses the current snapshot is not told it in a loop`() throws {
        var memory = DeliveryMemory(repeatInterval: .seconds(5))
        var state = PlaneState(current: try self.snapshot(1))
        let poll = self.poll()
        #expect(memory.holdBack(poll, state, at: .zero) == .zero)
        memory.note(state.heartbeat(answering: poll, clusterID: "c", now: 0), bootID: "b", at: .zero)
        #expect(memory.holdBack(poll, state, at: .seconds(1)) == .seconds(4))
        #expect(memory.holdBack(poll, state, at: .seconds(9)) == .zero)
        // A new process, a new snapshot or a revocation is told at once.
        #expect(memory.holdBack(self.poll("other"), state, at: .seconds(1)) == .zero)
        state.revocations = [PlaneState.Revocation(sequence: 1, tokenID: "t")]
        #expect(memory.holdBack(poll, state, at: .seconds(1)) == .zero)
        state.revocations = []
        state.current = try self.snapshot(2)
        #expect(memory.holdBack(poll, state, at: .seconds(1)) == .zero)
        memory.keep([])
    }

    @Test func `news are a higher version or a later revocation, and nothing else`() throws {
        let first = try self.snapshot(1)
        let second = try self.snapshot(2)
        let state = PlaneState(current: first)
        #expect(state.hasNews(for: self.poll()))
        #expect(!state.hasNews(for: self.poll(running: first.reference)))
        #expect(!state.hasNews(for: self.poll(running: second.reference)))
        #expect(PlaneState(current: second).hasNews(for: self.poll(running: first.reference)))
        #expect(!PlaneState().hasNews(for: self.poll()))
        let revoked = PlaneState(current: first, revocations: [PlaneState.Revocation(sequence: 1, tokenID: "t")])
        #expect(revoked.hasNews(for: self.poll(running: first.reference)))
    }

    @Test func `a node on an unknown snapshot hears of all recent revocations, one without a snapshot of none`() throws
    {
        let current = try self.snapshot(1)
        let state = PlaneState(
            current: PlaneState.Snapshot(reference: current.reference, envelope: [], revocationSequence: 2),
            revocations: (1...3).map { PlaneState.Revocation(sequence: $0, tokenID: "t\($0)") },
            containedRevocations: [current.reference.sha256: 2]
        )
        func told(_ running: SnapshotReference?) -> [String] {
            state.heartbeat(answering: self.poll(running: running), clusterID: "c", now: 0).revokedTokens
        }
        #expect(told(current.reference) == ["t3"])
        #expect(told(nil) == ["t3"])
        #expect(told(try self.snapshot(9).reference) == ["t1", "t2", "t3"])
    }
}
