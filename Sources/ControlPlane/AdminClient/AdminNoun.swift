/// A kind of resource that the general verbs work on.
protocol AdminNoun {
    /// What it is called in help texts.
    static var name: String { get }
    /// What names one on the command line.
    static var keyName: String { get }
    static var listPath: String { get }
    static func path(_ key: String) throws(AdminFailure) -> String
    static var columns: [(title: String, path: String)] { get }
}

extension AdminNoun {
    static func path(_ key: String) throws(AdminFailure) -> String { "\(Self.listPath)/\(try pathSegment(key))" }
}

enum ProviderNoun: AdminNoun {
    static let name = "provider"
    static let keyName = "provider"
    static let listPath = "/providers"
    static let columns: [(title: String, path: String)] = [
        ("PROVIDER", "id"), ("BASE URL", "base_url"), ("AUTH", "auth.scheme"),
        ("SECRET", "auth.secret_set"), ("ENABLED", "enabled"), ("REVISION", "revision"),
    ]
}

enum ModelNoun: AdminNoun {
    static let name = "model"
    static let keyName = "provider/model"
    static let listPath = "/providers"
    static let columns: [(title: String, path: String)] = [
        ("PROVIDER", "provider"), ("MODEL", "id"), ("UPSTREAM MODEL", "upstream_model"),
        ("CONTEXT", "context_tokens"), ("REVISION", "revision"),
    ]

    static func path(_ key: String) throws(AdminFailure) -> String {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .usage("a model is named PROVIDER/MODEL, not '\(key.prefix(100))'") }
        return "/providers/\(try pathSegment(String(parts[0])))/models/\(try pathSegment(String(parts[1])))"
    }
}

enum GroupNoun: AdminNoun {
    static let name = "group"
    static let keyName = "group"
    static let listPath = "/groups"
    static let columns: [(title: String, path: String)] = [
        ("GROUP", "id"), ("DISPLAY NAME", "display_name"), ("STRATEGY", "strategy"),
        ("REVISION", "revision"),
    ]
}

enum TokenNoun: AdminNoun {
    static let name = "token"
    static let keyName = "token-id"
    static let listPath = "/tokens"
    static let columns: [(title: String, path: String)] = [
        ("TOKEN", "id"), ("STATE", "state"), ("ALLOW", "allow"), ("EXPIRES", "expires_at"),
        ("DESCRIPTION", "description"),
    ]
}

enum AdministratorNoun: AdminNoun {
    static let name = "administrator"
    static let keyName = "admin"
    static let listPath = "/admins"
    static let columns: [(title: String, path: String)] = [
        ("ADMIN", "id"), ("ROLE", "role"), ("EXPIRES", "expires_at"), ("DESCRIPTION", "description"),
    ]
}
