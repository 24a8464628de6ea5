package import Wire

/// The form that an answer's text must have.
package enum OutputFormat: Hashable, Sendable {
    case text
    /// Any JSON object.
    case jsonObject
    /// JSON that a schema describes.
    case jsonSchema(name: String?, schema: JSONValue, strict: Bool?, description: String?)
}
