import Wire

/// Writes an answer as a Chat Completions response, whole or as a stream.
struct ChatAnswer: Sendable {
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
        var message: JSONObject = JSONObject([("role", "assistant"), ("content", self.content), ("refusal", nil)])
        message["annotations"] = []
        if let reasoning = self.answer.reasoning { message["reasoning_content"] = .string(reasoning) }
        if !self.answer.toolCalls.isEmpty {
            message["tool_calls"] = .array(self.answer.toolCalls.indices.map { self.call(at: $0) })
        }
        let choices = (0..<self.prompt.choices).map { index -> JSONValue in
            [
                "index": .int(index), "message": .object(message), "logprobs": nil,
                "finish_reason": .string(self.finishReason),
            ]
        }
        var response = self.envelope("chat.completion")
        response["choices"] = .array(choices)
        if let usage = self.answer.usage { response["usage"] = ChatAnswer.usage(usage) }
        return .object(response)
    }

    /// The events of a stream, in order.
    var events: [AnswerEvent] {
        var events: [AnswerEvent] = []
        for index in 0..<self.prompt.choices {
            let opening: JSONValue = ["role": "assistant", "content": self.answer.toolCalls.isEmpty ? "" : nil]
            events.append(self.event(.opening, choice: index, delta: opening))
            if let reasoning = self.answer.reasoning {
                for piece in Answer.split(reasoning, into: 2) {
                    events.append(self.event(.delta, choice: index, delta: ["reasoning_content": .string(piece)]))
                }
            }
            for piece in self.answer.textPieces {
                events.append(self.event(.delta, choice: index, delta: ["content": .string(piece)]))
            }
            for (number, call) in self.answer.toolCalls.enumerated() {
                events.append(
                    self.event(.delta, choice: index, delta: self.callDelta(self.callStart(at: number), number))
                )
                for piece in Answer.split(call.arguments, into: 3) {
                    let fragment: JSONValue =
                        call.tool.kind == .function
                        ? ["function": ["arguments": .string(piece)]] : ["custom": ["input": .string(piece)]]
                    events.append(self.event(.delta, choice: index, delta: self.callDelta(fragment, number)))
                }
            }
        }
        for index in 0..<self.prompt.choices {
            events.append(
                self.event(.finishing, choice: index, delta: .object(JSONObject()), finishReason: self.finishReason)
            )
        }
        if self.prompt.reportsStreamUsage, let usage = self.answer.usage {
            var chunk = self.envelope("chat.completion.chunk")
            chunk["choices"] = []
            chunk["usage"] = ChatAnswer.usage(usage)
            events.append(AnswerEvent(.finishing, data: .object(chunk)))
        }
        return events + [ChatAnswer.done]
    }

    /// `data: [DONE]`.
    static let done = AnswerEvent(.last, bytes: Array("data: [DONE]\n\n".utf8))

    static func usage(_ usage: TokenUsage) -> JSONValue {
        [
            "prompt_tokens": .int(usage.input), "completion_tokens": .int(usage.output),
            "total_tokens": .int(usage.total),
            "prompt_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0, "audio_tokens": 0],
            "completion_tokens_details": [
                "reasoning_tokens": .int(usage.reasoning), "audio_tokens": 0, "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            ],
        ]
    }

    private var content: JSONValue {
        self.answer.toolCalls.isEmpty ? .string(self.answer.text) : nil
    }

    private var finishReason: String {
        switch self.answer.stop {
        case .endOfTurn, .sequence: "stop"
        case .outputLimit: "length"
        case .toolCalls: "tool_calls"
        }
    }

    private func envelope(_ object: String) -> JSONObject {
        JSONObject([
            ("id", .string("chatcmpl-\(self.identity.suffix)")), ("object", .string(object)),
            ("created", .int(self.identity.created)), ("model", .string(self.prompt.model)),
            ("service_tier", "default"), ("system_fingerprint", "fp_demo"),
        ])
    }

    private func event(
        _ kind: AnswerEvent.Kind,
        choice: Int,
        delta: JSONValue,
        finishReason: String? = nil
    ) -> AnswerEvent {
        var chunk = self.envelope("chat.completion.chunk")
        chunk["choices"] = [
            [
                "index": .int(choice), "delta": delta, "logprobs": nil,
                "finish_reason": finishReason.map { .string($0) } ?? nil,
            ]
        ]
        if self.prompt.reportsStreamUsage, self.answer.usage != nil { chunk["usage"] = .null }
        return AnswerEvent(kind, data: .object(chunk))
    }

    private func call(at index: Int) -> JSONValue {
        let call = self.answer.toolCalls[index]
        var value = self.callStart(at: index).objectValue ?? JSONObject()
        switch call.tool.kind {
        case .function:
            value["function"] = ["name": .string(call.tool.name), "arguments": .string(call.arguments)]
        case .freeform: value["custom"] = ["name": .string(call.tool.name), "input": .string(call.arguments)]
        }
        return .object(value)
    }

    /// The call with its name and no arguments yet.
    private func callStart(at index: Int) -> JSONValue {
        let call = self.answer.toolCalls[index]
        let id = JSONValue.string("call_\(self.identity.suffix)\(index)")
        return switch call.tool.kind {
        case .function:
            ["id": id, "type": "function", "function": ["name": .string(call.tool.name), "arguments": ""]]
        case .freeform: ["id": id, "type": "custom", "custom": ["name": .string(call.tool.name), "input": ""]]
        }
    }

    private func callDelta(_ fragment: JSONValue, _ index: Int) -> JSONValue {
        let members: [(String, JSONValue)] = (fragment.objectValue?.members ?? []).map { ($0.name, $0.value) }
        return ["tool_calls": [.object(JSONObject([("index", .int(index))] + members))]]
    }
}
