import Identity
import Wire

/// Whether what an event of a stream tells of an answer is of the types that its dialect gives it, looked at while the
/// event is proven.
///
/// Only what would be read as a piece of the answer: what is missing, and events that nobody knows, pass.
struct EventShape {
    private enum Rules {
        case chat
        case messagesDelta
        case responsesDelta
        case none
    }

    private let rules: Rules
    private var isInContent = false
    private var isInDelta = false

    /// `kind` is that of the event whose data begins at `object`.
    init(_ dialect: Dialect, _ outline: EventOutline, _ event: Span<UInt8>, object: Int) {
        switch dialect {
        case .openAIChat: self.rules = .chat
        case .anthropicMessages:
            let isDelta = outline.kind(in: event, object: object).map {
                JSONMemberWalk.matches(event, $0, "content_block_delta")
            }
            self.rules = isDelta == true ? .messagesDelta : .none
        case .openAIResponses:
            let kind = outline.kind(in: event, object: object)
            let isDelta = kind.map { EventShape.isTextDelta(event, $0) }
            self.rules = isDelta == true ? .responsesDelta : .none
        }
    }

    /// The deepest values that ``take(_:in:)`` wants to see.
    var visitedDepth: Int {
        switch self.rules {
        case .chat: 4
        case .messagesDelta: 2
        case .responsesDelta: 1
        case .none: 0
        }
    }

    /// Deltas of other types may be anything.
    private static func isTextDelta(_ event: Span<UInt8>, _ kind: Range<Int>) -> Bool {
        func isKind(_ name: StaticString) -> Bool { JSONMemberWalk.matches(event, kind, name) }
        return isKind("response.output_text.delta") || isKind("response.function_call_arguments.delta")
            || isKind("response.reasoning_summary_text.delta") || isKind("response.reasoning_text.delta")
            || isKind("response.custom_tool_call_input.delta") || isKind("response.refusal.delta")
    }

    /// False for a value of a wrong type.
    mutating func take(_ value: JSONProof.Value, in bytes: Span<UInt8>) -> Bool {
        func isNamed(_ name: StaticString) -> Bool { JSONMemberWalk.matches(bytes, value.name, name) }
        let isNull = value.first == UInt8(ascii: "n")
        let isObject = value.first == UInt8(ascii: "{")
        let isText = value.first == UInt8(ascii: "\"")
        switch (self.rules, value.depth) {
        case (.chat, 1):
            self.isInContent = isNamed("choices")
            self.isInDelta = false
            return !self.isInContent || isNull || value.first == UInt8(ascii: "[")
        case (.chat, 2):
            self.isInDelta = false
            return !self.isInContent || isObject
        case (.chat, 3):
            self.isInDelta = self.isInContent && isNamed("delta")
            return !self.isInDelta || isObject || isNull
        case (.chat, 4): return !self.isInDelta || OpenAIChat.isOfItsType(value, in: bytes)
        case (.messagesDelta, 1):
            self.isInDelta = isNamed("delta")
            return !self.isInDelta || isObject
        case (.messagesDelta, 2):
            guard self.isInDelta, !isText, !isNull else { return true }
            return !isNamed("text") && !isNamed("thinking") && !isNamed("signature") && !isNamed("partial_json")
        case (.responsesDelta, 1): return isText || isNull || !isNamed("delta")
        default: return true
        }
    }
}
