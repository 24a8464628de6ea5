package import Canonical
package import Wire

extension OpenAIResponses {
    package static func decodeRequest(
        _ body: JSONValue,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest {
        var fields = try RequestFields(body, at: "")
        var request = ModelRequest(model: try fields.requiredString("model"))
        try OpenAIResponses.refuseState(&fields)
        try OpenAIResponses.refuseWhatNoOtherDialectHas(&fields)
        let reader = try OpenAIResponses.readInput(&fields, into: &request, losses: &losses)
        try OpenAIResponses.readTools(&fields, adding: reader, into: &request, losses: &losses)
        try OpenAIResponses.readOptions(&fields, into: &request, losses: &losses)
        OpenAIResponses.keepEcho(of: fields.object, in: &request)
        losses.dropUnread(of: fields)
        return request
    }

    /// What stands for things that another provider keeps, or that outlive the request.
    private static func refuseState(_ fields: inout RequestFields) throws(TranslationRefusal) {
        for name in ["previous_response_id", "conversation", "prompt"] where fields.value(name) != nil {
            throw fields.unsupported(
                name,
                "names something that the provider behind this name does not keep; send the whole conversation"
            )
        }
        if try fields.bool("background") == true {
            throw fields.unsupported("background", "is not supported by the model behind this name")
        }
    }

    private static func refuseWhatNoOtherDialectHas(_ fields: inout RequestFields) throws(TranslationRefusal) {
        try fields.refuseProbabilities()
        // Not of this dialect, but some clients and servers know them.
        try fields.refuseSeveralAnswersAndBias()
    }

    private static func readInput(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> OpenAIResponsesItemReader {
        var reader = OpenAIResponsesItemReader()
        if let text = try fields.text("instructions"), !text.isEmpty {
            request.turns.append(Turn(.system, [.text(TextBlock(text))]))
        }
        guard let input = fields.value("input") else { throw fields.missing("input") }
        switch input {
        case .string(let text): request.turns.append(Turn(.user, [.text(TextBlock(text))]))
        case .array(let items):
            for (index, item) in items.enumerated() {
                try reader.read(item, index, losses: &losses)
            }
            request.turns += reader.turns
        case .null, .bool, .number, .object: throw fields.wrong("input", "a string or an array of items", input)
        }
        return reader
    }
}
