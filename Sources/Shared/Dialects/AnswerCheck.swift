package import Canonical
package import Identity
import Wire

/// What a whole (not streamed) answer of a provider is, as far as a same-dialect forward must know.
package enum AnswerCheck: Hashable, Sendable {
    /// An answer of the dialect, with the usage it reports.
    case answer(TokenUsage)
    /// JSON that says that the provider failed, although the status said 200.
    case failure
    /// Not an answer of the dialect at all.
    case garbage

    /// Looks at the top-level members; `bytes` must be whole.
    package static func check(_ bytes: Span<UInt8>, dialect: Dialect) -> AnswerCheck {
        var usage: Range<Int>?
        var content: Range<Int>?
        var failure = false
        let contentName = AnswerCheck.contentMember(of: dialect)
        let isWhole = JSONMemberWalk.walkWhole(bytes) { member in
            if JSONMemberWalk.matches(bytes, member.name, AnswerCheck.usage) {
                usage = member.value
            } else if JSONMemberWalk.matches(bytes, member.name, contentName) {
                content = member.value
            } else if JSONMemberWalk.matches(bytes, member.name, AnswerCheck.error) {
                failure = failure || !JSONMemberWalk.matches(bytes, member.value, "null")
            } else if JSONMemberWalk.matches(bytes, member.name, AnswerCheck.object) {
                // vLLM has said it as `{"object":"error","message":…}`.
                failure = failure || JSONMemberWalk.matches(bytes, member.value, "\"error\"")
            }
            return true
        }
        guard isWhole else { return .garbage }
        // Also beside content: an empty `choices`, or the `output` of a Responses answer that failed. Its text is
        // the provider's own and must not reach the caller as it is.
        guard !failure else { return .failure }
        guard let content, bytes[content.lowerBound] == UInt8(ascii: "[") else { return .garbage }
        // A list of choices without one is no answer; the other dialects' lists may be empty.
        guard dialect != .openAIChat || !AnswerCheck.isEmpty(bytes, content) else { return .garbage }
        let reported = usage.flatMap { ReportedUsage(bytes, $0, dialect) } ?? ReportedUsage()
        return .answer(reported.tokenUsage(dialect))
    }

    private static func isEmpty(_ bytes: Span<UInt8>, _ list: Range<Int>) -> Bool {
        for offset in list.dropFirst() where ![0x20, 0x09, 0x0a, 0x0d].contains(bytes[offset]) {
            return bytes[offset] == UInt8(ascii: "]")
        }
        return true
    }

    private static let usage = Array("usage".utf8)
    private static let error = Array("error".utf8)
    private static let object = Array("object".utf8)
    private static let choices = Array("choices".utf8)
    private static let output = Array("output".utf8)
    private static let content = Array("content".utf8)

    private static func contentMember(of dialect: Dialect) -> [UInt8] {
        switch dialect {
        case .openAIChat: AnswerCheck.choices
        case .openAIResponses: AnswerCheck.output
        case .anthropicMessages: AnswerCheck.content
        }
    }
}
