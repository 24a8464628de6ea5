/// Why no connection could be made, in libpq's words, which are for the log only: they name hosts and users.
struct ConnectFailure: Error, Hashable, Sendable {
    let message: String
}
