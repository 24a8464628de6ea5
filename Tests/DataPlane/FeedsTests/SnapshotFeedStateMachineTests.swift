import Contract
import Feeds
import Identity
import Sealing
import Testing

@Suite struct SnapshotFeedStateMachineTests {
    typealias Machine = SnapshotFeedStateMachine

    private static func reference(_ number: Int, epoch: Int = 1, content: UInt8 = 0) -> SnapshotReference {
        SnapshotReference(
            version: SnapshotVersion(epoch: epoch, number: number),
            sha256: SHA256Digest.of([UInt8(truncatingIfNeeded: number), content])
        )
    }

    private static let secrets = SHA256Digest.of([9])

    private static func heartbeat(
        _ current: SnapshotReference?,
        secrets: Digest? = SnapshotFeedStateMachineTests.secrets,
        sequence: Int = 0
    ) -> Heartbeat {
        Heartbeat(
            node: "n",
            nonce: "x",
            clusterID: "c",
            current: current,
            secretsSHA256: secrets,
            revokedTokens: [],
            revocationSequence: sequence,
            issuedAt: 0
        )
    }

    private func machine(servers: Int = 1, highest: SnapshotVersion? = nil) -> Machine {
        var limits = Machine.Limits()
        limits.servers = servers
        return Machine(limits: limits, highest: highest)
    }

    /// A machine that serves `reference` and has told so.
    private func settled(on reference: SnapshotReference, servers: Int = 1) -> Machine {
        var machine = self.machine(servers: servers)
        _ = machine.next(at: 0)
        _ = machine.received(Self.heartbeat(reference), at: 0)
        machine.applied(at: 0)
        _ = machine.next(at: 0)
        _ = machine.received(Self.heartbeat(reference), at: 0)
        return machine
    }

    @Test func `a new node asks at once, applies what it is offered and tells so at once`() {
        var machine = self.machine()
        let first = Self.reference(1)
        #expect(machine.next(at: 10) == .poll(server: 0, waitMilliseconds: 0, running: nil, verdict: nil))
        #expect(machine.next(at: 11) == .none)
        let offer = SnapshotOffer(reference: first, secretsSHA256: Self.secrets)
        #expect(machine.received(Self.heartbeat(first), at: 20) == .apply(offer))
        #expect(machine.next(at: 21) == .none)
        machine.applied(at: 30)
        #expect(machine.running == first)
        let verdict = SnapshotVerdict(snapshot: first, outcome: .applied)
        #expect(
            machine.next(at: 30) == .poll(server: 0, waitMilliseconds: 0, running: first, verdict: verdict)
        )
        #expect(machine.received(Self.heartbeat(first), at: 31) == .rest)
        // Told once; from now on answers may be held back.
        #expect(
            machine.next(at: 32) == .poll(server: 0, waitMilliseconds: 25_000, running: first, verdict: nil)
        )
    }

    @Test func `a snapshot counts as good after it was served long enough, once`() {
        var machine = self.settled(on: Self.reference(1))
        #expect(
            machine.next(at: 59_000)
                == .poll(server: 0, waitMilliseconds: 1000, running: Self.reference(1), verdict: nil)
        )
        #expect(machine.received(Self.heartbeat(Self.reference(1)), at: 60_000) == .rest)
        #expect(machine.next(at: 60_000) == .promote(Self.reference(1)))
        #expect(
            machine.next(at: 60_000)
                == .poll(server: 0, waitMilliseconds: 25_000, running: Self.reference(1), verdict: nil)
        )
    }

    @Test func `the trial ends in the middle of a pause too`() {
        var machine = self.settled(on: Self.reference(1))
        _ = machine.next(at: 59_990)
        machine.pollFailed(at: 59_995, random: 400)
        #expect(machine.next(at: 59_995) == .wait(milliseconds: 5))
        #expect(machine.next(at: 60_000) == .promote(Self.reference(1)))
        #expect(machine.next(at: 60_000) == .wait(milliseconds: 395))
    }

    @Test func `a newer snapshot restarts the trial`() {
        var machine = self.settled(on: Self.reference(1))
        _ = machine.next(at: 30_000)
        _ = machine.received(Self.heartbeat(Self.reference(2)), at: 30_000)
        machine.applied(at: 30_000)
        _ = machine.next(at: 60_000)
        _ = machine.received(Self.heartbeat(Self.reference(2)), at: 60_000)
        #expect(
            machine.next(at: 60_000)
                == .poll(server: 0, waitMilliseconds: 25_000, running: Self.reference(2), verdict: nil)
        )
        _ = machine.received(Self.heartbeat(Self.reference(2)), at: 85_000)
        _ = machine.next(at: 85_000)
        _ = machine.received(Self.heartbeat(Self.reference(2)), at: 90_000)
        #expect(machine.next(at: 90_000) == .promote(Self.reference(2)))
    }

    @Test func `a refused snapshot is reported once and tried again after a minute`() {
        var machine = self.settled(on: Self.reference(1))
        let bad = Self.reference(2)
        let offer = SnapshotOffer(reference: bad, secretsSHA256: Self.secrets)
        _ = machine.next(at: 100)
        #expect(machine.received(Self.heartbeat(bad), at: 200) == .apply(offer))
        machine.refused(because: .bodyHashMismatch, at: 300)
        #expect(machine.running == Self.reference(1))
        let verdict = SnapshotVerdict(refusing: bad, because: .bodyHashMismatch)
        #expect(
            machine.next(at: 300)
                == .poll(server: 0, waitMilliseconds: 0, running: Self.reference(1), verdict: verdict)
        )
        #expect(machine.received(Self.heartbeat(bad), at: 400) == .rest)
        // Still offered: not fetched, not reported again, and not asked for in a loop.
        #expect(
            machine.next(at: 400)
                == .poll(server: 0, waitMilliseconds: 25_000, running: Self.reference(1), verdict: nil)
        )
        #expect(machine.received(Self.heartbeat(bad), at: 410) == .rest)
        #expect(machine.next(at: 410) == .wait(milliseconds: 990))
        _ = machine.next(at: 60_000)
        #expect(
            machine.next(at: 60_000)
                == .poll(server: 0, waitMilliseconds: 25_000, running: Self.reference(1), verdict: nil)
        )
        #expect(machine.received(Self.heartbeat(bad), at: 60_299) == .rest)
        _ = machine.next(at: 61_299)
        #expect(machine.received(Self.heartbeat(bad), at: 61_300) == .apply(offer))
        machine.refused(because: .bodyHashMismatch, at: 61_301)
        #expect(
            machine.next(at: 61_301)
                == .poll(server: 0, waitMilliseconds: 25_000, running: Self.reference(1), verdict: nil)
        )
    }

    @Test func `another reason for refusing the same snapshot is reported too`() {
        var machine = self.settled(on: Self.reference(1))
        let bad = Self.reference(2)
        _ = machine.next(at: 0)
        _ = machine.received(Self.heartbeat(bad), at: 0)
        machine.refused(because: .bodyHashMismatch, at: 0)
        _ = machine.next(at: 0)
        _ = machine.received(Self.heartbeat(bad), at: 0)
        _ = machine.next(at: 60_000)
        _ = machine.next(at: 60_000)
        _ = machine.received(Self.heartbeat(bad), at: 60_000)
        machine.refused(because: .undecompressible, at: 60_000)
        let verdict = SnapshotVerdict(refusing: bad, because: .undecompressible)
        #expect(
            machine.next(at: 60_000)
                == .poll(server: 0, waitMilliseconds: 0, running: Self.reference(1), verdict: verdict)
        )
    }

    @Test func `a different offer is tried at once after a refusal`() {
        var machine = self.settled(on: Self.reference(1))
        _ = machine.next(at: 0)
        _ = machine.received(Self.heartbeat(Self.reference(2)), at: 0)
        machine.refused(because: .undecompressible, at: 0)
        _ = machine.next(at: 0)
        let offer = SnapshotOffer(reference: Self.reference(3), secretsSHA256: Self.secrets)
        #expect(machine.received(Self.heartbeat(Self.reference(3)), at: 1) == .apply(offer))
    }

    @Test func `an older offer and another one of the running version are refused without being fetched`() {
        for offered in [Self.reference(4), Self.reference(5, content: 1)] {
            var machine = self.settled(on: Self.reference(5))
            _ = machine.next(at: 0)
            #expect(machine.received(Self.heartbeat(offered), at: 1) == .rest)
            let verdict = SnapshotVerdict(refusing: offered, because: .notNewer(offered.version))
            guard case .poll(_, 0, Self.reference(5), verdict) = machine.next(at: 1) else {
                Issue.record("not reported: \(offered)")
                continue
            }
        }
    }

    @Test func `nothing below the highest version ever admitted is taken, the highest itself is`() {
        let highest = SnapshotVersion(epoch: 1, number: 7)
        var machine = self.machine(highest: highest)
        _ = machine.next(at: 0)
        #expect(machine.received(Self.heartbeat(Self.reference(6)), at: 1) == .rest)
        #expect(machine.running == nil)
        _ = machine.next(at: 1)
        let offer = SnapshotOffer(reference: Self.reference(7), secretsSHA256: Self.secrets)
        #expect(machine.received(Self.heartbeat(Self.reference(7)), at: 2) == .apply(offer))
        // A new epoch is above everything.
        machine.applied(at: 2)
        _ = machine.next(at: 3)
        let recovered = Self.reference(1, epoch: 2)
        #expect(
            machine.received(Self.heartbeat(recovered), at: 4)
                == .apply(SnapshotOffer(reference: recovered, secretsSHA256: Self.secrets))
        )
    }

    @Test func `an offer without secrets is refused`() {
        var machine = self.machine()
        _ = machine.next(at: 0)
        #expect(machine.received(Self.heartbeat(Self.reference(1), secrets: nil), at: 0) == .rest)
        guard case .poll(_, _, nil, let verdict?) = machine.next(at: 0),
            case .refused("secrets-unavailable", _) = verdict.outcome
        else {
            Issue.record("not reported")
            return
        }
    }

    @Test func `a heartbeat without a snapshot changes nothing`() {
        var machine = self.settled(on: Self.reference(1))
        _ = machine.next(at: 0)
        #expect(machine.received(Self.heartbeat(nil), at: 25_000) == .rest)
        #expect(machine.running == Self.reference(1))
    }

    @Test func `a snapshot that made the process die is reported and not tried again by this one`() {
        var machine = self.machine()
        machine.booted(Self.reference(1), at: 0)
        machine.crashLooped(Self.reference(2))
        let verdict = SnapshotVerdict(
            refusing: Self.reference(2),
            because: .crashLoop(SnapshotVersion(epoch: 1, number: 2))
        )
        #expect(
            machine.next(at: 0)
                == .poll(server: 0, waitMilliseconds: 0, running: Self.reference(1), verdict: verdict)
        )
        #expect(machine.received(Self.heartbeat(Self.reference(2)), at: 0) == .rest)
        _ = machine.next(at: 1_000_000)
        _ = machine.next(at: 1_000_000)
        #expect(machine.received(Self.heartbeat(Self.reference(2)), at: 1_000_000) == .rest)
        _ = machine.next(at: 1_001_000)
        let offer = SnapshotOffer(reference: Self.reference(3), secretsSHA256: Self.secrets)
        #expect(machine.received(Self.heartbeat(Self.reference(3)), at: 1_001_000) == .apply(offer))
    }

    @Test func `every control plane is asked before there is a pause`() {
        var machine = self.machine(servers: 3)
        func server(_ action: Machine.NextAction) -> Int? {
            if case .poll(let server, _, _, _) = action { server } else { nil }
        }
        #expect(server(machine.next(at: 0)) == 0)
        machine.pollFailed(at: 1, random: .max)
        #expect(server(machine.next(at: 1)) == 1)
        machine.pollFailed(at: 2, random: .max)
        #expect(server(machine.next(at: 2)) == 2)
        machine.pollFailed(at: 3, random: 500)
        #expect(machine.next(at: 3) == .wait(milliseconds: 500))
        #expect(server(machine.next(at: 503)) == 0)
        machine.pollFailed(at: 504, random: 0)
        #expect(server(machine.next(at: 504)) == 1)
        // One that answers is kept.
        _ = machine.received(Self.heartbeat(nil), at: 505)
        #expect(server(machine.next(at: 505)) == 1)
    }

    @Test func `a verdict that was not heard is told again`() {
        var machine = self.settled(on: Self.reference(1))
        _ = machine.next(at: 0)
        _ = machine.received(Self.heartbeat(Self.reference(2)), at: 0)
        machine.applied(at: 0)
        let verdict = SnapshotVerdict(snapshot: Self.reference(2), outcome: .applied)
        for moment in [0, 1, 2] {
            #expect(
                machine.next(at: moment)
                    == .poll(server: 0, waitMilliseconds: 0, running: Self.reference(2), verdict: verdict)
            )
            machine.pollFailed(at: moment, random: 0)
        }
    }

    @Test func `a snapshot that cannot be fetched is reported once, and tried again after a pause`() {
        var machine = self.settled(on: Self.reference(1), servers: 2)
        let offer = SnapshotOffer(reference: Self.reference(2), secretsSHA256: Self.secrets)
        _ = machine.next(at: 0)
        #expect(machine.received(Self.heartbeat(Self.reference(2)), at: 0) == .apply(offer))
        machine.fetchFailed(detail: "status 404", at: 1, random: .max)
        let verdict = SnapshotVerdict(refusing: Self.reference(2), because: .unavailable("status 404"))
        #expect(
            machine.next(at: 1)
                == .poll(server: 1, waitMilliseconds: 0, running: Self.reference(1), verdict: verdict)
        )
        #expect(machine.received(Self.heartbeat(Self.reference(2)), at: 2) == .apply(offer))
        machine.fetchFailed(detail: "status 500", at: 3, random: 0)
        #expect(
            machine.next(at: 3)
                == .poll(server: 0, waitMilliseconds: 0, running: Self.reference(1), verdict: nil)
        )
        #expect(machine.received(Self.heartbeat(Self.reference(2)), at: 4) == .apply(offer))
        machine.applied(at: 5)
        #expect(machine.running == Self.reference(2))
    }

    @Test func `early answers without news slow the next poll down, news does not`() {
        var machine = self.settled(on: Self.reference(1))
        _ = machine.next(at: 1000)
        _ = machine.received(Self.heartbeat(Self.reference(1)), at: 1010)
        #expect(machine.next(at: 1010) == .wait(milliseconds: 990))
        _ = machine.next(at: 2000)
        _ = machine.received(Self.heartbeat(Self.reference(1), sequence: 1), at: 2010)
        guard case .poll = machine.next(at: 2010) else {
            Issue.record("a revocation slows the next poll down")
            return
        }
        _ = machine.received(Self.heartbeat(Self.reference(1), sequence: 1), at: 27_010)
        guard case .poll = machine.next(at: 27_010) else {
            Issue.record("an answer that was held back slows the next poll down")
            return
        }
    }

    @Test func `reports at the wrong moment change nothing`() {
        var machine = self.settled(on: Self.reference(1))
        machine.applied(at: 0)
        machine.refused(because: .expired, at: 0)
        machine.fetchFailed(detail: "", at: 0, random: 0)
        machine.pollFailed(at: 0, random: 0)
        #expect(machine.received(Self.heartbeat(Self.reference(2)), at: 0) == .rest)
        #expect(machine.running == Self.reference(1))
        #expect(
            machine.next(at: 0)
                == .poll(server: 0, waitMilliseconds: 25_000, running: Self.reference(1), verdict: nil)
        )
    }
}
