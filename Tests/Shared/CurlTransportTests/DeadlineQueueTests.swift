import Testing

@testable import CurlTransport

@Suite struct DeadlineQueueTests {
    private func time(_ nanoseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: nanoseconds) }

    @Test func `what is due comes in order and nothing before its time`() {
        var queue = DeadlineQueue()
        for (key, moment) in [50, 10, 40, 20, 30].enumerated() { queue.set(key, to: self.time(Int64(moment))) }
        #expect(queue.first == self.time(10))
        #expect(queue.popDue(at: self.time(9)) == nil)
        #expect(queue.popDue(at: self.time(30)) == 1)
        #expect(queue.popDue(at: self.time(30)) == 3)
        #expect(queue.popDue(at: self.time(30)) == 4)
        #expect(queue.popDue(at: self.time(30)) == nil)
        #expect(queue.count == 2)
    }

    @Test func `a key has one deadline, the last one set`() {
        var queue = DeadlineQueue()
        queue.set(7, to: self.time(100))
        queue.set(8, to: self.time(50))
        queue.set(7, to: self.time(10))
        #expect(queue.count == 2)
        #expect(queue.deadline(of: 7) == self.time(10))
        #expect(queue.first == self.time(10))
        queue.set(7, to: self.time(60))
        #expect(queue.first == self.time(50))
        queue.remove(8)
        queue.remove(8)
        queue.remove(1000)
        #expect(queue.first == self.time(60))
        #expect(queue.deadline(of: 8) == nil)
    }

    @Test func `it agrees with a sorted list whatever is done to it`() {
        var seed: UInt64 = 42
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: seed >> 33) % bound
        }
        var queue = DeadlineQueue()
        var model: [Int: Int64] = [:]
        for _ in 0..<20_000 {
            let key = next(50)
            switch next(4) {
            case 0, 1:
                let moment = Int64(next(1000))
                queue.set(key, to: self.time(moment))
                model[key] = moment
            case 2:
                queue.remove(key)
                model[key] = nil
            default:
                let now = Int64(next(1000))
                if let due = queue.popDue(at: self.time(now)) {
                    #expect(model[due] == model.values.min())
                    #expect(model[due].map { $0 <= now } == true)
                    model[due] = nil
                } else {
                    #expect(model.values.allSatisfy { $0 > now })
                }
            }
            #expect(queue.first?.nanoseconds == model.values.min())
            #expect(queue.count == model.count)
        }
    }

    @Test func `time ends at its edges instead of going round`() {
        #expect(self.time(5).advanced(by: .nanoseconds(7)) == self.time(12))
        #expect(self.time(5).advanced(by: .seconds(Int64.max)) == self.time(.max))
        #expect(self.time(5).advanced(by: .seconds(Int64.min)) == self.time(.min))
        #expect(self.time(0).milliseconds(until: self.time(1)) == 1)
        #expect(self.time(0).milliseconds(until: self.time(1_000_000)) == 1)
        #expect(self.time(0).milliseconds(until: self.time(1_000_001)) == 2)
        #expect(self.time(1).milliseconds(until: self.time(0)) == 0)
        #expect(self.time(.min).milliseconds(until: self.time(.max)) == .max)
    }
}
