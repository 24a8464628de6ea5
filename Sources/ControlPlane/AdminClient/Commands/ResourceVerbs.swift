import ArgumentParser
import CurlTransport
import Wire

/// `list`: every resource of a kind.
struct ListVerb<Noun: AdminNoun>: AdminVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List every \(Noun.name).")
    }

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.list(Noun.listPath)
    }

    func render(_ answer: JSONValue) -> String { Rendering.table(answer, Noun.columns) }
}

/// `get`: one resource.
struct GetVerb<Noun: AdminNoun>: AdminVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "get", abstract: "Show a \(Noun.name).")
    }

    @Argument(help: ArgumentHelp("Which one.", valueName: Noun.keyName))
    var key: String

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.get, Noun.path(self.key))
    }
}

/// `put`: create or replace from a file.
struct PutVerb<Noun: AdminNoun>: AdminVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "put", abstract: "Create or replace a \(Noun.name).")
    }

    @Argument(help: ArgumentHelp("Which one.", valueName: Noun.keyName))
    var key: String

    @OptionGroup var write: WriteOptions
    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(
            .put,
            Noun.path(self.key),
            query: self.write.query,
            body: self.write.body(),
            revision: self.write.ifMatch
        )
    }

    func render(_ answer: JSONValue) -> String { self.write.render(answer) }
}

/// `patch`: change some fields.
struct PatchVerb<Noun: AdminNoun>: AdminVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "patch", abstract: "Change some fields of a \(Noun.name).")
    }

    @Argument(help: ArgumentHelp("Which one.", valueName: Noun.keyName))
    var key: String

    @OptionGroup var write: WriteOptions
    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(
            .patch,
            Noun.path(self.key),
            query: self.write.query,
            body: self.write.body(),
            revision: self.write.ifMatch
        )
    }

    func render(_ answer: JSONValue) -> String { self.write.render(answer) }
}

/// `delete`: one resource that nothing refers to.
struct DeleteVerb<Noun: AdminNoun>: AdminVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "delete", abstract: "Delete a \(Noun.name).")
    }

    @Argument(help: ArgumentHelp("Which one.", valueName: Noun.keyName))
    var key: String

    @Option(help: "Only if it is at this revision.")
    var ifMatch: Int?

    @OptionGroup var options: ConnectionOptions

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue {
        try await connection.send(.delete, Noun.path(self.key), revision: self.ifMatch)
    }

    func render(_ answer: JSONValue) -> String { "deleted \(self.key)" }
}
