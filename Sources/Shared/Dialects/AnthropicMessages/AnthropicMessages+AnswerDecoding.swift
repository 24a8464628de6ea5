package import Canonical
import Identity
package import Wire

extension AnthropicMessages {
    package static func decodeAnswer(_ body: JSONValue) throws(AnswerProblem) -> ModelResponse {
        guard case .object = body else { throw AnswerProblem(.garbage) }
        guard !ErrorEnvelope.anthropic.matches(body) else { throw AnswerProblem(.reported) }
        guard let content = body["content"]?.arrayValue else { throw AnswerProblem(.garbage) }
        var blocks: [Block] = []
        for block in content {
            if let block = try AnthropicMessages.block(block) { blocks.append(block) }
        }
        let hasCalls = blocks.contains { $0.isToolCall }
        let reason = body["stop_reason"]?.stringValue
        if reason == "refusal", let words = AnthropicMessages.explanation(body["stop_details"]) {
            // The words may be there as text already.
            blocks.removeAll { $0 == .text(TextBlock(words)) }
            blocks.append(.refusal(words))
        }
        return ModelResponse(
            id: body["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 },
            blocks: blocks,
            stop: AnthropicMessages.stopReason(
                reason,
                sequence: body["stop_sequence"]?.stringValue,
                hasCalls: hasCalls
            ),
            usage: (body["usage"].map { ReportedUsage($0, .anthropicMessages) } ?? ReportedUsage()).tokenUsage(
                .anthropicMessages
            )
        )
    }

    static func explanation(_ details: JSONValue?) -> String? {
        details?["explanation"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Nil for what no answer here holds: steps of the provider's own tools, and types that came later.
    private static func block(_ value: JSONValue) throws(AnswerProblem) -> Block? {
        guard case .object = value else { throw AnswerProblem(.garbage) }
        func text(_ name: String) throws(AnswerProblem) -> String {
            guard let text = value[name]?.stringValue else { throw AnswerProblem(.garbage) }
            return text
        }
        switch value["type"]?.stringValue {
        case "text":
            let citations = value["citations"]?.arrayValue ?? []
            let words = try text("text")
            let annotations = citations.compactMap {
                AnthropicMessages.annotation($0, length: words.unicodeScalars.count)
            }
            return .text(TextBlock(JSONText(words), annotations: annotations))
        case "thinking":
            let thoughts = try text("thinking")
            let signature = value["signature"]?.stringValue ?? ""
            return .reasoning(
                ReasoningBlock(
                    summary: thoughts.isEmpty ? [] : [thoughts],
                    opaque: signature.isEmpty ? nil : .native(.signature, signature)
                )
            )
        case "redacted_thinking": return .reasoning(ReasoningBlock(opaque: .native(.redacted, try text("data"))))
        case "tool_use":
            let id = try text("id")
            let name = try text("name")
            guard !id.isEmpty, !name.isEmpty else { throw AnswerProblem(.garbage) }
            let input = value["input"] ?? [:]
            guard case .object = input else { throw AnswerProblem(.garbage) }
            return .toolCall(ToolCall(id: id, name: ToolName(name), arguments: JSONText(JSONWriter.text(input))))
        case nil: throw AnswerProblem(.garbage)
        case .some: return nil
        }
    }

    /// Responses' form of a citation of the web, in a text of this length; nil for citations of what the caller sent.
    static func annotation(_ citation: JSONValue, length: Int) -> JSONValue? {
        guard citation["type"] == "web_search_result_location", let url = citation["url"]?.stringValue else {
            return nil
        }
        // It stands for the whole text that carries it.
        return [
            "type": "url_citation", "url": .string(url), "title": .string(citation["title"]?.stringValue ?? ""),
            "start_index": 0, "end_index": .int(length),
        ]
    }
}
