package import Identity
package import Wire

/// A tool that the model may call.
package struct ToolDefinition: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// `parameters` is a JSON schema of an object; `strict` is nil where the caller left it to the dialect's
        /// default, which decoders write out.
        case function(parameters: JSONValue, strict: Bool?)
        /// Free text input; `format` is a grammar or nil for any text.
        case custom(format: JSONValue?)
        /// Responses' `tool_search` run by the client.
        case toolSearch(parameters: JSONValue?)
        /// A tool that the provider runs or has built in: only its dialect can carry it. The value is the
        /// definition as it was written.
        case hosted(Dialect, type: String, JSONValue)
    }

    package var name: ToolName
    package var description: JSONText?
    package var kind: Kind
    package var cacheControl: JSONValue?

    package init(_ name: ToolName, description: JSONText? = nil, kind: Kind, cacheControl: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.kind = kind
        self.cacheControl = cacheControl
    }
}
