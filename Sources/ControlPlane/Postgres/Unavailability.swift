/// Why PostgreSQL could not be asked, or did not answer.
package enum Unavailability: Hashable, Sendable {
    /// No connection can be made at the moment.
    case noConnection
    /// All connections were in use for as long as a caller may wait.
    case noFreeConnection
    /// The connection broke while the statement was running.
    case connectionLost
    /// The server did not answer in time; the connection was given up.
    case noAnswer
    /// The server is starting, stopping or no longer the primary.
    case serverNotReady
    /// The server lacks disk, memory or something else that it has a limit for (class 53); the statement has not
    /// happened, and the session goes on.
    case outOfResources
    /// The pool is closed, or a transaction was used after its end.
    case closed
}
