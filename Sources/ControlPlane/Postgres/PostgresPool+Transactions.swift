extension PostgresPool {
    /// How often a transaction that others got in the way of is run, the first time included.
    private static let attempts = 4

    /// Runs `body` in a transaction and commits it; rolls back when `body` throws.
    ///
    /// `body` is run again, up to three times, after a serialization failure or a deadlock: it must have no effect
    /// outside the transaction. `statementTimeout` replaces the pool's for this transaction.
    /// Throws what `body` throws, or `PostgresError`; `.unknownOutcome` when COMMIT was sent and not answered.
    package func withTransaction<Output>(
        _ isolation: Isolation = .readCommitted,
        statementTimeout: Duration? = nil,
        _ body: (Transaction) async throws -> Output
    ) async throws -> Output {
        var attempt = 1
        while true {
            let (result, mayRetry) = try await self.attempt(isolation, statementTimeout, body)
            guard mayRetry, attempt < PostgresPool.attempts else { return try result.get() }
            attempt += 1
        }
    }

    private func attempt<Output>(
        _ isolation: Isolation,
        _ statementTimeout: Duration?,
        _ body: (Transaction) async throws -> Output
    ) async throws -> (Result<Output, any Error>, mayRetry: Bool) {
        let lease = try await self.lease()
        let connection = lease.connection
        let result: Result<Output, any Error>
        do {
            try await self.begin(isolation, statementTimeout, lease)
            let transaction = Transaction(
                lease,
                answerTimeout: self.configuration.answerTimeout(ofStatement: statementTimeout)
            )
            let output = try await body(transaction)
            try await self.commit(lease)
            result = .success(output)
        } catch {
            result = .failure(error)
            // Without effect on a connection that is gone; one that cannot roll back is dropped by this.
            let rollback = await connection.run(
                .statement(Statement("ROLLBACK")),
                lease: lease.number,
                until: .now + self.configuration.answerTimeout
            )
            if case .failure = rollback.result { await connection.close() }
        }
        let (isOpen, hadSerializationFailure) = await connection.endLease()
        self.release(lease, isOpen: isOpen)
        guard case .failure = result else { return (result, false) }
        return (result, hadSerializationFailure)
    }

    private func begin(
        _ isolation: Isolation,
        _ statementTimeout: Duration?,
        _ lease: Lease
    ) async throws(PostgresError) {
        let connection = lease.connection
        _ = try await connection.run(.statement(isolation.begin), lease: lease.number, until: lease.deadline).result
            .get()
        guard let statementTimeout else { return }
        let milliseconds = String(statementTimeout.wholeMilliseconds)
        let statement = Statement("SELECT set_config('statement_timeout', $1, true)", .text(milliseconds))
        _ = try await connection.run(.statement(statement), lease: lease.number, until: lease.deadline).result.get()
    }

    private func commit(_ lease: Lease) async throws(PostgresError) {
        let outcome = await lease.connection.run(
            .statement(Statement("COMMIT")),
            lease: lease.number,
            until: .now + self.configuration.answerTimeout
        )
        switch outcome.result {
        case .success(let result):
            // The server answers ROLLBACK to a COMMIT after a failed statement whose error was swallowed.
            guard result.tag == "COMMIT" else { throw .other(sqlstate: "25P02") }
        // An answer, and a no: nothing was committed.
        case .failure(.unavailable(.outOfResources)): throw .unavailable(.outOfResources)
        case .failure(.unavailable): throw .unknownOutcome
        case .failure(let error): throw error
        }
    }
}
