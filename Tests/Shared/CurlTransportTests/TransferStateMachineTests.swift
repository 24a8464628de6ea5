import Testing

@testable import CurlTransport

@Suite struct TransferStateMachineTests {
    private static let start = MonotonicTime(nanoseconds: 0)

    private static func at(_ seconds: Int) -> MonotonicTime { Self.start.advanced(by: .seconds(seconds)) }

    private static func machine(_ timeouts: TransferTimeouts = TransferTimeouts()) -> TransferStateMachine {
        TransferStateMachine(timeouts: timeouts, maximumHeaderBytes: 1000, windowBytes: 100, at: Self.start)
    }

    private static let limits = TransferTimeouts(firstByte: .seconds(10), idle: .seconds(5), total: .seconds(100))

    @discardableResult
    private static func feed(
        _ machine: inout TransferStateMachine,
        _ lines: [String],
        at now: MonotonicTime = start
    ) -> TransferStateMachine.HeaderAction {
        var action = TransferStateMachine.HeaderAction.proceed
        for line in lines { action = machine.headerLine(Array((line + "\r\n").utf8).span, at: now) }
        return action
    }

    private static let head = TransferHead(status: 200, headers: [("a", "b")])

    @Test func `an answer goes from head to body to end`() {
        var machine = Self.machine()
        #expect(Self.feed(&machine, ["HTTP/1.1 200 OK", "A: b"]) == .proceed)
        #expect(Self.feed(&machine, [""]) == .deliver(Self.head))
        #expect(machine.bodyBytes(heldBytes: 0, at: Self.start) == .accept)
        #expect(machine.ended(.completed) == .finish)
        #expect(machine.ended(.completed) == .nothing)
        #expect(machine.abandoned(.cancelled) == .nothing)
        #expect(machine.time(Self.at(1000)) == .wait(until: nil))
    }

    @Test func `sixteen interim heads pass and the seventeenth does not`() {
        var machine = TransferStateMachine(
            timeouts: Self.limits,
            maximumHeaderBytes: 10_000,
            windowBytes: 100,
            at: Self.start
        )
        for _ in 0..<16 {
            #expect(Self.feed(&machine, ["HTTP/1.1 103 Early Hints", "Link: x", ""], at: Self.at(1)) == .proceed)
        }
        #expect(machine.firstByte == nil)
        var other = machine
        #expect(Self.feed(&other, ["HTTP/1.1 200 OK", "A: b", ""], at: Self.at(2)) == .deliver(Self.head))
        #expect(other.firstByte == .seconds(2))
        #expect(Self.feed(&machine, ["HTTP/1.1 103 Early Hints", ""]) == .refuse)
        #expect(machine.ended(.failed(.badResponse)) == .fail(.tooManyInterimResponses))
    }

    @Test func `header bytes are counted over interim heads and trailers`() {
        var machine = Self.machine()
        let filler = "X: " + String(repeating: "y", count: 400)
        Self.feed(&machine, ["HTTP/1.1 103 Early Hints", filler, "", "HTTP/1.1 200 OK", ""])
        #expect(machine.bodyBytes(heldBytes: 0, at: Self.start) == .accept)
        #expect(Self.feed(&machine, [filler]) == .proceed)
        #expect(Self.feed(&machine, [filler]) == .refuse)
        #expect(Self.feed(&machine, [""]) == .refuse)
        #expect(machine.bodyBytes(heldBytes: 0, at: Self.start) == .refuse)
        #expect(machine.ended(.completed) == .fail(.headersTooLarge))
    }

    @Test func `a body before its head is no HTTP`() {
        var machine = Self.machine()
        #expect(machine.bodyBytes(heldBytes: 0, at: Self.start) == .refuse)
        #expect(machine.ended(.completed) == .fail(.badResponse))
    }

    @Test func `an end before the head is a failure even when libcurl is content`() {
        var machine = Self.machine()
        Self.feed(&machine, ["HTTP/1.1 200 OK"])
        #expect(machine.ended(.completed) == .fail(.receiveFailed))
    }

    @Test func `a full window pauses until it is below half`() {
        var machine = Self.machine(Self.limits)
        Self.feed(&machine, ["HTTP/1.1 200 OK", ""])
        #expect(machine.bodyBytes(heldBytes: 99, at: Self.at(1)) == .accept)
        #expect(machine.bodyBytes(heldBytes: 100, at: Self.at(2)) == .pause)
        machine.paused()
        #expect(machine.bodyBytes(heldBytes: 0, at: Self.at(2)) == .pause)
        // Nothing but the total limit runs meanwhile.
        #expect(machine.time(Self.at(90)) == .wait(until: Self.at(100)))
        #expect(machine.resumed(at: Self.at(90)) == true)
        #expect(machine.resumed(at: Self.at(90)) == false)
        #expect(machine.time(Self.at(90)) == .wait(until: Self.at(95)))
        #expect(machine.time(Self.at(95)) == .fail(.idleTimeout))
    }

    @Test func `a pause that the receiver undid at once does not happen`() {
        var machine = Self.machine()
        Self.feed(&machine, ["HTTP/1.1 200 OK", ""])
        #expect(machine.bodyBytes(heldBytes: 100, at: Self.start) == .pause)
        #expect(machine.resumed(at: Self.start) == false)
        #expect(machine.bodyBytes(heldBytes: 0, at: Self.start) == .accept)
    }

    @Test func `each limit runs in its own phase`() {
        var machine = Self.machine(Self.limits)
        #expect(machine.time(Self.start) == .wait(until: Self.at(10)))
        var silent = machine
        #expect(silent.time(Self.at(10)) == .fail(.firstByteTimeout))
        #expect(silent.ended(.completed) == .nothing)
        Self.feed(&machine, ["HTTP/1.1 200 OK"], at: Self.at(3))
        #expect(machine.time(Self.at(3)) == .wait(until: Self.at(8)))
        Self.feed(&machine, [""], at: Self.at(7))
        #expect(machine.time(Self.at(8)) == .wait(until: Self.at(12)))
        _ = machine.bodyBytes(heldBytes: 0, at: Self.at(11))
        #expect(machine.time(Self.at(12)) == .wait(until: Self.at(16)))
        #expect(machine.time(Self.at(16)) == .fail(.idleTimeout))
    }

    @Test func `a head that drips in has no longer than the first byte has`() {
        var machine = Self.machine(Self.limits)
        Self.feed(&machine, ["HTTP/1.1 200 OK"], at: Self.at(4))
        Self.feed(&machine, ["A: b"], at: Self.at(8))
        #expect(machine.time(Self.at(8)) == .wait(until: Self.at(10)))
        Self.feed(&machine, ["A: b"], at: Self.at(9))
        #expect(machine.time(Self.at(10)) == .fail(.firstByteTimeout))
    }

    @Test func `of two limits passed the earlier one is named`() {
        var machine = Self.machine(TransferTimeouts(firstByte: .seconds(2), total: .seconds(1)))
        #expect(machine.time(Self.at(3)) == .fail(.totalTimeout))
        var other = Self.machine(TransferTimeouts(firstByte: .seconds(1), total: .seconds(2)))
        #expect(other.time(Self.at(3)) == .fail(.firstByteTimeout))
    }

    @Test func `without limits nothing is ever due`() {
        var machine = Self.machine()
        #expect(machine.time(Self.at(1_000_000)) == .wait(until: nil))
    }

    @Test func `what a callback refused is named, not what libcurl makes of it`() {
        var machine = Self.machine()
        #expect(Self.feed(&machine, ["HTTP/1.1 200 OK", "no colon"]) == .refuse)
        #expect(machine.time(Self.at(5)) == .wait(until: nil))
        #expect(machine.ended(.failed(.receiveFailed)) == .fail(.badResponse))
    }
}
