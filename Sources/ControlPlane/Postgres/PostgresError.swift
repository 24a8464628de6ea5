/// Why a statement, a transaction or the decoding of a row failed.
///
/// It never carries the values that were bound, nor the server's text where that could quote them.
package enum PostgresError: Error, Hashable, Sendable {
    /// PostgreSQL is away for now: answer 503 and try later. A statement outside a transaction may or may not
    /// have happened; a transaction has not.
    case unavailable(Unavailability)
    /// COMMIT was sent and its answer never came: the transaction may have happened.
    case unknownOutcome
    /// Another transaction got in the way (40001, 40P01), and `withTransaction` gave up trying again.
    case serialization
    case uniqueViolation(constraint: String)
    case foreignKeyViolation(constraint: String)
    case checkViolation(constraint: String)
    case notNullViolation(column: String)
    /// The server is a standby (25006); the connection was dropped.
    case readOnly
    /// The statement ran longer than the session's `statement_timeout`, or an administrator cancelled it (57014).
    case statementTimeout
    /// A lock was not free within `lock_timeout` (55P03).
    case lockTimeout
    /// The statement itself is wrong (class 42): a defect of ours. The server's text quotes only our SQL.
    case invalidStatement(sqlstate: String, message: String)
    /// A column is missing from the row or holds something else than was asked for: a defect of ours.
    case undecodable(column: String, expected: String)
    /// A value cannot be stored: a text with a NUL, a number out of range, text that is no JSON (class 22).
    case invalidValue(sqlstate: String)
    case other(sqlstate: String)
}

extension PostgresError {
    /// What the server said, by its SQLSTATE (PostgreSQL manual, appendix A).
    init(sqlstate: String, constraint: String?, column: String?, message: String?) {
        switch sqlstate {
        case "40001", "40P01": self = .serialization
        case "23505": self = .uniqueViolation(constraint: constraint ?? "")
        case "23503": self = .foreignKeyViolation(constraint: constraint ?? "")
        case "23514": self = .checkViolation(constraint: constraint ?? "")
        case "23502": self = .notNullViolation(column: column ?? "")
        case "25006": self = .readOnly
        case "57014": self = .statementTimeout
        case "55P03": self = .lockTimeout
        case "57P01", "57P02", "57P03": self = .unavailable(.serverNotReady)
        // Too many connections: the server is there, but not for us.
        case "53300": self = .unavailable(.noConnection)
        // A full disk, no memory, a limit of its configuration: nothing that was asked for is wrong.
        case _ where sqlstate.hasPrefix("53"): self = .unavailable(.outOfResources)
        case _ where sqlstate.hasPrefix("08"): self = .unavailable(.connectionLost)
        // 25P03: the server ended a session that sat idle in a transaction.
        case "25P03": self = .unavailable(.connectionLost)
        case _ where sqlstate.hasPrefix("42"):
            self = .invalidStatement(sqlstate: sqlstate, message: message ?? "")
        case _ where sqlstate.hasPrefix("22"): self = .invalidValue(sqlstate: sqlstate)
        default: self = .other(sqlstate: sqlstate)
        }
    }

    /// Whether the session must not be used again after this error.
    var endsSession: Bool {
        switch self {
        // The session is whole, and connecting anew takes more of what there is too little of.
        case .unavailable(.outOfResources): false
        case .unavailable, .unknownOutcome, .readOnly: true
        case .serialization, .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation,
            .statementTimeout, .lockTimeout, .invalidStatement, .undecodable, .invalidValue, .other:
            false
        }
    }
}
