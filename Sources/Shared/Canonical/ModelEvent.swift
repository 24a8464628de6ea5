package import Wire

/// One step of a streamed answer, in no dialect.
///
/// Order: `started`; then blocks, one open at a time: `blockStarted`, deltas of its kind, `blockEnded`; `usage` at
/// any time, cumulative; at last exactly one of `finished` and `failed`.
package enum ModelEvent: Hashable, Sendable {
    package enum BlockStart: Hashable, Sendable {
        case text
        case refusal
        case reasoning
        /// `arguments` of the call is empty; they follow as deltas, none for a call without arguments.
        case toolCall(id: String, name: ToolName, kind: ToolCall.Kind)
    }

    package enum Delta: Hashable, Sendable {
        case text(String)
        case refusal(String)
        /// A piece of the summary with this number; a higher number begins the next part.
        case summary(String, part: Int)
        /// A piece of the thoughts themselves.
        case reasoningText(String)
        /// The blob, whole, at most once in a reasoning block.
        case opaque(OpaqueReasoning)
        /// A piece of a call's arguments (JSON text) or of a custom tool's input (text).
        case arguments(String)
        /// A citation in Responses' form, of the open text block.
        case annotation(JSONValue)
    }

    case started(id: String?)
    case blockStarted(BlockStart)
    case delta(Delta)
    case blockEnded
    case usage(TokenUsage)
    case finished(StopReason)
    /// The provider said that it failed, or its stream made no sense.
    case failed(StreamFailure)
}
