import Documents
import Wire

/// `--set timeouts.idle_ms=5000` on the command line: one member of a document by its path.
enum Assignments {
    /// `document` with every assignment made; values are read as YAML, so that `null`, numbers and lists work.
    static func apply(_ texts: [String], to document: JSONValue) throws(AdminFailure) -> JSONValue {
        var document = document
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let path = parts.first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
            guard parts.count == 2, !path.isEmpty, path.allSatisfy({ !$0.isEmpty }) else {
                throw .usage("--set takes FIELD=VALUE, not '\(text.prefix(100))'")
            }
            let value: JSONValue
            if parts[1].isEmpty {
                value = ""
            } else {
                do { value = try YAMLDocument.read(Array(parts[1].utf8)) } catch {
                    throw .usage("--set \(parts[0]): \(error)")
                }
            }
            document = Assignments.set(path, value, in: document)
        }
        return document
    }

    private static func set(_ path: [Substring], _ value: JSONValue, in document: JSONValue) -> JSONValue {
        guard let first = path.first else { return value }
        var object = document.objectValue ?? JSONObject()
        let name = String(first)
        object[name] = Assignments.set(Array(path.dropFirst()), value, in: object[name] ?? [:])
        return .object(object)
    }
}
