package import Wire

/// What a tool gave back.
package struct ToolResult: Hashable, Sendable {
    /// The call it answers.
    package var callID: String
    /// Text, images and files only.
    package var blocks: [Block]
    /// Whether the tool failed; nil where the dialect does not say.
    package var isError: Bool?
    package var kind: ToolCall.Kind
    package var cacheControl: JSONValue?

    package init(
        callID: String,
        blocks: [Block],
        isError: Bool? = nil,
        kind: ToolCall.Kind = .function,
        cacheControl: JSONValue? = nil
    ) {
        self.callID = callID
        self.blocks = blocks
        self.isError = isError
        self.kind = kind
        self.cacheControl = cacheControl
    }
}
