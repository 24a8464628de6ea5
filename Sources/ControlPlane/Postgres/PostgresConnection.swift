import Identity

/// One session with PostgreSQL, or the lack of one, confined to its own thread.
///
/// A session that ended for whatever reason is dropped here at once; the pool reads `isOpen` from every outcome.
actor PostgresConnection {
    private let executor = ConnectionExecutor()
    private let configuration: PostgresConfiguration
    private var handle: ConnectionHandle?
    /// Counts the leases, so that a statement under an old one is refused.
    private var lease: UInt64 = 0
    private var hadSerializationFailure = false

    init(_ configuration: PostgresConfiguration) {
        self.configuration = configuration
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe self.executor.asUnownedSerialExecutor()
    }

    /// What became of one statement, and of the session.
    struct Outcome: Sendable {
        let result: Result<StatementResult, PostgresError>
        let isOpen: Bool
    }

    /// What a statement is run as.
    enum Command: Sendable {
        case statement(Statement)
        case script(Script)
    }

    /// Connects anew and sets the session's time-outs and formats.
    func open() -> Result<Void, ConnectFailure> {
        self.handle = nil
        do {
            self.handle = try ConnectionHandle(self.configuration)
        } catch {
            return .failure(error)
        }
        let setUp = self.run(
            .statement(
                Statement(
                    """
                    SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
                        set_config('idle_in_transaction_session_timeout', $3, false),
                        set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false),
                        set_config('bytea_output', 'hex', false), set_config('client_min_messages', 'warning', false)
                    """,
                    .text(String(self.configuration.statementTimeout.wholeMilliseconds)),
                    .text(String(self.configuration.lockTimeout.wholeMilliseconds)),
                    .text(String(self.configuration.idleInTransactionTimeout.wholeMilliseconds))
                )
            ),
            until: .now + self.configuration.answerTimeout
        )
        guard case .failure(let error) = setUp else { return .success(()) }
        self.handle = nil
        return .failure(ConnectFailure(message: "the session could not be set up: \(error)"))
    }

    func close() {
        self.handle = nil
    }

    /// Begins a new lease; nil when the session has ended in the meantime.
    func beginLease() -> UInt64? {
        let isOpen = self.handle?.isOpen() ?? false
        guard isOpen else {
            self.handle = nil
            return nil
        }
        self.lease += 1
        self.hadSerializationFailure = false
        return self.lease
    }

    /// Ends the lease, and tells whether a statement of it failed because of another transaction.
    func endLease() -> (isOpen: Bool, hadSerializationFailure: Bool) {
        self.lease += 1
        return (self.handle != nil, self.hadSerializationFailure)
    }

    /// Runs one statement under the lease.
    func run(_ command: Command, lease: UInt64, until deadline: ContinuousClock.Instant) -> Outcome {
        guard lease == self.lease else {
            return Outcome(result: .failure(.unavailable(.closed)), isOpen: self.handle != nil)
        }
        let result = self.run(command, until: deadline)
        return Outcome(result: result, isOpen: self.handle != nil)
    }

    /// Subscribes this session to a channel.
    func listen(to channel: NotificationChannel) -> Result<Void, PostgresError> {
        guard let script = Script(compiledIn: Array("LISTEN \(channel.name)".utf8)) else {
            return .failure(.invalidValue(sqlstate: "22021"))
        }
        return self.run(.script(script), until: .now + self.configuration.answerTimeout).map { _ in }
    }

    /// Waits up to `milliseconds` for notifications; blocks this connection's thread meanwhile.
    func notifications(waiting milliseconds: Int32) -> Result<[String], PostgresError> {
        do throws(PostgresError) {
            guard let payloads = try self.handle?.notifications(waiting: milliseconds) else {
                return .failure(.unavailable(.noConnection))
            }
            return .success(payloads)
        } catch {
            self.handle = nil
            return .failure(error)
        }
    }

    private func run(
        _ command: Command,
        until deadline: ContinuousClock.Instant
    ) -> Result<StatementResult, PostgresError> {
        do throws(PostgresError) {
            let result: StatementResult? =
                switch command {
                case .statement(let statement):
                    try self.handle?.execute(statement.sql.description, statement.values, until: deadline)
                case .script(let script): try self.handle?.execute(script, until: deadline)
                }
            guard let result else { return .failure(.unavailable(.connectionLost)) }
            return .success(result)
        } catch {
            if error == .serialization { self.hadSerializationFailure = true }
            let isOpen = self.handle?.isOpen() ?? false
            if error.endsSession || !isOpen { self.handle = nil }
            return .failure(error)
        }
    }
}
