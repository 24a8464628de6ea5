import Identity
import Wire

/// Whether what a whole answer holds is of the types that its dialect gives it, looked at while the answer is proven.
///
/// Only what an answer is in: what is missing, but for a Chat choice's message, and what nobody knows passes.
struct AnswerShape {
    private let dialect: Dialect
    private let contentName: StaticString
    private var isInContent = false
    private var isInMessage = false
    private var hasMessage = false
    private var isWrong = false
    /// Whether a choice says that its provider failed.
    private(set) var hasError = false

    /// The deepest values that ``take(_:in:)`` wants to see.
    static let visitedDepth = 4

    init(_ dialect: Dialect, content: StaticString) {
        self.dialect = dialect
        self.contentName = content
    }

    /// Whether it can be an answer, once all of it was seen.
    var isRight: Bool { !self.isWrong && (self.hasMessage || self.dialect != .openAIChat) }

    mutating func take(_ value: JSONProof.Value, in bytes: Span<UInt8>) {
        func isNamed(_ name: StaticString) -> Bool { JSONMemberWalk.matches(bytes, value.name, name) }
        let isNull = value.first == UInt8(ascii: "n")
        let isObject = value.first == UInt8(ascii: "{")
        let isText = value.first == UInt8(ascii: "\"")
        switch value.depth {
        case 1:
            self.isInContent = isNamed(self.contentName)
            self.isInMessage = false
        case 2 where self.isInContent:
            self.isInMessage = false
            self.require(isObject)
        case 3 where self.isInContent && self.dialect == .openAIChat:
            self.isInMessage = isNamed("message")
            if self.isInMessage {
                self.require(isObject)
                self.hasMessage = true
            } else if isNamed("error"), !isNull {
                self.hasError = true
            }
        case 3 where self.isInContent && self.dialect == .anthropicMessages:
            if isNamed("text") || isNamed("thinking") { self.require(isText || isNull) }
        case 4 where self.isInMessage: self.require(OpenAIChat.isOfItsType(value, in: bytes))
        default: break
        }
    }

    private mutating func require(_ isRight: Bool) {
        self.isWrong = self.isWrong || !isRight
    }
}
