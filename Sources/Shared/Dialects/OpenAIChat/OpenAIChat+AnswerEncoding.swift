package import Canonical
package import Wire

extension OpenAIChat {
    package static func encodeAnswer(_ answer: ModelResponse, _ context: AnswerContext) -> JSONValue {
        let usesFunctions = OpenAIChat.usesFunctions(context.request)
        var content = OpenAIChatText()
        var refusal = ""
        var annotations: [JSONValue] = []
        var reasoning: [String] = []
        var reasoningBytes = 0
        var details: [JSONValue] = []
        var calls: [ToolCall] = []
        for block in answer.blocks {
            switch block {
            case .text(let text):
                content.append(text.text)
                annotations += text.annotations.map(OpenAIChat.nestedAnnotation)
            case .refusal(let words): refusal += words
            case .reasoning(let block):
                content.interrupt()
                var place = OpenAIChatReasoningPlace(behind: reasoningBytes)
                if OpenAIChat.showsReasoning(context.request), let text = OpenAIChat.readable(block) {
                    reasoning.append(text)
                    place.length = text.utf8.count
                    reasoningBytes = place.end
                }
                if context.request.reasoning.wantsOpaque, case .sealed(let blob) = block.opaque {
                    details.append(OpenAIChat.reasoningDetail(blob, place, index: details.count))
                }
            case .toolCall(let call):
                content.interrupt()
                calls.append(call)
            case .image, .file, .toolResult, .hosted: content.interrupt()
            }
        }
        var message = JSONObject([("role", "assistant")])
        message["content"] = content.text.isEmpty ? .null : .string(content.text)
        message["refusal"] = refusal.isEmpty ? .null : .string(refusal)
        if !annotations.isEmpty { message["annotations"] = .array(annotations) }
        if !reasoning.isEmpty {
            message["reasoning_content"] = .string(reasoning.joined(separator: OpenAIChatReasoningPlace.separator))
        }
        if !details.isEmpty { message["reasoning_details"] = .array(details) }
        if usesFunctions, let call = calls.first {
            message["function_call"] = OpenAIChat.function(call)
        } else if !calls.isEmpty {
            message["tool_calls"] = .array(calls.map(OpenAIChat.toolCall))
        }
        let reason = OpenAIChat.finishReason(
            answer.stop,
            hasCalls: !calls.isEmpty,
            hasRefusal: !refusal.isEmpty,
            usesFunctions: usesFunctions
        )
        let spoken = calls.reduce(content.text.string.utf8.count + refusal.utf8.count) {
            $0 + $1.arguments.string.utf8.count
        }
        var body = JSONObject([
            ("id", .string(OpenAIChat.answerID(context))), ("object", "chat.completion"),
            ("created", .int(context.createdAt)), ("model", .string(context.model)),
            (
                "choices",
                [
                    [
                        "index": 0, "message": .object(message), "logprobs": .null,
                        "finish_reason": .string(reason),
                    ]
                ]
            ), ("usage", OpenAIChat.usage(answer.usage, context, spokenBytes: spoken)),
        ])
        body["metadata"] = context.request.echo["metadata"]
        return .object(body)
    }

    static func answerID(_ context: AnswerContext) -> String { "chatcmpl-\(context.requestID)" }

    /// Whether the caller speaks of functions, as before there were tools.
    static func usesFunctions(_ request: ModelRequest) -> Bool { request.echo[OpenAIChat.functionsEcho] == true }

    /// Reasoning is told unless the caller said that it does not want it.
    static func showsReasoning(_ request: ModelRequest) -> Bool { request.reasoning.wantsSummary != false }

    /// A blob of reasoning, in the form in which callers know to send it back.
    static func reasoningDetail(_ blob: String, _ place: OpenAIChatReasoningPlace, index: Int) -> JSONValue {
        ["type": "reasoning.encrypted", "data": .string(place.told(with: blob, index: index)), "index": .int(index)]
    }

    /// What a tool is called by a caller of this dialect, which has no namespaces.
    static func name(_ name: ToolName) -> String { name.namespace == nil ? name.name : ToolAliases.wireName(name) }

    private static func function(_ call: ToolCall) -> JSONValue {
        [
            "name": .string(OpenAIChat.name(call.name)),
            "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments),
        ]
    }

    private static func toolCall(_ call: ToolCall) -> JSONValue {
        switch call.kind {
        case .function, .toolSearch:
            return ["id": .string(call.id), "type": "function", "function": OpenAIChat.function(call)]
        case .custom:
            return [
                "id": .string(call.id), "type": "custom",
                "custom": ["name": .string(OpenAIChat.name(call.name)), "input": .string(call.arguments)],
            ]
        }
    }

    /// The `usage` of an answer, every member filled; what the provider did not tell is estimated.
    static func usage(_ usage: TokenUsage, _ context: AnswerContext, spokenBytes: Int) -> JSONValue {
        let input = usage.input ?? context.estimatedInputTokens
        // Four bytes for a token, as a rough rule of English text.
        let output = usage.output ?? (spokenBytes + 3) / 4
        return [
            "prompt_tokens": .int(input), "completion_tokens": .int(output),
            "total_tokens": .int(input &+ output),
            "prompt_tokens_details": [
                "cached_tokens": .int(usage.cachedInput ?? 0), "cache_write_tokens": .int(usage.cacheWrite ?? 0),
                "audio_tokens": 0,
            ],
            "completion_tokens_details": [
                "reasoning_tokens": .int(usage.reasoning ?? 0), "audio_tokens": 0,
                "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
            ],
        ]
    }
}
