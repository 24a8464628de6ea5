package import Canonical
package import Wire

extension OpenAIResponses {
    package static func encodeAnswer(_ answer: ModelResponse, _ context: AnswerContext) -> JSONValue {
        var output = OpenAIResponsesOutput(context)
        var told: [OpenAIResponsesOutput.Event] = []
        for event in answer.events {
            output.take(event, into: &told)
            told.removeAll(keepingCapacity: true)
        }
        let end = OpenAIResponses.End(answer.stop)
        return OpenAIResponses.response(
            context,
            status: end.status,
            reason: end.reason,
            output: output.items,
            usage: OpenAIResponses.usage(answer.usage, context, spokenBytes: output.spokenBytes)
        )
    }

    /// A response object, with every member that a client or the dialect's schema requires.
    static func response(
        _ context: AnswerContext,
        status: String,
        reason: String? = nil,
        error: JSONValue = .null,
        output: [JSONValue] = [],
        usage: JSONValue = .null
    ) -> JSONValue {
        let echo = context.request.echo
        var body = JSONObject([
            ("id", .string("resp_\(context.requestID)")), ("object", "response"),
            ("created_at", .int(context.createdAt)), ("status", .string(status)), ("background", false),
            ("completed_at", .null), ("error", error),
            ("incomplete_details", reason.map { ["reason": .string($0)] } ?? .null),
            ("instructions", echo["instructions"] ?? .null),
            ("max_output_tokens", echo["max_output_tokens"] ?? .null),
            ("metadata", echo["metadata"] ?? [:]), ("model", .string(context.model)), ("output", .array(output)),
            ("parallel_tool_calls", echo["parallel_tool_calls"] ?? true), ("previous_response_id", .null),
            ("reasoning", echo["reasoning"] ?? ["effort": .null, "summary": .null]),
            ("service_tier", "default"), ("store", false), ("temperature", echo["temperature"] ?? .null),
            ("text", echo["text"] ?? ["format": ["type": "text"]]), ("tool_choice", echo["tool_choice"] ?? "auto"),
            ("tools", echo["tools"] ?? []), ("top_p", echo["top_p"] ?? .null), ("truncation", "disabled"),
            ("usage", usage),
        ])
        // As null these are no part of the dialect.
        for name in ["max_tool_calls", "prompt_cache_key", "safety_identifier", "user"] { body[name] = echo[name] }
        return .object(body)
    }

    /// The `usage` of an answer, every member filled; what the provider did not tell is estimated.
    static func usage(_ usage: TokenUsage, _ context: AnswerContext, spokenBytes: Int) -> JSONValue {
        let input = usage.input ?? context.estimatedInputTokens
        // Four bytes for a token, as a rough rule of English text.
        let output = usage.output ?? (spokenBytes + 3) / 4
        return [
            "input_tokens": .int(input),
            "input_tokens_details": [
                "cached_tokens": .int(usage.cachedInput ?? 0), "cache_write_tokens": .int(usage.cacheWrite ?? 0),
            ],
            "output_tokens": .int(output),
            "output_tokens_details": ["reasoning_tokens": .int(usage.reasoning ?? 0)],
            "total_tokens": .int(input &+ output),
        ]
    }
}
