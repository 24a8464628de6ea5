package import Logging
package import Postgres
import Storage
import Synchronization

/// The state of the plane that polls are answered from, kept up to date while `run` runs.
///
/// Changes are heard of by NOTIFY from whichever control plane made them, and found by looking once a second in
/// case a notification was lost. While PostgreSQL is away the last state stands.
package final class PlaneStateBoard: Sendable {
    private let loader: PlaneStateLoader
    private let pool: PostgresPool
    private let logger: Logger
    private let state = Mutex(PlaneState())
    private let signal = ChangeSignal()
    private let isReachable = Mutex(true)

    /// How often to look whether anything changed that was not notified.
    private static let lookInterval = Duration.seconds(1)

    package init(cluster: Cluster, pool: PostgresPool, logger: Logger) {
        self.loader = PlaneStateLoader(cluster: cluster, pool: pool, logger: logger)
        self.pool = pool
        self.logger = logger
    }

    package var current: PlaneState { self.state.withLock { $0 } }

    /// Whether the last attempt to read the database succeeded.
    package var isDatabaseReachable: Bool { self.isReachable.withLock { $0 } }

    /// Counts the states so far, for `waitForChange`.
    var generation: Int { self.signal.generation }

    /// Returns when there is a state after `generation`, after `duration`, or when the task is cancelled.
    func waitForChange(after generation: Int, atMost duration: Duration) async {
        await self.signal.wait(past: generation, atMost: duration)
    }

    /// Ends every `waitForChange` though nothing changed.
    func wakeAll() { self.signal.raise() }

    /// Reads the state anew; throws `PostgresError` or `SealingError`.
    package func refresh() async throws {
        let generation = self.generation
        let state = try await self.loader.load(replacing: self.current)
        let isNewer = self.state.withLock { current in
            // Of two that read at the same time the later state wins. The counter alone does not decide: it goes
            // back when the database is restored from a backup.
            guard state.change >= current.change || self.generation == generation else { return false }
            current = state
            return true
        }
        if isNewer { self.signal.raise() }
    }

    /// Keeps the state up to date until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in self.pool.listen(to: ClusterRepository.changes) { await self.look() }
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: PlaneStateBoard.lookInterval)
                    await self.look()
                }
            }
        }
    }

    private func look() async {
        do {
            if try await self.loader.change() != self.current.change { try await self.refresh() }
            if self.isReachable.exchange(true) == false { self.logger.notice("the plane's state is up to date again") }
        } catch {
            guard !Task.isCancelled, self.isReachable.exchange(false) else { return }
            self.logger.error(
                "the plane's state cannot be read; nodes are served the last one",
                metadata: ["reason": "\(error)"]
            )
        }
    }
}

extension Mutex where Value == Bool {
    /// Sets the value and returns the one before.
    fileprivate borrowing func exchange(_ value: Bool) -> Bool {
        self.withLock { current in
            defer { current = value }
            return current
        }
    }
}
