import Canonical
import Identity
import Wire

extension OpenAIChat {
    /// `tools` and `tool_choice`, or the older `functions` and `function_call`.
    static func readTools(
        _ fields: inout RequestFields,
        into request: inout ModelRequest
    ) throws(TranslationRefusal) {
        for (index, tool) in (try fields.array("tools") ?? []).enumerated() {
            request.tools.append(try OpenAIChat.tool(tool, at: "tools[\(index)]"))
        }
        let functions = try fields.array("functions") ?? []
        for (index, function) in functions.enumerated() {
            var function = try RequestFields(function, at: "functions[\(index)]")
            request.tools.append(try OpenAIChat.function(&function))
        }
        request.parallelTools = try fields.bool("parallel_tool_calls")
        if !functions.isEmpty {
            request.echo[OpenAIChat.functionsEcho] = true
            // The older shape of an answer has room for one call.
            request.parallelTools = false
        }
        let choice = try OpenAIChat.toolChoice(&fields)
        let older = try OpenAIChat.functionChoice(&fields)
        request.toolChoice = choice ?? older
        try OpenAIChat.check(request.toolChoice, of: request.tools, at: choice == nil ? "function_call" : "tool_choice")
    }

    private static func tool(_ value: JSONValue, at path: String) throws(TranslationRefusal) -> ToolDefinition {
        var fields = try RequestFields(value, at: path)
        let type = try fields.requiredString("type")
        let cacheControl = fields.value("cache_control")
        switch type {
        case "function":
            guard var function = try fields.fields("function") else { throw fields.missing("function") }
            var tool = try OpenAIChat.function(&function)
            tool.cacheControl = cacheControl
            return tool
        case "custom":
            guard var custom = try fields.fields("custom") else { throw fields.missing("custom") }
            let name = try custom.requiredString("name")
            let description = try custom.string("description")
            return ToolDefinition(
                ToolName(try OpenAIChat.nonEmpty(name, at: custom.path(of: "name"))),
                description: description,
                kind: .custom(format: try OpenAIChat.customFormat(&custom)),
                cacheControl: cacheControl
            )
        default:
            // A tool that the provider runs: whether it can go missing is for the target's encoder to say.
            return ToolDefinition(ToolName(type), kind: .hosted(.openAIChat, type: type, value))
        }
    }

    private static func function(_ fields: inout RequestFields) throws(TranslationRefusal) -> ToolDefinition {
        let name = try OpenAIChat.nonEmpty(try fields.requiredString("name"), at: fields.path(of: "name"))
        let description = try fields.string("description")
        let strict = try fields.bool("strict") ?? false
        let parameters = try OpenAIChat.parameters(&fields)
        return ToolDefinition(
            ToolName(name),
            description: description,
            kind: .function(parameters: parameters, strict: strict)
        )
    }

    private static func nonEmpty(_ text: String, at path: String) throws(TranslationRefusal) -> String {
        guard !text.isEmpty else { throw TranslationRefusal(path, "must not be empty") }
        return text
    }

    /// The schema of a function's arguments, whose type is written out: other dialects require it.
    private static func parameters(_ fields: inout RequestFields) throws(TranslationRefusal) -> JSONValue {
        guard let value = fields.value("parameters") else { return ["type": "object", "properties": [:]] }
        guard case .object(let schema) = value else { throw fields.wrong("parameters", "an object", value) }
        if schema.isEmpty { return ["type": "object", "properties": [:]] }
        guard let type = schema["type"] else {
            return .object(JSONObject([("type", "object")] + schema.members.map { ($0.name, $0.value) }))
        }
        guard type == "object" else {
            throw TranslationRefusal("\(fields.path(of: "parameters")).type", "must be `object`")
        }
        return value
    }

    /// A grammar in Responses' flat form; nil for any text.
    private static func customFormat(_ fields: inout RequestFields) throws(TranslationRefusal) -> JSONValue? {
        guard var format = try fields.fields("format") else { return nil }
        switch try format.requiredString("type") {
        case "text": return nil
        case "grammar":
            guard var grammar = try format.fields("grammar") else { throw format.missing("grammar") }
            let syntax = try grammar.requiredString("syntax")
            let definition = try grammar.requiredString("definition")
            return ["type": "grammar", "syntax": .string(syntax), "definition": .string(definition)]
        default: throw format.unsupported("type", "must be `text` or `grammar`")
        }
    }

    private static func toolChoice(_ fields: inout RequestFields) throws(TranslationRefusal) -> ToolChoice? {
        guard let value = fields.value("tool_choice") else { return nil }
        if case .string(let word) = value {
            switch word {
            case "auto": return .auto
            case "none": return ToolChoice.none
            case "required", "any": return .required
            default: throw TranslationRefusal("tool_choice", "must be `auto`, `none`, `required` or an object")
            }
        }
        var choice = try RequestFields(value, at: "tool_choice")
        let type = try choice.requiredString("type")
        guard type == "allowed_tools" else {
            return try OpenAIChat.toolReference(&choice, type).map { .named($0) } ?? .hosted(type: type)
        }
        // Some clients leave out the inner object.
        var allowed = try choice.fields("allowed_tools") ?? choice
        let mode = try allowed.string("mode") ?? "auto"
        guard mode == "auto" || mode == "required" else {
            throw TranslationRefusal(allowed.path(of: "mode"), "must be `auto` or `required`")
        }
        var names: [ToolName] = []
        for (index, tool) in (try allowed.array("tools") ?? []).enumerated() {
            var tool = try RequestFields(tool, at: "\(allowed.path(of: "tools"))[\(index)]")
            let type = try tool.requiredString("type")
            guard let name = try OpenAIChat.toolReference(&tool, type) else {
                throw tool.unsupported("type", "must be `function` or `custom`")
            }
            names.append(name)
        }
        return .allowed(names, required: mode == "required")
    }

    /// `{"type":"function","function":{"name"}}`, the same of a custom tool; nil for another type.
    private static func toolReference(
        _ fields: inout RequestFields,
        _ type: String
    ) throws(TranslationRefusal) -> ToolName? {
        guard type == "function" || type == "custom" else { return nil }
        guard var inner = try fields.fields(type) else { throw fields.missing(type) }
        return ToolName(try inner.requiredString("name"))
    }

    private static func functionChoice(_ fields: inout RequestFields) throws(TranslationRefusal) -> ToolChoice? {
        guard let value = fields.value("function_call") else { return nil }
        switch value {
        case "auto": return .auto
        case "none": return ToolChoice.none
        default:
            var choice = try RequestFields(value, at: "function_call")
            return .named(ToolName(try choice.requiredString("name")))
        }
    }

    private static func check(
        _ choice: ToolChoice?,
        of tools: [ToolDefinition],
        at field: String
    ) throws(TranslationRefusal) {
        switch choice {
        case nil, .auto, .some(.none), .hosted: return
        case .required:
            guard tools.isEmpty else { return }
            throw TranslationRefusal(field, "requires a tool, but the request has none")
        case .named(let name):
            guard !tools.contains(where: { $0.name == name }) else { return }
            throw TranslationRefusal(field, "names a tool that the request does not have")
        case .allowed(let names, _):
            guard names.contains(where: { name in !tools.contains { $0.name == name } }) else { return }
            throw TranslationRefusal(field, "names a tool that the request does not have")
        }
    }

    /// The JSON text of a call's arguments: some clients write an object, nothing at all, or an empty text.
    static func arguments(_ value: JSONValue?, at path: String) throws(TranslationRefusal) -> String {
        switch value {
        case nil, .null: return "{}"
        case .string(let text): return text.isEmpty ? "{}" : text
        case .some(let value):
            guard case .object = value else {
                throw TranslationRefusal(path, "must be a string of JSON, not \(value.kind)")
            }
            return JSONWriter.text(value)
        }
    }
}
