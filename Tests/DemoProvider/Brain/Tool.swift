import Wire

/// A tool that the caller offers, in no dialect.
struct Tool: Hashable, Sendable {
    /// How its arguments are written.
    enum Kind: Hashable, Sendable {
        /// As a JSON object that fits `Tool.schema`.
        case function
        /// As free text.
        case freeform
    }

    var name: String
    /// The namespace that the tool is listed under, of the Responses dialect only.
    var namespace: String?
    var kind: Kind
    /// The JSON Schema of the arguments; nil when there is none.
    var schema: JSONValue?
}
