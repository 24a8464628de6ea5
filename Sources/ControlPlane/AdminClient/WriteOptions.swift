import ArgumentParser
import Wire

/// What a write sends, and under which condition.
struct WriteOptions: ParsableArguments {
    @Option(name: [.customShort("f"), .long], help: "A YAML or JSON file, - for standard input.")
    var file: String?

    @Option(help: ArgumentHelp("Set one field; may be repeated.", valueName: "field=value"))
    var set: [String] = []

    @Option(help: "Only if it is at this revision.")
    var ifMatch: Int?

    @Flag(help: "Tell what would change and change nothing.")
    var dryRun = false

    var query: [(String, String)] { self.dryRun ? [("dry_run", "true")] : [] }

    /// `members` are what other flags set; they stand over the file and `--set`.
    func body(setting members: JSONObject = JSONObject()) throws(AdminFailure) -> JSONValue {
        guard self.file != nil || !self.set.isEmpty || !members.isEmpty else {
            throw .usage("--file or --set is needed")
        }
        let document = try Assignments.apply(self.set, to: self.file.map(DocumentFile.read) ?? [:])
        guard !members.isEmpty else { return document }
        var object = document.objectValue ?? JSONObject()
        for (name, value) in members.members { object[name] = value }
        return .object(object)
    }

    func render(_ answer: JSONValue) -> String {
        self.dryRun ? Rendering.outcome(answer) : Rendering.record(answer)
    }
}
