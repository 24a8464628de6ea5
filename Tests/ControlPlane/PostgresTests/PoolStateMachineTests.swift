import Postgres
import Testing

struct PoolStateMachineTests {
    private func machine(slots: Int = 2) -> PoolStateMachine {
        PoolStateMachine(slots: slots, leaseTimeout: .seconds(3))
    }

    @Test func `the first request opens a connection and gets it`() {
        var machine = self.machine()
        #expect(machine.lease(1, at: .zero) == [.timeWait(request: 1, .seconds(3)), .connect(slot: 0)])
        #expect(machine.connected(0) == [.grant(request: 1, slot: 0)])
    }

    @Test func `a free connection is lent at once and again`() {
        var machine = self.machine()
        _ = machine.lease(1, at: .zero)
        _ = machine.connected(0)
        #expect(machine.release(0, isOpen: true) == [])
        #expect(machine.lease(2, at: .zero) == [.grant(request: 2, slot: 0)])
    }

    @Test func `no more connections are opened than there are slots, and requests are served in order`() {
        var machine = self.machine()
        _ = machine.lease(1, at: .zero)
        #expect(machine.lease(2, at: .zero) == [.timeWait(request: 2, .seconds(3)), .connect(slot: 1)])
        #expect(machine.lease(3, at: .zero) == [.timeWait(request: 3, .seconds(3))])
        #expect(machine.connected(1) == [.grant(request: 1, slot: 1)])
        #expect(machine.connected(0) == [.grant(request: 2, slot: 0)])
        #expect(machine.release(1, isOpen: true) == [.grant(request: 3, slot: 1)])
    }

    @Test func `a request that waited too long is refused, with the reason`() {
        var machine = self.machine(slots: 1)
        _ = machine.lease(1, at: .zero)
        #expect(machine.waitEnded(1) == [.fail(request: 1, .noConnection)])
        #expect(machine.connected(0) == [])
        #expect(machine.lease(2, at: .zero) == [.grant(request: 2, slot: 0)])
        _ = machine.lease(3, at: .zero)
        #expect(machine.waitEnded(3) == [.fail(request: 3, .noFreeConnection)])
        #expect(machine.waitEnded(2) == [])
    }

    @Test func `a broken connection is replaced when someone waits for one`() {
        var machine = self.machine(slots: 1)
        _ = machine.lease(1, at: .zero)
        _ = machine.connected(0)
        _ = machine.lease(2, at: .zero)
        #expect(machine.release(0, isOpen: false) == [.connect(slot: 0)])
        #expect(machine.connected(0) == [.grant(request: 2, slot: 0)])
        #expect(machine.release(0, isOpen: false) == [])
    }

    @Test func `while PostgreSQL is away one slot keeps trying, ever more slowly, and requests are refused at once`() {
        var machine = self.machine()
        _ = machine.lease(1, at: .zero)
        #expect(machine.connectFailed(0, at: .zero, jitter: 1) == [.timeRetry(slot: 0, .milliseconds(100))])
        #expect(machine.lease(2, at: .seconds(1)) == [.timeWait(request: 2, .seconds(3))])
        #expect(machine.retryDue(0) == [.connect(slot: 0)])
        #expect(machine.connectFailed(0, at: .seconds(1), jitter: 1) == [.timeRetry(slot: 0, .milliseconds(200))])
        #expect(machine.lease(3, at: .seconds(3)) == [.fail(request: 3, .noConnection)])
        #expect(machine.waitEnded(1) == [.fail(request: 1, .noConnection)])
        #expect(machine.retryDue(0) == [.connect(slot: 0)])
        // Back: the one who still waits is served, another slot opens only when needed.
        #expect(machine.connected(0) == [.grant(request: 2, slot: 0)])
        #expect(machine.lease(4, at: .seconds(4)) == [.timeWait(request: 4, .seconds(3)), .connect(slot: 1)])
    }

    @Test func `a failed attempt beside a living connection is tried again only while someone waits`() {
        var machine = self.machine()
        _ = machine.lease(1, at: .zero)
        _ = machine.connected(0)
        _ = machine.lease(2, at: .zero)
        #expect(machine.connectFailed(1, at: .zero, jitter: 0) == [.timeRetry(slot: 1, .milliseconds(50))])
        #expect(machine.release(0, isOpen: true) == [.grant(request: 2, slot: 0)])
        #expect(machine.retryDue(1) == [.connect(slot: 1)])
        #expect(machine.connectFailed(1, at: .zero, jitter: 0) == [])
    }

    @Test func `a closed pool refuses those who wait and those who come`() {
        var machine = self.machine(slots: 1)
        _ = machine.lease(1, at: .zero)
        _ = machine.connected(0)
        _ = machine.lease(2, at: .zero)
        #expect(machine.close() == [.fail(request: 2, .closed)])
        #expect(machine.release(0, isOpen: true) == [])
        #expect(machine.lease(3, at: .zero) == [.fail(request: 3, .closed)])
        #expect(machine.retryDue(0) == [])
    }

    @Test(arguments: [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1600), (6, 2000), (1000, 2000)])
    func `the pause doubles up to two seconds`(failures: Int, milliseconds: Int) {
        #expect(PoolStateMachine.pause(afterFailures: failures, jitter: 1) == .milliseconds(milliseconds))
        #expect(PoolStateMachine.pause(afterFailures: failures, jitter: 0) == .milliseconds(milliseconds / 2))
    }

    @Test func `whatever happens in whatever order, every request is answered exactly once`() {
        var generator = Seeded(state: 7)
        for _ in 0..<300 {
            var machine = self.machine(slots: 3)
            var answered: [UInt64: Int] = [:]
            var pending: [PoolAction] = []
            var leased: Set<Int> = []
            var now = Duration.zero
            func take(_ actions: [PoolAction]) {
                for action in actions {
                    switch action {
                    case .grant(let request, let slot):
                        answered[request, default: 0] += 1
                        #expect(leased.insert(slot).inserted)
                    case .fail(let request, _): answered[request, default: 0] += 1
                    case .timeWait, .connect, .timeRetry: pending.append(action)
                    }
                }
            }
            func step(_ action: PoolAction) {
                switch action {
                case .timeWait(let request, _): take(machine.waitEnded(request))
                case .timeRetry(let slot, _): take(machine.retryDue(slot))
                case .connect(let slot):
                    if Bool.random(using: &generator) {
                        take(machine.connected(slot))
                    } else {
                        take(machine.connectFailed(slot, at: now, jitter: 0.5))
                    }
                case .grant, .fail: break
                }
            }
            for request in 1...40 {
                now += .milliseconds(Int64.random(in: 0...500, using: &generator))
                take(machine.lease(UInt64(request), at: now))
                if let slot = leased.randomElement(using: &generator), Bool.random(using: &generator) {
                    leased.remove(slot)
                    take(machine.release(slot, isOpen: Bool.random(using: &generator)))
                }
                if let index = pending.indices.randomElement(using: &generator) {
                    step(pending.remove(at: index))
                }
            }
            take(machine.close())
            #expect(answered.count == 40)
            #expect(answered.values.allSatisfy { $0 == 1 })
        }
    }
}

private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return self.state ^ self.state >> 29
    }
}
