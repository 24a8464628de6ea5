import Testing
import Wire

/// One wrong member of an otherwise valid resource, and the field that the error must name.
struct BadField: Sendable, CustomTestStringConvertible {
    let path: String
    let value: JSONValue?
    let field: String

    init(_ path: String, _ value: JSONValue?, names field: String? = nil) {
        self.path = path
        self.value = value
        self.field = field ?? path
    }

    var testDescription: String { "\(self.path) = \(self.value.map(JSONWriter.text) ?? "missing")" }
}
