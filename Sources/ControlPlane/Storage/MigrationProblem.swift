/// Why the program must not run on this database.
package enum MigrationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text of a migration is not the one that was applied.
    case changed(number: Int, name: String)
    /// The database has migrations that this program does not know: it was used by a newer program.
    case databaseIsNewer(number: Int, name: String, newestKnown: Int)
    /// An earlier migration is missing though a later one is there.
    case gap(number: Int, name: String)

    package var description: String {
        switch self {
        case .changed(let number, let name):
            "migration \(number) (\(name)) differs from the one that was applied to this database"
        case .databaseIsNewer(let number, let name, let newest):
            "the database is at migration \(number) (\(name)) and this program knows only \(newest): "
                + "run a program at least as new as the one that wrote it"
        case .gap(let number, let name):
            "migration \(number) (\(name)) was never applied to this database, but a later one was"
        }
    }
}
