package import Canonical
import Identity
package import Wire

extension OpenAIResponses {
    package static func decodeAnswer(_ body: JSONValue) throws(AnswerProblem) -> ModelResponse {
        guard case .object = body else { throw AnswerProblem(.garbage) }
        guard !ErrorEnvelope.openAI.matches(body) else { throw AnswerProblem(.reported) }
        guard let output = body["output"]?.arrayValue else {
            let isFailure = body["status"] == "failed" || body["status"] == "cancelled"
            throw AnswerProblem(isFailure ? .reported : .garbage)
        }
        var ids = OpenAIResponsesCallIDs()
        ids.answer = body["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        var hasCalls = false
        var hasRefusal = false
        // An item of a whole answer is read as the last event of a streamed one.
        var steps: [ModelEvent] = []
        for item in output {
            guard case .object = item else { throw AnswerProblem(.garbage) }
            guard var reader = OpenAIResponsesItemDecoder(item) else { continue }
            try reader.finish(item, &ids, into: &steps)
            hasCalls = hasCalls || reader.isCall
            hasRefusal = hasRefusal || reader.hasRefusal
        }
        let stop = try OpenAIResponses.stopReason(of: body, hasCalls: hasCalls, hasRefusal: hasRefusal)
        steps.append(.finished(stop))
        return ModelResponse(
            id: ids.answer,
            blocks: ModelResponse(folding: steps)?.blocks ?? [],
            stop: stop,
            usage: body["usage"].map { ReportedUsage($0, .openAIResponses).tokenUsage(.openAIResponses) }
                ?? TokenUsage()
        )
    }

    // MARK: Members of items

    static func text(_ value: JSONValue?) throws(AnswerProblem) -> String {
        switch value {
        case nil, .null: return ""
        case .string(let text): return text.string
        case .bool, .number, .array, .object: throw AnswerProblem(.garbage)
        }
    }

    static func list(_ value: JSONValue?) throws(AnswerProblem) -> [JSONValue] {
        switch value {
        case nil, .null: return []
        case .array(let elements): return elements
        case .bool, .number, .string, .object: throw AnswerProblem(.garbage)
        }
    }

    /// Arguments as a text, or as some providers write it the object itself, or nothing.
    static func arguments(_ value: JSONValue?) throws(AnswerProblem) -> String {
        guard let value, case .object = value else { return try OpenAIResponses.text(value) }
        return JSONWriter.text(value)
    }
}
