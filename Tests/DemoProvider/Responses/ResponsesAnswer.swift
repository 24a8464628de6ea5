import Wire

/// Writes an answer as a Responses response, whole or as a stream.
struct ResponsesAnswer: Sendable {
    /// What the provider's reasoning is encrypted to.
    static let encryptedReasoning = "ZGVtby1wcm92aWRlci1lbmNyeXB0ZWQtcmVhc29uaW5n"

    private let answer: Answer
    private let prompt: Prompt
    private let identity: AnswerIdentity

    init(_ answer: Answer, to prompt: Prompt, identity: AnswerIdentity) {
        self.answer = answer
        self.prompt = prompt
        self.identity = identity
    }

    /// The whole response.
    var whole: JSONValue { self.response(self.finalStatus, output: self.items.map(\.done), usage: self.answer.usage) }

    /// The events of a stream, in order.
    var events: [AnswerEvent] {
        var events: [AnswerEvent] = []
        func add(_ kind: AnswerEvent.Kind, _ type: String, _ members: [(String, JSONValue)]) {
            events.append(ResponsesAnswer.event(kind, type, number: events.count, members))
        }
        let started = self.response("in_progress", output: [], usage: nil)
        add(.opening, "response.created", [("response", started)])
        add(.opening, "response.in_progress", [("response", started)])
        let items = self.items
        for (index, item) in items.enumerated() {
            let place: [(String, JSONValue)] = [("output_index", .int(index))]
            add(.delta, "response.output_item.added", place + [("item", item.added)])
            for event in item.events {
                add(.delta, event.type, [("item_id", .string(item.id))] + place + event.members)
            }
            add(.delta, "response.output_item.done", place + [("item", item.done)])
        }
        let ended = self.response(self.finalStatus, output: items.map(\.done), usage: self.answer.usage)
        add(.last, "response.\(self.finalStatus)", [("response", ended)])
        return events
    }

    /// The event that ends a stream which failed on the way; `number` is its sequence number.
    func failure(number: Int, code: String, message: String) -> AnswerEvent {
        var response = self.response("failed", output: [], usage: nil).objectValue ?? JSONObject()
        response["error"] = ["code": .string(code), "message": .string(message)]
        return ResponsesAnswer.event(.last, "response.failed", number: number, [("response", .object(response))])
    }

    static func event(
        _ kind: AnswerEvent.Kind,
        _ type: String,
        number: Int,
        _ members: [(String, JSONValue)]
    ) -> AnswerEvent {
        let opening: [(String, JSONValue)] = [("type", .string(type)), ("sequence_number", .int(number))]
        return AnswerEvent(kind, name: type, data: .object(JSONObject(opening + members)))
    }

    private var isComplete: Bool { self.answer.stop != .outputLimit }

    private var finalStatus: String { self.isComplete ? "completed" : "incomplete" }

    private var items: [ResponsesItem] {
        var items: [ResponsesItem] = []
        if let reasoning = self.answer.reasoning {
            items.append(
                .reasoning(
                    id: "rs_\(self.identity.suffix)",
                    summary: self.prompt.showsReasoning ? reasoning : nil,
                    encrypted: self.prompt.wantsEncryptedReasoning ? ResponsesAnswer.encryptedReasoning : nil
                )
            )
        }
        if self.answer.toolCalls.isEmpty {
            items.append(
                .message(
                    id: "msg_\(self.identity.suffix)",
                    text: self.answer.text,
                    pieces: self.answer.textPieces,
                    complete: self.isComplete
                )
            )
        }
        for (index, call) in self.answer.toolCalls.enumerated() {
            items.append(.call(call, suffix: "\(self.identity.suffix)\(index)"))
        }
        return items
    }

    private func response(_ status: String, output: [JSONValue], usage: TokenUsage?) -> JSONValue {
        var response = JSONObject([
            ("id", .string("resp_\(self.identity.suffix)")), ("object", "response"),
            ("created_at", .int(self.identity.created)), ("status", .string(status)), ("background", false),
            ("error", nil), ("incomplete_details", status == "incomplete" ? ["reason": "max_output_tokens"] : nil),
            ("model", .string(self.prompt.model)), ("output", .array(output)),
            ("reasoning", ["effort": nil, "summary": nil]), ("service_tier", "default"),
        ])
        for member in self.prompt.echoed.members { response[member.name] = member.value }
        if status == "completed" { response["completed_at"] = .int(self.identity.created) }
        response["usage"] = usage.map(ResponsesAnswer.usage) ?? .null
        return .object(response)
    }

    private static func usage(_ usage: TokenUsage) -> JSONValue {
        [
            "input_tokens": .int(usage.input),
            "input_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0],
            "output_tokens": .int(usage.output),
            "output_tokens_details": ["reasoning_tokens": .int(usage.reasoning)],
            "total_tokens": .int(usage.total),
        ]
    }
}
