import ArgumentParser
import Wire

/// `model list`: the models of one provider, or of all.
struct ModelListVerb: AdminVerb {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List every model.")

    @Argument(help: "Only those of this provider.")
    var provider: String?

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        var providers: [String] = []
        if let provider = self.provider {
            providers = [provider]
        } else {
            let all = try await connection.list("/providers")
            providers = all["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
        }
        var models: [JSONValue] = []
        for provider in providers {
            let page = try await connection.list("/providers/\(pathSegment(provider))/models")
            models += page["data"]?.arrayValue ?? []
        }
        return ["data": .array(models), "next_cursor": .null]
    }

    func render(_ answer: JSONValue) -> String { Rendering.table(answer, ModelNoun.columns) }
}
