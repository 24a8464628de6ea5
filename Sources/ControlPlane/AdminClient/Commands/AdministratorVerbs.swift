import ArgumentParser
import CurlTransport
import Wire

/// `admin create`: a new administrator, whose token is shown this once.
struct AdministratorCreateVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an administrator of at most the own role; the token is shown this once."
    )

    @Argument(help: "The name of the administrator.")
    var id: String

    @Option(help: "viewer, operator or admin.")
    var role: String

    @Option(help: "Who or what it is.")
    var description: String?

    @Option(help: "When it expires, such as 2026-01-31T12:00:00Z (default: never).")
    var expiresAt: String?

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        var body = JSONObject([("id", .string(self.id)), ("role", .string(self.role))])
        body["description"] = self.description.map { .string($0) }
        body["expires_at"] = self.expiresAt.map { .string($0) }
        return try await connection.send(.post, "/admins", body: .object(body))
    }
}

/// `admin rotate`: a new token in place of the present one.
struct AdministratorRotateVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replace an administrator's token at once; the new one is shown this once."
    )

    @Argument(help: "The name of the administrator.")
    var id: String

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.post, "\(AdministratorNoun.path(self.id))/rotate", body: [:])
    }
}
