import Identity
import Wire

/// An answer in the words of one dialect.
protocol DialectAnswer: Sendable {
    /// The body of an answer that is not streamed.
    var whole: JSONValue { get }
    /// The events of a streamed answer, in order.
    var events: [AnswerEvent] { get }
    /// The events by which a stream says that it failed, after `count` others.
    func failure(_ failure: ProviderFailure, after count: Int, directives: Directives) -> [AnswerEvent]
}

extension ChatAnswer: DialectAnswer {
    func failure(_ failure: ProviderFailure, after count: Int, directives: Directives) -> [AnswerEvent] {
        [AnswerEvent(.finishing, data: ["error": failure.openAIError]), ChatAnswer.done]
    }
}

extension MessagesAnswer: DialectAnswer {
    func failure(_ failure: ProviderFailure, after count: Int, directives: Directives) -> [AnswerEvent] {
        [MessagesAnswer.event(.last, "error", [("error", failure.anthropicError)])]
    }
}

extension ResponsesAnswer: DialectAnswer {
    /// An `error` event, or `response.failed` with `error_event=failed`.
    func failure(_ failure: ProviderFailure, after count: Int, directives: Directives) -> [AnswerEvent] {
        let code = failure.code ?? "server_error"
        if directives["error_event"] == "failed" {
            return [self.failure(number: count, code: code, message: failure.message)]
        }
        let members: [(String, JSONValue)] = [
            ("code", .string(code)), ("message", .string(failure.message)), ("param", nil),
        ]
        return [ResponsesAnswer.event(.last, "error", number: count, members)]
    }
}

extension Answer {
    func written(for prompt: Prompt, identity: AnswerIdentity) -> any DialectAnswer {
        switch prompt.dialect {
        case .openAIChat: ChatAnswer(self, to: prompt, identity: identity)
        case .openAIResponses: ResponsesAnswer(self, to: prompt, identity: identity)
        case .anthropicMessages: MessagesAnswer(self, to: prompt, identity: identity)
        }
    }
}
