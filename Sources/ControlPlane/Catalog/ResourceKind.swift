/// What kind of thing a configuration is made of.
package enum ResourceKind: String, Hashable, Sendable, CaseIterable, Comparable {
    case provider
    case model
    case group
    case token
    case admin
    /// What an administrator vouches for.
    case attestation
    /// What probes found.
    case evidence

    package static func < (left: ResourceKind, right: ResourceKind) -> Bool { left.order < right.order }

    /// What is referred to comes before what refers to it.
    private var order: Int {
        switch self {
        case .provider: 0
        case .model: 1
        case .group: 2
        case .token: 3
        case .admin: 4
        case .attestation: 5
        case .evidence: 6
        }
    }
}
