package import Wire

/// A model's wish to have a tool run.
package struct ToolCall: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Arguments are a JSON object as text.
        case function
        /// Input is free text (Responses `custom`).
        case custom
        /// Responses' `tool_search` run by the client; arguments are a JSON object as text.
        case toolSearch
    }

    /// What its result refers to.
    package var id: String
    package var name: ToolName
    package var kind: Kind
    /// JSON text of the arguments exactly as written, `{}` for none; for `custom` the input itself.
    package var arguments: JSONText

    package init(id: String, name: ToolName, kind: Kind = .function, arguments: JSONText) {
        self.id = id
        self.name = name
        self.kind = kind
        self.arguments = arguments
    }
}
