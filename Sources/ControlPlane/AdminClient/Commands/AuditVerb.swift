import ArgumentParser
import Wire

/// `audit`: who changed what.
struct AuditVerb: AdminVerb {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who changed what, newest first."
    )

    @Option(help: "How many entries.")
    var limit: Int = 20

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.list("/audit", limit: max(1, self.limit))
    }

    func render(_ answer: JSONValue) -> String {
        Rendering.table(
            answer,
            [
                ("AT", "at"), ("WHO", "actor"), ("ACTION", "action"), ("KIND", "kind"), ("KEY", "key"),
                ("REQUEST", "request_id"),
            ]
        )
    }
}
