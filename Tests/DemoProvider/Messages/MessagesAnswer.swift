import Wire

/// Writes an answer as a Messages response, whole or as a stream.
struct MessagesAnswer: Sendable {
    /// What the provider signs its thinking with.
    static let signature = "ZGVtby1wcm92aWRlci1zaWduYXR1cmU="

    private let answer: Answer
    private let prompt: Prompt
    private let identity: AnswerIdentity

    init(_ answer: Answer, to prompt: Prompt, identity: AnswerIdentity) {
        self.answer = answer
        self.prompt = prompt
        self.identity = identity
    }

    /// The whole response.
    var whole: JSONValue {
        var message = self.envelope
        var content: [JSONValue] = []
        if let reasoning = self.shownReasoning {
            content.append([
                "type": "thinking", "thinking": .string(reasoning), "signature": .string(MessagesAnswer.signature),
            ])
        }
        if self.answer.toolCalls.isEmpty {
            content.append(["type": "text", "text": .string(self.answer.text), "citations": nil])
        }
        for (index, call) in self.answer.toolCalls.enumerated() {
            var block = self.toolUse(at: index)
            // The arguments are JSON of our own; a reader that fails here would be a defect of the provider.
            block["input"] = (try? JSONReader.read(Array(call.arguments.utf8))) ?? .object(JSONObject())
            content.append(.object(block))
        }
        message["content"] = .array(content)
        message["stop_reason"] = .string(self.stopReason)
        message["stop_sequence"] = self.stopSequence
        if let usage = self.answer.usage { message["usage"] = MessagesAnswer.usage(usage, output: usage.output) }
        return .object(message)
    }

    /// The events of a stream, in order.
    var events: [AnswerEvent] {
        var message = self.envelope
        message["content"] = []
        message["stop_reason"] = .null
        message["stop_sequence"] = .null
        if let usage = self.answer.usage { message["usage"] = MessagesAnswer.usage(usage, output: 1) }
        var events = [
            MessagesAnswer.event(.opening, "message_start", [("message", .object(message))]),
            MessagesAnswer.event(.opening, "ping", []),
        ]
        var index = 0
        func block(_ start: JSONValue, _ deltas: [JSONValue]) {
            events.append(
                MessagesAnswer.event(.delta, "content_block_start", [("index", .int(index)), ("content_block", start)])
            )
            for delta in deltas {
                events.append(
                    MessagesAnswer.event(.delta, "content_block_delta", [("index", .int(index)), ("delta", delta)])
                )
            }
            events.append(MessagesAnswer.event(.delta, "content_block_stop", [("index", .int(index))]))
            index += 1
        }
        if let reasoning = self.shownReasoning {
            let pieces = Answer.split(reasoning, into: 2).map { piece -> JSONValue in
                ["type": "thinking_delta", "thinking": .string(piece)]
            }
            let signature: JSONValue = ["type": "signature_delta", "signature": .string(MessagesAnswer.signature)]
            block(["type": "thinking", "thinking": "", "signature": ""], pieces + [signature])
        }
        if self.answer.toolCalls.isEmpty {
            let pieces = self.answer.textPieces.map { piece -> JSONValue in
                ["type": "text_delta", "text": .string(piece)]
            }
            block(["type": "text", "text": "", "citations": nil], pieces)
        }
        for (number, call) in self.answer.toolCalls.enumerated() {
            var start = self.toolUse(at: number)
            start["input"] = .object(JSONObject())
            let pieces = ([""] + Answer.split(call.arguments, into: 3)).map { piece -> JSONValue in
                ["type": "input_json_delta", "partial_json": .string(piece)]
            }
            block(.object(start), pieces)
        }
        var ending: [(String, JSONValue)] = [
            ("delta", ["stop_reason": .string(self.stopReason), "stop_sequence": self.stopSequence])
        ]
        if let usage = self.answer.usage {
            ending.append(("usage", MessagesAnswer.usage(usage, output: usage.output)))
        }
        events.append(MessagesAnswer.event(.finishing, "message_delta", ending))
        events.append(MessagesAnswer.event(.last, "message_stop", []))
        return events
    }

    static func event(_ kind: AnswerEvent.Kind, _ type: String, _ members: [(String, JSONValue)]) -> AnswerEvent {
        AnswerEvent(kind, name: type, data: .object(JSONObject([("type", .string(type))] + members)))
    }

    private static func usage(_ usage: TokenUsage, output: Int) -> JSONValue {
        [
            "input_tokens": .int(usage.input), "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            "cache_creation": ["ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0],
            "output_tokens": .int(output), "service_tier": "standard",
            "output_tokens_details": ["thinking_tokens": .int(min(usage.reasoning, output))],
        ]
    }

    private var envelope: JSONObject {
        JSONObject([
            ("id", .string("msg_\(self.identity.suffix)")), ("type", "message"), ("role", "assistant"),
            ("model", .string(self.prompt.model)),
        ])
    }

    private var shownReasoning: String? {
        self.answer.reasoning.map { self.prompt.showsReasoning ? $0 : "" }
    }

    private var stopReason: String {
        switch self.answer.stop {
        case .endOfTurn: "end_turn"
        case .outputLimit: "max_tokens"
        case .toolCalls: "tool_use"
        case .sequence: "stop_sequence"
        }
    }

    private var stopSequence: JSONValue {
        if case .sequence(let sequence) = self.answer.stop { .string(sequence) } else { nil }
    }

    private func toolUse(at index: Int) -> JSONObject {
        JSONObject([
            ("type", "tool_use"), ("id", .string("toolu_\(self.identity.suffix)\(index)")),
            ("name", .string(self.answer.toolCalls[index].tool.name)),
        ])
    }
}
