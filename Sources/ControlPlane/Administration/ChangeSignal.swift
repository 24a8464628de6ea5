import Synchronization

/// Wakes all who wait for the next change, and whoever came too late to wait for it.
final class ChangeSignal: Sendable {
    private struct State {
        var generation = 0
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// The number of changes so far.
    var generation: Int { self.state.withLock { $0.generation } }

    func raise() {
        let waiters = self.state.withLock { state in
            state.generation += 1
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the number of changes is above `generation`, after `duration`, or when the task is cancelled.
    func wait(past generation: Int, atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: duration) }
            group.addTask { await self.wait(past: generation) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(past generation: Int) async {
        let number = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = self.state.withLock { state in
                    guard state.generation <= generation, !Task.isCancelled else { return false }
                    state.waiters[number] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
