import Canonical
import Wire

extension OpenAIResponses {
    static func readOptions(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        try fields.readSampling(into: &request)
        request.maximumOutputTokens = try fields.int("max_output_tokens", atLeast: 1)
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
        request.reasoning.effort = try reasoning.effort("effort")
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
        reasoning.pass([("context", "auto")])
        losses.dropUnread(of: reasoning)
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
            request.outputFormat = try format.outputFormat()
        }
        losses.dropUnread(of: text)
    }

    /// What matters to the answer alone or to OpenAI's own books.
    private static func readBookkeeping(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        let kept = try fields.readBookkeeping(into: &request, losses: &losses)
        // Who does not store keeps the blobs of reasoning himself.
        request.reasoning.wantsOpaque = kept.store == false
        // It counts calls of tools that a provider runs, and none is run here.
        _ = fields.value("max_tool_calls")
        if let truncation = try fields.string("truncation"), truncation != "disabled" { losses.drop("truncation") }
        for (index, name) in (try fields.array("include") ?? []).enumerated() {
            guard case .string(let name) = name else { throw fields.wrong("include[\(index)]", "a string", name) }
            switch name.string {
            case "reasoning.encrypted_content": request.reasoning.wantsOpaque = true
            case "message.output_text.logprobs":
                throw fields.unsupported("include[\(index)]", "is not supported by the model behind this name")
            case let name where OpenAIResponses.passedIncludes.contains(name): break
            default: losses.drop("include")
            }
        }
    }

    /// What they ask for is never there: results of tools that a provider runs, and a caller's own pictures.
    private static let passedIncludes: Set<String> = [
        "file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
        "message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs",
    ]

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
