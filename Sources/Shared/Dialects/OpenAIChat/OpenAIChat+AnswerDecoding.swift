package import Canonical
import Identity
package import Wire

extension OpenAIChat {
    package static func decodeAnswer(_ body: JSONValue) throws(AnswerProblem) -> ModelResponse {
        guard case .object = body else { throw AnswerProblem(.garbage) }
        guard !ErrorEnvelope.openAI.matches(body) else { throw AnswerProblem(.reported) }
        // Only one answer was asked for; where more came, the first counts.
        guard let choices = body["choices"]?.arrayValue,
            let choice = choices.first(where: { ($0["index"]?.intValue ?? 0) == 0 }) ?? choices.first,
            let message = choice["message"], case .object = message
        else { throw AnswerProblem(.garbage) }
        if let error = choice["error"], error != .null { throw AnswerProblem(.reported) }

        let id = body["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let words = try OpenAIChatWordsOfAnswer(message)
        var blocks: [Block] = []
        let details = message["reasoning_details"]?.arrayValue ?? []
        let reasoning = OpenAIChat.reasoningBlocks(text: words.reasoning, details: details, opaque: { _ in nil })
        blocks += (reasoning ?? []).map { .reasoning($0) }
        if !words.text.isEmpty {
            let annotations = (message["annotations"]?.arrayValue ?? []).map(OpenAIChat.flatAnnotation)
            blocks.append(.text(TextBlock(JSONText(words.text), annotations: annotations)))
        }
        if !words.refusal.isEmpty { blocks.append(.refusal(words.refusal)) }
        let calls = try OpenAIChat.calls(of: message, answer: id)
        blocks += calls.map { .toolCall($0) }

        let reason = choice["finish_reason"]?.stringValue
        guard
            let stop = OpenAIChat.stopReason(reason, hasCalls: !calls.isEmpty, hasRefusal: !words.refusal.isEmpty)
        else { throw AnswerProblem(.reported) }
        let usage = body["usage"].map { ReportedUsage($0, .openAIChat).tokenUsage(.openAIChat) } ?? TokenUsage()
        return ModelResponse(id: id, blocks: blocks, stop: stop, usage: usage)
    }

    private static func calls(of message: JSONValue, answer: String?) throws(AnswerProblem) -> [ToolCall] {
        var ids = CallIDs()
        var calls: [ToolCall] = []
        if let value = message["tool_calls"], value != .null {
            guard let elements = value.arrayValue else { throw AnswerProblem(.garbage) }
            for element in elements {
                let custom = element["custom"]
                let inner = custom ?? element["function"]
                guard let name = inner?["name"]?.stringValue, !name.isEmpty else { throw AnswerProblem(.garbage) }
                let text = try OpenAIChat.argumentText(inner?[custom == nil ? "arguments" : "input"])
                calls.append(
                    ToolCall(
                        id: ids.next(element["id"]?.stringValue, answer: answer),
                        name: ToolName(name),
                        kind: custom == nil ? .function : .custom,
                        arguments: custom == nil && text.isEmpty ? "{}" : JSONText(text)
                    )
                )
            }
        }
        if calls.isEmpty, let function = message["function_call"], function != .null {
            guard let name = function["name"]?.stringValue, !name.isEmpty else { throw AnswerProblem(.garbage) }
            let text = try OpenAIChat.argumentText(function["arguments"])
            calls.append(
                ToolCall(
                    id: ids.next(nil, answer: answer),
                    name: ToolName(name),
                    arguments: text.isEmpty ? "{}" : JSONText(text)
                )
            )
        }
        return calls
    }

    /// Arguments, or a piece of them: a text, or as some providers write it the object itself, or nothing.
    static func argumentText(_ value: JSONValue?) throws(AnswerProblem) -> String {
        switch value {
        case nil, .null: return ""
        case .string(let text): return text.string
        case .some(let value):
            guard case .object = value else { throw AnswerProblem(.garbage) }
            return JSONWriter.text(value)
        }
    }

    /// Responses' form of a citation; others are left as they are.
    static func flatAnnotation(_ annotation: JSONValue) -> JSONValue {
        guard let type = annotation["type"]?.stringValue, let inner = annotation[type]?.objectValue else {
            return annotation
        }
        return .object(JSONObject([("type", .string(type))] + inner.members.map { ($0.name, $0.value) }))
    }

    /// Chat's form of a citation.
    static func nestedAnnotation(_ annotation: JSONValue) -> JSONValue {
        guard let type = annotation["type"]?.stringValue, var inner = annotation.objectValue, inner[type] == nil else {
            return annotation
        }
        inner["type"] = nil
        return .object(JSONObject([("type", .string(type)), (type, .object(inner))]))
    }
}
