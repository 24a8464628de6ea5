import ArgumentParser
import CurlTransport
import Wire

/// `apply`: the configuration as a file says.
struct ApplyVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the configuration what a file says, as a whole or not at all.",
        discussion: "Secrets may be written as {env: NAME} or {file: PATH}; they are read here."
    )

    @Option(name: [.customShort("f"), .long], help: "A YAML or JSON file, - for standard input.")
    var file: String

    @Flag(help: "Tell what would change and change nothing.")
    var dryRun = false

    @Flag(help: "Delete what the sections of the file do not name.")
    var prune = false

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        var query: [(String, String)] = []
        if self.dryRun { query.append(("dry_run", "true")) }
        if self.prune { query.append(("prune", "true")) }
        return try await connection.send(.post, "/apply", query: query, body: DocumentFile.read(self.file))
    }

    func render(_ answer: JSONValue) -> String { Rendering.outcome(answer) }
}
