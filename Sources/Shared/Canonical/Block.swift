package import Identity
package import Wire

/// One piece of a turn or of an answer.
///
/// Tool results are blocks of user turns, in the order in which the caller gave them.
package enum Block: Hashable, Sendable {
    case text(TextBlock)
    case image(ImageBlock)
    case file(FileBlock)
    case reasoning(ReasoningBlock)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
    /// The model's words on why it does not answer.
    case refusal(String)
    /// A piece of a provider's own tool (searches, code runs): only its dialect can carry it unchanged.
    case hosted(Dialect, type: String, JSONValue)
}
