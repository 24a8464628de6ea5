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
            request.tools.append(try OpenAIChat.tool(tool, index))
        }
        let functions = try fields.array("functions") ?? []
        for (index, function) in functions.enumerated() {
            var function = try RequestFields(function, in: "functions", index)
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

    /// The tool at `index` of `tools`.
    private static func tool(_ value: JSONValue, _ index: Int) throws(TranslationRefusal) -> ToolDefinition {
        var fields = try RequestFields(value, in: "tools", index)
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
            return ToolDefinition(
                ToolName(try custom.nonEmptyName()),
                description: try custom.text("description"),
                kind: .custom(format: try custom.inputFormat(grammarIn: "grammar")),
                cacheControl: cacheControl
            )
        default:
            // A tool that the provider runs: whether it can go missing is for the target's encoder to say.
            return ToolDefinition(ToolName(type), kind: .hosted(.openAIChat, type: type, value))
        }
    }

    private static func function(_ fields: inout RequestFields) throws(TranslationRefusal) -> ToolDefinition {
        let name = try fields.nonEmptyName()
        let description = try fields.text("description")
        let strict = try fields.bool("strict") ?? false
        let parameters = try fields.argumentSchema() ?? RequestFields.noArguments
        return ToolDefinition(
            ToolName(name),
            description: description,
            kind: .function(parameters: parameters, strict: strict)
        )
    }

    private static func toolChoice(_ fields: inout RequestFields) throws(TranslationRefusal) -> ToolChoice? {
        guard let value = fields.value("tool_choice") else { return nil }
        if case .string(let word) = value {
            switch word.string {
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
            var tool = try RequestFields(tool, in: allowed, "tools", index)
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
    static func arguments(_ function: inout RequestFields) throws(TranslationRefusal) -> JSONText {
        switch function.value("arguments") {
        case nil, .null: return "{}"
        case .string(let text): return text.isEmpty ? "{}" : text
        case .some(let value):
            guard case .object = value else {
                throw function.wrong("arguments", "a string of JSON", value)
            }
            return JSONText(JSONWriter.text(value))
        }
    }
}
