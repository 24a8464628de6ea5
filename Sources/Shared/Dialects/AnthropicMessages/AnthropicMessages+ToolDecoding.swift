import Canonical
import Identity
import Wire

extension AnthropicMessages {
    static func readTools(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        var names: Set<String> = []
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            var tool = try RequestFields(value, in: "tools", index)
            guard let definition = try AnthropicMessages.tool(&tool, value, losses: &losses) else { continue }
            guard names.insert(definition.name.name).inserted else {
                throw TranslationRefusal(tool.path(of: "name"), "is the name of another tool as well")
            }
            request.tools.append(definition)
        }
        guard var choice = try fields.fields("tool_choice") else { return }
        request.toolChoice = try AnthropicMessages.toolChoice(&choice, of: request.tools)
        request.parallelTools = try choice.bool("disable_parallel_tool_use").map { !$0 }
        losses.dropUnread(of: choice)
    }

    /// Nil for a tool that is none.
    private static func tool(
        _ fields: inout RequestFields,
        _ value: JSONValue,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ToolDefinition? {
        let type = try fields.string("type") ?? "custom"
        guard type == "custom" else { return try AnthropicMessages.providerTool(&fields, type, value) }
        let name = try fields.requiredString("name")
        guard !name.isEmpty else { throw TranslationRefusal(fields.path(of: "name"), "must not be empty") }
        let isDeferred = try fields.bool("defer_loading") == true
        if isDeferred, name == AnthropicMessages.placeholderTool {
            losses.drop("tools.\(name)")
            return nil
        }
        // The tool is there from the start instead.
        if isDeferred { losses.approximate("tools.defer_loading") }
        let schema = fields.value("input_schema") ?? ["type": "object", "properties": [:]]
        guard case .object = schema else { throw fields.wrong("input_schema", "an object", schema) }
        // How arguments are cut into deltas is no part of what is said.
        _ = try fields.bool("eager_input_streaming")
        if let callers = try fields.array("allowed_callers"), !callers.isEmpty, callers != ["direct"] {
            losses.drop("tools.allowed_callers")
        }
        // More schemas bind here than elsewhere, where a strict tool with such a one is an error.
        let wantsStrict = try fields.bool("strict") ?? false
        let isStrict = wantsStrict && AnthropicMessagesSchema.isStrictEverywhere(schema)
        if wantsStrict, !isStrict { losses.drop(.toolStrictness) }
        let definition = ToolDefinition(
            ToolName(name),
            description: try fields.text("description"),
            kind: .function(parameters: schema, strict: isStrict),
            cacheControl: fields.value("cache_control")
        )
        losses.dropUnread(of: fields)
        return definition
    }

    /// A tool that Anthropic runs, or whose schema its models have built in: whether it can go missing is for the
    /// target's encoder to say.
    private static func providerTool(
        _ fields: inout RequestFields,
        _ type: String,
        _ value: JSONValue
    ) throws(TranslationRefusal) -> ToolDefinition {
        guard type != "mcp_toolset" else {
            throw fields.unsupported("type", "names a server of tools, which the model behind this name cannot reach")
        }
        let name = try fields.string("name") ?? type
        return ToolDefinition(ToolName(name), kind: .hosted(.anthropicMessages, type: type, value))
    }

    private static func toolChoice(
        _ fields: inout RequestFields,
        of tools: [ToolDefinition]
    ) throws(TranslationRefusal) -> ToolChoice {
        switch try fields.requiredString("type") {
        case "auto": return .auto
        case "any": return .required
        case "none": return .none
        case "tool":
            let name = try fields.requiredString("name")
            guard let tool = tools.first(where: { $0.name == ToolName(name) }) else {
                throw TranslationRefusal(fields.path(of: "name"), "names a tool that the request does not have")
            }
            switch tool.kind {
            case .hosted(_, let type, _): return .hosted(type: type)
            case .function, .custom, .toolSearch: return .named(tool.name)
            }
        default:
            throw TranslationRefusal(fields.path(of: "type"), "must be `auto`, `any`, `tool` or `none`")
        }
    }
}
