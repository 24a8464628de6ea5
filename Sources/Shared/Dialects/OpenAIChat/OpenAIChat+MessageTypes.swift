import Wire

extension OpenAIChat {
    /// Whether a member of an answer's message, or of a piece of it, is of the type that its name asks for.
    static func isOfItsType(_ value: JSONProof.Value, in bytes: Span<UInt8>) -> Bool {
        func isNamed(_ name: StaticString) -> Bool { JSONMemberWalk.matches(bytes, value.name, name) }
        switch value.first {
        case UInt8(ascii: "n"): return true
        case UInt8(ascii: "\""): return !isNamed("tool_calls")
        case UInt8(ascii: "["): return !isNamed("refusal") && !isNamed("reasoning_content")
        default:
            return !isNamed("content") && !isNamed("refusal") && !isNamed("reasoning_content") && !isNamed("tool_calls")
        }
    }
}
