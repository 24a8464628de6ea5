import ArgumentParser
import CurlTransport
import Wire

/// `snapshot list`: what was published.
struct SnapshotListVerb: AdminVerb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List snapshots, newest first.")

    @Option(help: "How many.")
    var limit: Int = 20

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.list("/snapshots", limit: max(1, self.limit))
    }

    func render(_ answer: JSONValue) -> String {
        Rendering.table(
            answer,
            [
                ("VERSION", "version"), ("CREATED", "created_at"), ("BY", "created_by"), ("BYTES", "bytes"),
                ("REASON", "reason"),
            ]
        )
    }
}

/// `snapshot show`: one snapshot and how it differs from the one before.
struct SnapshotShowVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a snapshot and how it differs from the one before."
    )

    @Argument var version: Int

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.get, "/snapshots/\(self.version)")
    }

    func render(_ answer: JSONValue) -> String {
        var summary = answer.objectValue ?? JSONObject()
        summary["changes"] = JSONValue?.none
        return "\(Rendering.record(.object(summary)))\n\n\(Rendering.changes(answer))"
    }
}

/// `snapshot diff`: how a snapshot differs from another.
struct SnapshotDiffVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how a snapshot differs from another, or from the one before."
    )

    @Argument var version: Int

    @Option(help: "The version to compare with.")
    var against: Int?

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(
            .get,
            "/snapshots/\(self.version)/diff",
            query: self.against.map { [("against", String($0))] } ?? []
        )
    }

    func render(_ answer: JSONValue) -> String { Rendering.changes(answer) }
}

/// `snapshot restore`: an old configuration under a new version.
struct SnapshotRestoreVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make providers, models and groups what they were in a snapshot; tokens stay as they are."
    )

    @Argument var version: Int

    @Flag(help: "Tell what would change and change nothing.")
    var dryRun = false

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(
            .post,
            "/snapshots/\(self.version)/restore",
            query: self.dryRun ? [("dry_run", "true")] : []
        )
    }

    func render(_ answer: JSONValue) -> String { Rendering.outcome(answer) }
}
