/// What an administrator may do; a higher role may do all that a lower one may.
package enum AdminRole: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Reads everything but secrets, which nobody reads.
    case viewer
    /// Changes providers, models, groups and tokens, and administrators of up to its own role.
    case `operator`
    /// Changes everything.
    case admin

    package static func < (left: AdminRole, right: AdminRole) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }
}
