import Identity

/// What is wrong with the words of a command.
enum CommandProblem: Error, Hashable, CustomStringConvertible {
    case notASlug(String)
    case unknownRole(String)
    case adminExists(Slug)

    var description: String {
        switch self {
        case .notASlug(let text): "'\(text.prefix(64))' must match \(Slug.grammar)"
        case .adminExists(let id): "there is an administrator '\(id)' already; --replace gives it a new token"
        case .unknownRole(let text): "'\(text.prefix(64))' must be viewer, operator or admin"
        }
    }
}
