/// A query parameter that some endpoints take.
enum AdminParameter: Hashable, Sendable, CaseIterable {
    case limit
    case cursor
    case dryRun
    case prune
    case against
    case provider
    case model

    var name: String {
        switch self {
        case .limit: "limit"
        case .cursor: "cursor"
        case .dryRun: "dry_run"
        case .prune: "prune"
        case .against: "against"
        case .provider: "provider"
        case .model: "model"
        }
    }
}
