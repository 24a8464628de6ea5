import Testing

@testable import AdminAPI

struct FailureThrottleTests {
    @Test func `ten failures are free and the eleventh waits six seconds`() {
        var throttle = FailureThrottle()
        for _ in 1...10 {
            #expect(throttle.delay(of: "a", at: .zero) == nil)
            throttle.noteFailure(of: "a", at: .zero)
        }
        #expect(throttle.delay(of: "a", at: .zero) == 6)
        #expect(throttle.delay(of: "a", at: .seconds(3)) == 3)
        #expect(throttle.delay(of: "a", at: .seconds(6)) == nil)
        #expect(throttle.delay(of: "b", at: .zero) == nil)
    }

    @Test func `a minute forgives everything`() {
        var throttle = FailureThrottle()
        for _ in 1...100 { throttle.noteFailure(of: "a", at: .zero) }
        #expect(throttle.delay(of: "a", at: .seconds(60)) == nil)
        for _ in 1...9 { throttle.noteFailure(of: "a", at: .seconds(60)) }
        #expect(throttle.delay(of: "a", at: .seconds(60)) == nil)
    }

    @Test func `only so many addresses are remembered`() {
        var throttle = FailureThrottle(burst: 1, capacity: 3)
        for (second, name) in ["a", "b", "c", "d"].enumerated() {
            throttle.noteFailure(of: name, at: .seconds(second))
        }
        #expect(throttle.delay(of: "a", at: .seconds(4)) == nil)
        #expect(throttle.delay(of: "d", at: .seconds(4)) != nil)
    }
}
