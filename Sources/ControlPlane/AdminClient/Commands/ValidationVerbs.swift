import ArgumentParser
import CurlTransport
import Wire

/// `validation run`: finds out what a model can do.
struct ValidationRunVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Find out what a model can do; `get` tells how far it is."
    )

    @Argument(help: ArgumentHelp("Which one.", valueName: "provider/model"))
    var model: String

    @Option(help: ArgumentHelp("Only in this dialect; may be repeated.", valueName: "dialect"))
    var dialect: [String] = []

    @Option(name: .customLong("case"), help: ArgumentHelp("Only this case; may be repeated.", valueName: "case"))
    var cases: [String] = []

    @OptionGroup var options: ConnectionOptions

    /// What is sent.
    func body() throws(AdminFailure) -> JSONValue {
        let parts = self.model.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw .usage("a model is named PROVIDER/MODEL, not '\(self.model.prefix(100))'") }
        var body = JSONObject([("provider", .string(parts[0])), ("model", .string(parts[1]))])
        if !self.dialect.isEmpty { body["dialects"] = .array(self.dialect.map { .string($0) }) }
        if !self.cases.isEmpty { body["cases"] = .array(self.cases.map { .string($0) }) }
        return .object(body)
    }

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.post, "/validations", body: self.body())
    }

    func render(_ answer: JSONValue) -> String { ValidationGetVerb.render(answer) }
}

/// `validation list`: the newest validations.
struct ValidationListVerb: AdminVerb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List validations, newest first.")

    @Option(help: "How many.")
    var limit: Int = 20

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.list("/validations", limit: max(1, self.limit))
    }

    func render(_ answer: JSONValue) -> String {
        Rendering.table(
            answer,
            [
                ("ID", "id"), ("PROVIDER", "provider"), ("MODEL", "model"), ("STATE", "state"), ("DONE", "done"),
                ("OF", "jobs"), ("REASON", "reason"), ("BY", "requested_by"), ("CREATED", "created_at"),
            ]
        )
    }
}

/// `validation get`: one validation and what it found.
struct ValidationGetVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show a validation and what it found."
    )

    @Argument(help: "The number of the validation.")
    var id: Int

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.get, "/validations/\(self.id)")
    }

    func render(_ answer: JSONValue) -> String { ValidationGetVerb.render(answer) }

    static func render(_ answer: JSONValue) -> String {
        var run = answer.objectValue ?? JSONObject()
        run["evidence"] = JSONValue?.none
        let record = Rendering.record(.object(run))
        guard let evidence = answer["evidence"]?.arrayValue, !evidence.isEmpty else { return record }
        let table = Rendering.table(
            ["data": .array(evidence)],
            [
                ("DIALECT", "dialect"), ("CASE", "case"), ("VERDICT", "verdict"), ("PASSED", "passes"),
                ("OF", "attempts"), ("MS", "latency_ms"), ("ERROR", "error_class"), ("REASON", "reason"),
            ]
        )
        return "\(record)\n\n\(table)"
    }
}

/// `evidence`: what stands on what models can do.
struct EvidenceVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Show what stands on what models can do."
    )

    @Option(help: "Only of this provider.")
    var provider: String?

    @Option(help: "Only of models of this name.")
    var model: String?

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        var query: [(String, String)] = []
        if let provider = self.provider { query.append(("provider", try pathSegment(provider))) }
        if let model = self.model { query.append(("model", try pathSegment(model))) }
        return try await connection.list("/evidence", query: query)
    }

    func render(_ answer: JSONValue) -> String {
        Rendering.table(
            answer,
            [
                ("PROVIDER", "provider"), ("MODEL", "model"), ("DIALECT", "dialect"), ("CASE", "case"),
                ("VERDICT", "verdict"), ("ATTESTED", "attested"), ("OBSERVED", "observed_at"),
                ("EXPIRES", "expires_at"), ("EXPIRED", "expired"), ("PROBE", "probed.probe_version"),
            ]
        )
    }
}
