/// An open transaction: all its statements run on one connection, one at a time.
///
/// Valid inside the closure of `PostgresPool.withTransaction`; later statements throw `.unavailable(.closed)`.
package struct Transaction: Sendable {
    private let lease: PostgresPool.Lease
    private let answerTimeout: Duration

    init(_ lease: PostgresPool.Lease, answerTimeout: Duration) {
        self.lease = lease
        self.answerTimeout = answerTimeout
    }

    /// Runs one statement and returns its rows.
    @discardableResult
    package func query(_ statement: Statement) async throws(PostgresError) -> [Row] {
        try await self.run(.statement(statement)).rows
    }

    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    package func execute(_ statement: Statement) async throws(PostgresError) -> Int {
        try await self.run(.statement(statement)).affectedRows
    }

    /// Runs the statements of a compiled-in script.
    package func execute(_ script: Script) async throws(PostgresError) {
        _ = try await self.run(.script(script))
    }

    private func run(_ command: PostgresConnection.Command) async throws(PostgresError) -> StatementResult {
        let deadline = ContinuousClock.now + self.answerTimeout
        return try await self.lease.connection.run(command, lease: self.lease.number, until: deadline).result.get()
    }
}
