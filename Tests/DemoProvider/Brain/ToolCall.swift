/// A call that the provider asks the caller to make.
struct ToolCall: Hashable, Sendable {
    var tool: Tool
    /// JSON text of an object for a function, free text for a freeform tool.
    var arguments: String
}
