/// Why a control plane cannot work with the cluster of its database.
package enum ClusterProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is sealed in the database does not open under the key file.
    case wrongKeyFile
    /// The database was not migrated.
    case notMigrated

    package var description: String {
        switch self {
        case .wrongKeyFile:
            "the key file is not the one that this database's secrets were sealed with; restore the right one, "
                + "for without it they cannot be opened"
        case .notMigrated: "the database has no tables yet: run `router-control-plane migrate`"
        }
    }
}
