import Documents
import Launch
import Wire

/// A YAML or JSON file that a command sends, with its references to secrets resolved.
enum DocumentFile {
    /// Reads the file, `-` for standard input; JSON is read as YAML, which it is.
    static func read(_ path: String) throws(AdminFailure) -> JSONValue {
        let text: String
        do { text = try TextFile.read(path == "-" ? "/dev/stdin" : path) } catch {
            throw .usage("\(error)")
        }
        let value: JSONValue
        do { value = try YAMLDocument.read(Array(text.utf8)) } catch { throw .usage("\(path): \(error)") }
        do {
            return try SecretReferences.resolve(value, environment: ConnectionOptions.environment) { path in
                try? TextFile.read(path)
            }
        } catch {
            throw .usage("\(path): \(error.field) \(error.problem)")
        }
    }
}
