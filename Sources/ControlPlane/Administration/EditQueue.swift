import Synchronization

/// Lets one edit of this process through at a time, in the order of arrival.
///
/// The database's lock does the same between control planes; but whoever waits there holds a connection, and a
/// dozen writers would leave none to read with. When one finds the database gone, all who wait are told at once; one
/// that others were in the way of fails alone.
final class EditQueue: Sendable {
    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Result<Void, AdministrationError>, Never>
    }

    private struct State {
        var isTaken = false
        var next: UInt64 = 0
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    /// How long to wait while others make progress.
    private static let patience = Duration.seconds(30)

    /// How many wait.
    var waiting: Int { self.state.withLock { $0.waiters.count } }

    /// Runs `body` when it is its turn; throws `busy` when that does not come.
    func withTurn<Output>(
        _ body: () async throws(AdministrationError) -> Output
    ) async throws(AdministrationError) -> Output {
        try await self.wait()
        do {
            let output = try await body()
            self.pass(nil)
            return output
        } catch {
            self.pass(error)
            throw error
        }
    }

    private func wait() async throws(AdministrationError) {
        let number: UInt64? = self.state.withLock { state in
            guard state.isTaken else {
                state.isTaken = true
                return nil
            }
            state.next += 1
            return state.next
        }
        guard let number else { return }
        let result = await withTaskGroup(of: Result<Void, AdministrationError>?.self) { group in
            group.addTask { await self.turn(number) }
            group.addTask {
                // Ends early when the turn came, or when the request was given up.
                try? await Task.sleep(for: EditQueue.patience)
                self.giveUp(number)
                return nil
            }
            var result: Result<Void, AdministrationError>?
            for await answer in group where answer != nil {
                result = answer
                group.cancelAll()
            }
            return result ?? .failure(.busy)
        }
        try result.get()
    }

    private func turn(_ number: UInt64) async -> Result<Void, AdministrationError> {
        await withCheckedContinuation { continuation in
            let isFree = self.state.withLock { state in
                // Whoever had the turn may have left meanwhile.
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiters.append(Waiter(number: number, continuation: continuation))
                return false
            }
            if isFree { continuation.resume(returning: .success(())) }
        }
    }

    private func giveUp(_ number: UInt64) {
        let waiter = self.state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: .failure(.busy))
    }

    private func pass(_ error: AdministrationError?) {
        let (next, failed) = self.state.withLock { state -> (Waiter?, [Waiter]) in
            if error == .databaseUnavailable || error == .unknownOutcome {
                let waiters = state.waiters
                state.waiters = []
                state.isTaken = false
                return (nil, waiters)
            }
            guard !state.waiters.isEmpty else {
                state.isTaken = false
                return (nil, [])
            }
            return (state.waiters.removeFirst(), [])
        }
        next?.continuation.resume(returning: .success(()))
        for waiter in failed { waiter.continuation.resume(returning: .failure(.databaseUnavailable)) }
    }
}
