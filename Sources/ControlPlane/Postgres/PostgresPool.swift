package import Identity
package import Logging
import NIOConcurrencyHelpers

/// A fixed number of connections to PostgreSQL, lent out one statement or one transaction at a time.
///
/// It works while `run` is running. A PostgreSQL that is dead, stopped, restarting or a standby gives
/// `PostgresError.unavailable` (or `.readOnly`) within 5 s; the pool recovers by itself.
package final class PostgresPool: Sendable {
    private struct State {
        var machine: PoolStateMachine
        var nextRequest: UInt64 = 0
        /// Whether the log says that PostgreSQL cannot be reached.
        var isOutageLogged = false
        var requests: [UInt64: CheckedContinuation<Result<Int, PostgresError>, Never>] = [:]
    }

    /// A connection on loan, by value: its slot and the number under which the connection accepts statements.
    struct Lease: Sendable {
        let slot: Int
        let connection: PostgresConnection
        let number: UInt64
        /// By when the first statement must be answered, so that waiting for the connection counts.
        let deadline: ContinuousClock.Instant
    }

    let configuration: PostgresConfiguration
    let logger: Logger
    private let connections: [PostgresConnection]
    private let state: NIOLockedValueBox<State>
    private let start = ContinuousClock.now
    /// Connecting and waiting, which only `run` does.
    private let work: AsyncStream<PoolAction>
    private let workSource: AsyncStream<PoolAction>.Continuation

    package init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.connections = (0..<configuration.maximumConnections).map { _ in PostgresConnection(configuration) }
        self.state = NIOLockedValueBox(
            State(
                machine: PoolStateMachine(
                    slots: configuration.maximumConnections,
                    leaseTimeout: configuration.leaseTimeout
                )
            )
        )
        (self.work, self.workSource) = AsyncStream.makeStream()
    }

    /// Whether `url` is a connection URL or string that libpq can read.
    package static func canParse(_ url: Secret) -> Bool { ConnectionHandle.canParse(url) }

    /// Opens connections and keeps time until the task is cancelled; then closes all.
    package func run() async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await action in self.work {
                    group.addTask { await self.perform(action) }
                }
                group.cancelAll()
            }
        } onCancel: {
            self.close()
        }
        self.close()
        for connection in self.connections { await connection.close() }
    }

    /// Runs one statement by itself and returns its rows.
    @discardableResult
    package func query(_ statement: Statement) async throws(PostgresError) -> [Row] {
        try await self.run(.statement(statement)).rows
    }

    /// Runs one statement by itself and returns how many rows it changed.
    @discardableResult
    package func execute(_ statement: Statement) async throws(PostgresError) -> Int {
        try await self.run(.statement(statement)).affectedRows
    }

    /// Runs a compiled-in script by itself.
    package func execute(_ script: Script) async throws(PostgresError) {
        _ = try await self.run(.script(script))
    }

    private func run(_ command: PostgresConnection.Command) async throws(PostgresError) -> StatementResult {
        let lease = try await self.lease()
        let outcome = await lease.connection.run(command, lease: lease.number, until: lease.deadline)
        _ = await lease.connection.endLease()
        self.release(lease, isOpen: outcome.isOpen)
        return try outcome.result.get()
    }

    /// Lends a connection that was open a moment ago.
    func lease() async throws(PostgresError) -> Lease {
        let deadline = ContinuousClock.now + self.configuration.answerTimeout
        while true {
            let slot = try await self.slot().get()
            let connection = self.connections[slot]
            if let number = await connection.beginLease() {
                return Lease(slot: slot, connection: connection, number: number, deadline: deadline)
            }
            // The session ended while nobody used it: that costs the caller nothing but another turn.
            self.decide { machine, _ in machine.release(slot, isOpen: false) }
            guard ContinuousClock.now < deadline else { throw .unavailable(.noConnection) }
        }
    }

    func release(_ lease: Lease, isOpen: Bool) {
        self.decide { machine, _ in machine.release(lease.slot, isOpen: isOpen) }
    }

    private func slot() async -> Result<Int, PostgresError> {
        await withCheckedContinuation { continuation in
            let actions = self.state.withLockedValue { state in
                state.nextRequest += 1
                state.requests[state.nextRequest] = continuation
                return state.machine.lease(state.nextRequest, at: self.start.duration(to: .now))
            }
            self.carryOut(actions)
        }
    }

    private func close() {
        self.decide { machine, _ in machine.close() }
        self.workSource.finish()
    }

    /// Decides under the lock and acts after it.
    private func decide(_ input: (inout PoolStateMachine, Duration) -> [PoolAction]) {
        let actions = self.state.withLockedValue { input(&$0.machine, self.start.duration(to: .now)) }
        self.carryOut(actions)
    }

    private func carryOut(_ actions: [PoolAction]) {
        for action in actions {
            switch action {
            case .grant(let request, let slot): self.answer(request, .success(slot))
            case .fail(let request, let reason): self.answer(request, .failure(.unavailable(reason)))
            case .timeWait, .connect, .timeRetry: self.workSource.yield(action)
            }
        }
    }

    private func answer(_ request: UInt64, _ result: Result<Int, PostgresError>) {
        let continuation = self.state.withLockedValue { $0.requests.removeValue(forKey: request) }
        continuation?.resume(returning: result)
    }

    private func perform(_ action: PoolAction) async {
        switch action {
        case .grant, .fail: break
        case .timeWait(let request, let duration):
            // Cancelled means closed, and then nobody waits any more.
            try? await Task.sleep(for: duration)
            self.decide { machine, _ in machine.waitEnded(request) }
        case .timeRetry(let slot, let duration):
            try? await Task.sleep(for: duration)
            self.decide { machine, _ in machine.retryDue(slot) }
        case .connect(let slot):
            switch await self.connections[slot].open() {
            case .success:
                self.logEndOfOutage()
                self.decide { machine, _ in machine.connected(slot) }
            case .failure(let failure):
                self.log(failure)
                let jitter = Double.random(in: 0...1)
                self.decide { machine, now in machine.connectFailed(slot, at: now, jitter: jitter) }
            }
        }
    }

    /// Once per outage, for the attempts go on.
    private func log(_ failure: ConnectFailure) {
        let isNews = self.state.withLockedValue { state in
            defer { state.isOutageLogged = true }
            return !state.isOutageLogged
        }
        self.logger.log(
            level: isNews ? .warning : .debug,
            "PostgreSQL cannot be reached",
            metadata: ["reason": "\(failure.message)"]
        )
    }

    private func logEndOfOutage() {
        let isNews = self.state.withLockedValue { state in
            defer { state.isOutageLogged = false }
            return state.isOutageLogged
        }
        if isNews { self.logger.notice("PostgreSQL is reached again") }
    }
}
