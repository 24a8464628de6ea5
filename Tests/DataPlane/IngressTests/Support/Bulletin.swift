import NIOCore
import NIOConcurrencyHelpers

/// A value that one side changes and another waits for, never longer than a deadline.
final class Bulletin<Value: Sendable>: Sendable {
    private struct State: Sendable {
        var value: Value
        var changes = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: NIOLockedValueBox<State>

    init(_ value: Value) {
        self.state = NIOLockedValueBox(State(value: value))
    }

    var value: Value { self.state.withLockedValue { $0.value } }

    /// Changes the value and wakes all who wait.
    func update<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        let (result, waiters) = self.state.withLockedValue { state in
            let result = body(&state.value)
            state.changes += 1
            let waiters = state.waiters
            state.waiters = []
            return (result, waiters)
        }
        for waiter in waiters { waiter.resume() }
        return result
    }

    /// Waits until `take` gives something.
    ///
    /// `prepare` runs before each wait.
    func wait<Result: Sendable>(
        for what: String,
        seconds: Int64 = 160,
        prepare: () -> Void = {},
        _ take: @Sendable (inout Value) throws -> Result?
    ) async throws -> Result {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var alarm: Scheduled<Void>?
        defer { alarm?.cancel() }
        while true {
            let (found, seen) = try self.state.withLockedValue { state in (try take(&state.value), state.changes) }
            if let found { return found }
            guard ContinuousClock.now < deadline else { throw Impatience("no \(what) in \(seconds) s") }
            if alarm == nil {
                alarm = TestLoops.group.any().scheduleTask(in: .seconds(seconds)) { self.update { _ in } }
            }
            prepare()
            await self.change(after: seen)
        }
    }

    private func change(after seen: Int) async {
        await withCheckedContinuation { continuation in
            let isLate = self.state.withLockedValue { state in
                guard state.changes == seen else { return true }
                state.waiters.append(continuation)
                return false
            }
            if isLate { continuation.resume() }
        }
    }
}

/// A wait that was in vain.
struct Impatience: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
