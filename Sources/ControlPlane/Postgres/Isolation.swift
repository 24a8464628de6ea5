/// How much of other transactions a transaction sees (PostgreSQL manual §13.2).
package enum Isolation: Hashable, Sendable {
    case readCommitted
    /// One view of the database for the whole transaction.
    case repeatableRead
    case serializable

    var begin: Statement {
        switch self {
        case .readCommitted: Statement("BEGIN ISOLATION LEVEL READ COMMITTED")
        case .repeatableRead: Statement("BEGIN ISOLATION LEVEL REPEATABLE READ")
        case .serializable: Statement("BEGIN ISOLATION LEVEL SERIALIZABLE")
        }
    }
}
