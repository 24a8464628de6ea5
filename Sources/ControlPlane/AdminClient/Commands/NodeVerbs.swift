import ArgumentParser
import CurlTransport
import Wire

/// `node list`: every node and what it runs.
struct NodeListVerb: AdminVerb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List every node and what it runs.")

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.get, "/nodes")
    }

    func render(_ answer: JSONValue) -> String {
        Rendering.table(
            answer,
            [
                ("NODE", "name"), ("ID", "id"), ("SNAPSHOT", "running.version"), ("LAST SEEN", "last_seen"),
                ("VERDICT", "verdict.outcome"), ("REASON", "verdict.code"), ("SKEW MS", "clock_skew_ms"),
            ]
        )
    }
}

/// `node delete`: removes a node from the cluster.
struct NodeDeleteVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a node: its polls are refused from now on."
    )

    @Argument(help: "The id of the node.")
    var id: String

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.delete, "/nodes/\(pathSegment(self.id))")
    }

    func render(_ answer: JSONValue) -> String {
        "removed \(self.id); whoever distrusts it changes the provider credentials that it held"
    }
}

/// `join-token create`: an invitation for one node.
struct JoinTokenCreateVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token with which one node may join; it is shown this once."
    )

    @Option(help: "How many seconds it is valid (default: 3600).")
    var validSeconds: Int?

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        var body = JSONObject()
        body["valid_seconds"] = self.validSeconds.map { .int($0) }
        return try await connection.send(.post, "/join-tokens", body: .object(body))
    }
}
