import Canonical
import Wire

extension OpenAIResponses {
    static func readOptions(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        request.sampling.temperature = try fields.number("temperature")
        request.sampling.topP = try fields.number("top_p")
        // Extensions: open servers of this dialect take them.
        request.sampling.topK = try fields.number("top_k")
        request.sampling.frequencyPenalty = try fields.number("frequency_penalty")
        request.sampling.presencePenalty = try fields.number("presence_penalty")
        request.maximumOutputTokens = try fields.int("max_output_tokens", atLeast: 1)
        request.cacheKey = try fields.string("prompt_cache_key")
        request.stream = try fields.bool("stream") ?? false
        // Its one member asks for padding, which is the gateway's own business.
        _ = try fields.fields("stream_options")
        try OpenAIResponses.readReasoning(&fields, into: &request, losses: &losses)
        try OpenAIResponses.readText(&fields, into: &request, losses: &losses)
        try OpenAIResponses.readBookkeeping(&fields, into: &request, losses: &losses)
    }

    private static func readReasoning(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        guard var reasoning = try fields.fields("reasoning") else { return }
        if let text = try reasoning.string("effort") {
            guard let effort = ReasoningOptions.Effort(rawValue: text) else {
                let names = ReasoningOptions.Effort.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw TranslationRefusal(reasoning.path(of: "effort"), "must be one of \(names)")
            }
            request.reasoning.effort = effort
        }
        // The second is the older name.
        let summary = try reasoning.string("summary")
        let older = try reasoning.string("generate_summary")
        switch summary ?? older {
        case nil: break
        case "auto": request.reasoning.wantsSummary = true
        case "concise", "detailed":
            request.reasoning.wantsSummary = true
            losses.approximate("reasoning.summary")
        case "none": request.reasoning.wantsSummary = false
        default:
            throw TranslationRefusal(
                reasoning.path(of: summary == nil ? "generate_summary" : "summary"),
                "must be `auto`, `concise` or `detailed`"
            )
        }
        losses.dropUnread(of: reasoning, in: "reasoning")
    }

    private static func readText(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        guard var text = try fields.fields("text") else { return }
        // `medium` asks for what happens anyway.
        if let verbosity = try text.string("verbosity"), verbosity != "medium" { losses.drop("text.verbosity") }
        if var format = try text.fields("format") {
            request.outputFormat = try OpenAIResponses.outputFormat(&format)
        }
        losses.dropUnread(of: text, in: "text")
    }

    private static func outputFormat(_ format: inout RequestFields) throws(TranslationRefusal) -> OutputFormat {
        switch try format.requiredString("type") {
        case "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            guard let schema = format.value("schema") else { throw format.missing("schema") }
            guard case .object = schema else { throw format.wrong("schema", "an object", schema) }
            return .jsonSchema(
                name: try format.string("name"),
                schema: schema,
                strict: try format.bool("strict"),
                description: try format.string("description")
            )
        default: throw format.unsupported("type", "must be `text`, `json_object` or `json_schema`")
        }
    }

    /// What matters to the answer alone or to OpenAI's own books.
    private static func readBookkeeping(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        if let metadata = fields.value("metadata") {
            guard case .object = metadata else { throw fields.wrong("metadata", "an object", metadata) }
        }
        // Nothing is ever stored, which the answer says; who does not store keeps the blobs of reasoning himself.
        let store = try fields.bool("store")
        if store == true { losses.drop("store") }
        request.reasoning.wantsOpaque = store == false
        if let tier = try fields.string("service_tier"), tier != "auto", tier != "default" {
            losses.drop("service_tier")
        }
        if let truncation = try fields.string("truncation"), truncation != "disabled" { losses.drop("truncation") }
        for (index, name) in (try fields.array("include") ?? []).enumerated() {
            guard case .string(let name) = name else { throw fields.wrong("include[\(index)]", "a string", name) }
            switch name {
            case "reasoning.encrypted_content": request.reasoning.wantsOpaque = true
            case "message.output_text.logprobs":
                throw fields.unsupported("include[\(index)]", "is not supported by the model behind this name")
            default: losses.drop("include")
            }
        }
    }

    // MARK: Echo

    private static let echoed = [
        "instructions", "max_output_tokens", "max_tool_calls", "metadata", "parallel_tool_calls",
        "prompt_cache_key", "reasoning", "safety_identifier", "temperature", "text", "tool_choice", "tools", "top_p",
        "user",
    ]

    /// Keeps what an answer repeats as it was sent, tools before their namespaces are joined to their names.
    static func keepEcho(of body: JSONObject, in request: inout ModelRequest) {
        for name in OpenAIResponses.echoed {
            guard let value = body[name], value != .null else { continue }
            switch (name, value) {
            case ("tools", .array(let tools)):
                request.echo[name] = .array(tools.map { OpenAIResponses.completed($0) })
            case ("text", .object(var text)):
                if text["format"] == nil { text["format"] = ["type": "text"] }
                request.echo[name] = .object(text)
            default: request.echo[name] = value
            }
        }
    }

    /// A tool with the members that an answer's schema requires of it, by their defaults.
    private static func completed(_ tool: JSONValue) -> JSONValue {
        guard case .object(var object) = tool else { return tool }
        switch object["type"] {
        case "function":
            if object["parameters"] == nil { object["parameters"] = .null }
            if object["strict"] == nil { object["strict"] = true }
        case "namespace":
            if case .array(let tools) = object["tools"] {
                object["tools"] = .array(tools.map { OpenAIResponses.completed($0) })
            }
        default: break
        }
        return .object(object)
    }
}
