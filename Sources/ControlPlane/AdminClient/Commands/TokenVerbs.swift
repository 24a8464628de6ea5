import ArgumentParser
import CurlTransport
import Wire

/// `token create`: a new caller token, whose secret is shown this once.
struct TokenCreateVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a caller token; its secret is shown this once."
    )

    @Option(help: "Who will use it.")
    var user: String

    @Option(help: "For which project.")
    var project: String

    @Option(help: "In which environment, such as prod.")
    var environment: String

    @Option(help: "The name of the key (default: k and the date).")
    var key: String?

    @Option(help: ArgumentHelp("A model group that it may use; may be repeated.", valueName: "group"))
    var allow: [String]

    @Option(help: ArgumentHelp("A dialect that it may use; may be repeated (default: all).", valueName: "dialect"))
    var endpoint: [String] = []

    @Flag(inversion: .prefixedNo, help: "Refuse what a target's dialect could not say in full (default: --no-strict).")
    var strict: Bool?

    @Option(help: "When it begins to be valid, such as 2026-01-31T12:00:00Z.")
    var notBefore: String?

    @Option(help: "When it expires, or `never` (default: as the deployment has it).")
    var expiresAt: String?

    @Option(help: "What it is for.")
    var description: String?

    @Flag(help: "Tell what would change and change nothing.")
    var dryRun = false

    @OptionGroup var options: ConnectionOptions

    /// What is sent.
    var body: JSONObject {
        var body = JSONObject([
            ("user", .string(self.user)), ("project", .string(self.project)),
            ("environment", .string(self.environment)), ("allow", .array(self.allow.map { .string($0) })),
        ])
        body["key"] = self.key.map { .string($0) }
        if !self.endpoint.isEmpty { body["endpoints"] = .array(self.endpoint.map { .string($0) }) }
        body["strict"] = self.strict.map { .bool($0) }
        body["not_before"] = self.notBefore.map { .string($0) }
        body["expires_at"] = self.expiresAt.map { $0 == "never" ? .null : .string($0) }
        body["description"] = self.description.map { .string($0) }
        return body
    }

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(
            .post,
            "/tokens",
            query: self.dryRun ? [("dry_run", "true")] : [],
            body: .object(self.body)
        )
    }

    func render(_ answer: JSONValue) -> String {
        self.dryRun ? Rendering.outcome(answer) : Rendering.record(answer)
    }
}

/// `token patch`: change what a caller token may do, and until when.
struct TokenPatchVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "patch",
        abstract: "Change some fields of a token."
    )

    @Argument(help: ArgumentHelp("Which one.", valueName: "token-id"))
    var key: String

    @Flag(inversion: .prefixedNo, help: "Refuse what a target's dialect could not say in full.")
    var strict: Bool?

    @OptionGroup var write: WriteOptions
    @OptionGroup var options: ConnectionOptions

    /// What is sent.
    func body() throws(AdminFailure) -> JSONValue {
        var members = JSONObject()
        members["strict"] = self.strict.map { .bool($0) }
        return try self.write.body(setting: members)
    }

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(
            .patch,
            TokenNoun.path(self.key),
            query: self.write.query,
            body: self.body(),
            revision: self.write.ifMatch
        )
    }

    func render(_ answer: JSONValue) -> String { self.write.render(answer) }
}

/// `token revoke`: takes a token out of use for ever.
struct TokenRevokeVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a caller token for ever, and tell which nodes know."
    )

    @Argument(help: ArgumentHelp("Which one.", valueName: "token-id"))
    var key: String

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.delete, TokenNoun.path(self.key))
    }

    func render(_ answer: JSONValue) -> String {
        if answer["nodes_known"] == false {
            return "revoked \(self.key)\nwhich nodes know could not be found out: see node list"
        }
        let acked = answer["acked"]?.arrayValue?.count ?? 0
        let pending = answer["pending"]?.arrayValue ?? []
        var lines = ["revoked \(self.key)", "\(acked) node\(acked == 1 ? "" : "s") refuse\(acked == 1 ? "s" : "") it"]
        for node in pending {
            lines.append(
                "not heard from: \(Rendering.cell(node["node"])), last seen \(Rendering.cell(node["last_seen"]))"
            )
        }
        return lines.joined(separator: "\n")
    }
}

/// `token rotate`: a new token of the same rights in place of an old one.
struct TokenRotateVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replace a caller token by one of the same rights; its secret is shown this once."
    )

    @Argument(help: ArgumentHelp("Which one.", valueName: "token-id"))
    var key: String

    @Option(help: "The name of the new key (default: k and the date).")
    var newKey: String?

    @Option(help: "How many seconds the old token goes on working (default: 0, it is revoked at once).")
    var overlap: Int?

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        var body = JSONObject()
        body["key"] = self.newKey.map { .string($0) }
        body["overlap_seconds"] = self.overlap.map { .int($0) }
        return try await connection.send(.post, "\(TokenNoun.path(self.key))/rotate", body: .object(body))
    }
}
