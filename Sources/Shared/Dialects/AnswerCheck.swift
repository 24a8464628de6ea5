package import Canonical
package import Identity
import Wire

/// What a whole (not streamed) answer of a provider is, as far as a same-dialect forward must know.
package enum AnswerCheck: Hashable, Sendable {
    /// An answer of the dialect, with the usage it reports.
    case answer(TokenUsage)
    /// JSON that says that the provider failed, although the status said 200, and what it cost nevertheless.
    case failure(TokenUsage)
    /// Not an answer of the dialect at all.
    case garbage

    /// Proves the JSON and looks at what the answer is in; `bytes` must be whole.
    package static func check(_ bytes: Span<UInt8>, dialect: Dialect) -> AnswerCheck {
        var usage: Range<Int>?
        var content: Range<Int>?
        var failure = false
        let contentName = AnswerCheck.contentMember(of: dialect)
        var shape = AnswerShape(dialect, content: contentName)
        func look(at member: JSONMemberWalk.Member) {
            if JSONMemberWalk.matches(bytes, member.name, AnswerCheck.usage) {
                usage = member.value
            } else if JSONMemberWalk.matches(bytes, member.name, contentName) {
                content = member.value
            } else if JSONMemberWalk.matches(bytes, member.name, AnswerCheck.error) {
                failure = failure || !JSONMemberWalk.matches(bytes, member.value, "null")
            } else if JSONMemberWalk.matches(bytes, member.name, AnswerCheck.object) {
                // vLLM has said it as `{"object":"error","message":…}`.
                failure = failure || JSONMemberWalk.matches(bytes, member.value, "\"error\"")
            } else if dialect == .openAIResponses, JSONMemberWalk.matches(bytes, member.name, AnswerCheck.status) {
                failure =
                    failure || JSONMemberWalk.matches(bytes, member.value, "\"failed\"")
                    || JSONMemberWalk.matches(bytes, member.value, "\"cancelled\"")
            }
        }
        let isProven = JSONProof.isObject(bytes, visitedDepth: AnswerShape.visitedDepth) { value in
            shape.take(value, in: bytes)
            return true
        } ended: {
            look(at: $0)
        }
        guard isProven else { return .garbage }
        // Also beside content: an empty `choices`, or the `output` of a Responses answer that failed. Its text is
        // the provider's own and must not reach the caller as it is.
        let reported = usage.flatMap { ReportedUsage(bytes, $0, dialect) } ?? ReportedUsage()
        guard !failure, !shape.hasError else { return .failure(reported.tokenUsage(dialect)) }
        guard let content, bytes[content.lowerBound] == UInt8(ascii: "[") else { return .garbage }
        // A list of choices without one is no answer; the other dialects' lists may be empty.
        guard shape.isRight else { return .garbage }
        return .answer(reported.tokenUsage(dialect))
    }

    private static let usage: StaticString = "usage"
    private static let error: StaticString = "error"
    private static let object: StaticString = "object"
    private static let status: StaticString = "status"

    private static func contentMember(of dialect: Dialect) -> StaticString {
        switch dialect {
        case .openAIChat: "choices"
        case .openAIResponses: "output"
        case .anthropicMessages: "content"
        }
    }
}
