import ArgumentParser
import CurlTransport
import Wire

/// `attestation list`: what is vouched for of a model.
struct AttestationListVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what is vouched for of a model."
    )

    @Argument(help: ArgumentHelp("Which one.", valueName: "provider/model"))
    var model: String

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.get, "\(ModelNoun.path(self.model))/attestations")
    }

    func render(_ answer: JSONValue) -> String {
        Rendering.table(
            answer,
            [
                ("DIALECT", "dialect"), ("CASE", "case"), ("VERDICT", "verdict"), ("STANDS", "stands"),
                ("BY", "attested_by"), ("AT", "attested_at"), ("EXPIRES", "expires_at"), ("REASON", "reason"),
            ]
        )
    }
}

/// `attestation put`: vouches for a model.
struct AttestationPutVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Vouch for what a model can or cannot do, over what probes found."
    )

    @OptionGroup var subject: AttestationSubject

    @Option(help: "Why you vouch for it.")
    var reason: String

    @Option(help: "passed or failed (default: passed).")
    var verdict: String?

    @Option(help: "When it ends, such as 2026-01-31T12:00:00Z (default: never).")
    var expiresAt: String?

    @Flag(help: "Tell what would change and change nothing.")
    var dryRun = false

    @OptionGroup var options: ConnectionOptions

    /// What is sent.
    var body: JSONObject {
        var body = JSONObject([("reason", .string(self.reason))])
        body["verdict"] = self.verdict.map { .string($0) }
        body["expires_at"] = self.expiresAt.map { .string($0) }
        return body
    }

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(
            .put,
            self.subject.path(),
            query: self.dryRun ? [("dry_run", "true")] : [],
            body: .object(self.body)
        )
    }

    func render(_ answer: JSONValue) -> String {
        self.dryRun ? Rendering.outcome(answer) : Rendering.record(answer)
    }
}

/// `attestation delete`: vouches no longer.
struct AttestationDeleteVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Vouch no longer; what probes found stands again."
    )

    @OptionGroup var subject: AttestationSubject

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.delete, self.subject.path())
    }

    func render(_ answer: JSONValue) -> String { "deleted \(self.subject)" }
}
