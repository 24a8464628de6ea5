package import Postgres

extension NodeRefusal {
    /// What a node is told of an error of the database: whether to try again, and no more.
    package init(_ error: PostgresError) {
        switch error {
        case .unavailable, .unknownOutcome, .readOnly, .serialization, .statementTimeout, .lockTimeout:
            self = .databaseUnavailable
        case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .invalidStatement,
            .undecodable, .invalidValue, .other:
            self = .internalError
        }
    }
}
