/// What the server answered to one statement.
struct StatementResult: Sendable {
    var rows: [Row] = []
    /// How many rows were inserted, updated or deleted; 0 for other statements.
    var affectedRows = 0
    /// The command tag, such as `COMMIT`.
    var tag = ""
}
