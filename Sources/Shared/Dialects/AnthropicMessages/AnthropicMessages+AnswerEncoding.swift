package import Canonical
package import Wire

extension AnthropicMessages {
    package static func encodeAnswer(_ answer: ModelResponse, _ context: AnswerContext) -> JSONValue {
        var content: [JSONValue] = []
        var refusal = ""
        var spoken = 0
        var hasCalls = false
        for block in answer.blocks {
            switch block {
            case .text(let text):
                guard !text.text.isEmpty else { continue }
                spoken += text.text.string.utf8.count
                let citations = text.annotations.compactMap(AnthropicMessages.citation)
                content.append(AnthropicMessages.text(text.text.string, citations: citations))
            case .refusal(let words):
                guard !words.isEmpty else { continue }
                spoken += words.utf8.count
                refusal += words
                content.append(AnthropicMessages.text(words, citations: []))
            case .reasoning(let reasoning):
                if let value = AnthropicMessages.thinking(reasoning, context.request) { content.append(value) }
            case .toolCall(let call):
                hasCalls = true
                spoken += call.arguments.string.utf8.count
                content.append([
                    "type": "tool_use", "id": .string(call.id), "name": .string(AnthropicMessages.name(call.name)),
                    "input": AnthropicMessages.input(of: call),
                ])
            // No answer holds these.
            case .image, .file, .toolResult, .hosted: continue
            }
        }
        let stop = AnthropicMessages.stopReason(answer.stop, hasCalls: hasCalls, hasRefusal: !refusal.isEmpty)
        return AnthropicMessages.message(
            context,
            content: content,
            stop: stop,
            details: AnthropicMessages.stopDetails(stop.0, words: refusal),
            usage: AnthropicMessages.usage(answer.usage, context, spokenBytes: spoken)
        )
    }

    /// A `message` object, with every member that callers look for.
    static func message(
        _ context: AnswerContext,
        content: [JSONValue],
        stop: (reason: String, sequence: String?)?,
        details: JSONValue,
        usage: JSONValue
    ) -> JSONValue {
        [
            "id": .string("msg_\(context.requestID)"), "type": "message", "role": "assistant",
            "model": .string(context.model), "content": .array(content),
            "stop_reason": stop.map { .string($0.reason) } ?? .null,
            "stop_sequence": stop?.sequence.map { .string($0) } ?? .null, "stop_details": details,
            "container": .null, "usage": usage,
        ]
    }

    private static func text(_ text: String, citations: [JSONValue]) -> JSONValue {
        ["type": "text", "text": .string(text), "citations": citations.isEmpty ? .null : .array(citations)]
    }

    /// Messages' form of a citation of the web; nil for others.
    static func citation(_ annotation: JSONValue) -> JSONValue? {
        guard annotation["type"] == "url_citation", let url = annotation["url"]?.stringValue else { return nil }
        return [
            "type": "web_search_result_location", "url": .string(url),
            "title": annotation["title"]?.stringValue.map { .string($0) } ?? .null, "cited_text": "",
            "encrypted_index": "",
        ]
    }

    /// What a tool is called by a caller of this dialect, which has no namespaces.
    static func name(_ name: ToolName) -> String { name.namespace == nil ? name.name : ToolAliases.wireName(name) }

    // MARK: Thinking

    /// Thinking is told only to who asked for it: others look for their answer in the first block.
    static func showsThinking(_ request: ModelRequest) -> Bool {
        request.reasoning.wantsOpaque || request.reasoning.wantsSummary == true
    }

    /// Whether the thoughts themselves are told, not only their blob.
    static func showsThoughts(_ request: ModelRequest) -> Bool {
        AnthropicMessages.showsThinking(request) && request.reasoning.wantsSummary != false
    }

    static func blob(_ opaque: OpaqueReasoning?, _ request: ModelRequest) -> String? {
        guard request.reasoning.wantsOpaque, case .sealed(let blob) = opaque else { return nil }
        return blob
    }

    /// Whether a blob without thoughts stands as `redacted_thinking`.
    ///
    /// Who wants no thoughts expects thinking blocks that are empty.
    static func redactsBlobs(_ request: ModelRequest) -> Bool { request.reasoning.wantsSummary != false }

    private static func thinking(_ block: ReasoningBlock, _ request: ModelRequest) -> JSONValue? {
        guard AnthropicMessages.showsThinking(request) else { return nil }
        let summary = block.summary.filter { !$0.isEmpty }.joined(separator: "\n\n")
        let thoughts = AnthropicMessages.showsThoughts(request) ? summary.isEmpty ? block.text ?? "" : summary : ""
        let blob = AnthropicMessages.blob(block.opaque, request)
        if thoughts.isEmpty {
            guard let blob else { return nil }
            if AnthropicMessages.redactsBlobs(request) {
                return ["type": "redacted_thinking", "data": .string(blob)]
            }
        }
        return ["type": "thinking", "thinking": .string(thoughts), "signature": .string(blob ?? "")]
    }

    // MARK: Usage

    /// The `usage` of an answer, every member filled; what the provider did not tell is estimated.
    static func usage(_ usage: TokenUsage, _ context: AnswerContext, spokenBytes: Int) -> JSONValue {
        var object = AnthropicMessages.deltaUsage(usage, context, spokenBytes: spokenBytes)
        object["cache_creation"] = [
            "ephemeral_5m_input_tokens": .int(usage.cacheWrite ?? 0), "ephemeral_1h_input_tokens": 0,
        ]
        object["service_tier"] = "standard"
        return .object(object)
    }

    /// The `usage` of `message_delta`: whole numbers from the beginning on, input included.
    static func deltaUsage(_ usage: TokenUsage, _ context: AnswerContext, spokenBytes: Int) -> JSONObject {
        let cached = max(0, usage.cachedInput ?? 0)
        let written = max(0, usage.cacheWrite ?? 0)
        // Four bytes for a token, as a rough rule of English text.
        let output = usage.output ?? (spokenBytes + 3) / 4
        return JSONObject([
            ("input_tokens", .int(max(0, (usage.input ?? context.estimatedInputTokens) - cached - written))),
            ("cache_creation_input_tokens", .int(written)), ("cache_read_input_tokens", .int(cached)),
            ("output_tokens", .int(output)),
            ("output_tokens_details", ["thinking_tokens": .int(min(usage.reasoning ?? 0, max(output, 0)))]),
            ("server_tool_use", .null),
        ])
    }
}
