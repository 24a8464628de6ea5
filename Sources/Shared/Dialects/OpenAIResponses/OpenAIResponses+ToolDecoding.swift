import Canonical
import Identity
import Wire

extension OpenAIResponses {
    /// `tools`, the tools that came with items, and `tool_choice`.
    ///
    /// A tool that is told again takes the place of the earlier one: clients repeat what a search found.
    static func readTools(
        _ fields: inout RequestFields,
        adding reader: OpenAIResponsesItemReader,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        let own = try fields.array("tools") ?? []
        // Those of the items come in the order of the conversation, behind those that were there before it.
        for (path, tools) in [("tools", own)] + reader.tools.map({ ($0.path, $0.tools) }) {
            for tool in try OpenAIResponses.tools(tools, at: path, losses: &losses) {
                if case .hosted = tool.kind {
                    if !request.tools.contains(tool) { request.tools.append(tool) }
                } else if let place = request.tools.firstIndex(where: { $0.name == tool.name && !$0.isHosted }) {
                    request.tools[place] = tool
                } else {
                    request.tools.append(tool)
                }
            }
        }
        request.parallelTools = try fields.bool("parallel_tool_calls")
        request.toolChoice = try OpenAIResponses.toolChoice(&fields, among: request.tools, losses: &losses)
    }

    /// The same for a list of which nothing is to be reported.
    static func tools(_ values: [JSONValue], at path: String) throws(TranslationRefusal) -> [ToolDefinition] {
        var ignored = LossReport()
        return try OpenAIResponses.tools(values, at: path, losses: &ignored)
    }

    private static func tools(
        _ values: [JSONValue],
        at path: String,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> [ToolDefinition] {
        var tools: [ToolDefinition] = []
        for (index, value) in values.enumerated() {
            var fields = try RequestFields(value, in: path, index)
            let type = try fields.requiredString("type")
            switch type {
            case "function", "custom":
                tools.append(try OpenAIResponses.tool(&fields, type, in: nil, losses: &losses))
            case "namespace": tools += try OpenAIResponses.namespace(&fields, losses: &losses)
            case "tool_search" where value["execution"] == "client":
                let parameters = try fields.argumentSchema()
                tools.append(
                    ToolDefinition(
                        OpenAIResponses.toolSearchName,
                        description: try fields.text("description"),
                        kind: .toolSearch(parameters: parameters)
                    )
                )
            case "mcp":
                throw fields.unsupported("type", "servers of tools are not supported by the model behind this name")
            default:
                // A tool that the provider runs: whether it can go missing is for the target's encoder to say.
                tools.append(ToolDefinition(ToolName(type), kind: .hosted(.openAIResponses, type: type, value)))
            }
        }
        return tools
    }

    /// What a namespace is for goes with the first of its tools: other dialects have no place for it.
    private static func namespace(
        _ fields: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> [ToolDefinition] {
        let name = try fields.nonEmptyName()
        let description = try fields.text("description")
        var tools: [ToolDefinition] = []
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            var inner = try RequestFields(value, in: fields, "tools", index)
            let type = try inner.requiredString("type")
            guard type == "function" || type == "custom" else {
                throw inner.unsupported("type", "must be `function` or `custom`")
            }
            var tool = try OpenAIResponses.tool(&inner, type, in: name, losses: &losses)
            if index == 0, let description, !description.isEmpty {
                tool.description = [description, tool.description].compactMap { $0 }.joined(separator: "\n\n")
            }
            tools.append(tool)
        }
        return tools
    }

    private static func tool(
        _ fields: inout RequestFields,
        _ type: String,
        in namespace: String?,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ToolDefinition {
        let name = ToolName(try fields.nonEmptyName(), namespace: namespace)
        let description = try fields.text("description")
        // The tool is at hand from the start, so that nothing of the flag is left to do.
        _ = try fields.bool("defer_loading")
        let kind: ToolDefinition.Kind
        if type == "custom" {
            kind = .custom(format: try fields.inputFormat())
        } else {
            let parameters = try fields.argumentSchema() ?? RequestFields.noArguments
            let told = try fields.bool("strict")
            if told == nil, !OpenAIResponses.isStrict(parameters) { losses.approximate("tools.strict") }
            kind = .function(parameters: parameters, strict: told ?? OpenAIResponses.isStrict(parameters))
        }
        losses.dropUnread(of: fields)
        return ToolDefinition(name, description: description, kind: kind)
    }

    /// Whether a schema is one that `strict` can hold a model to: every object names all its members as required
    /// and allows no others.
    ///
    /// Responses is strict where nothing is said, and makes schemas fit; elsewhere one that does not fit is an
    /// error, which a caller who said nothing must not get.
    private static func isStrict(_ schema: JSONValue) -> Bool {
        switch schema {
        case .null, .bool, .number, .string: return true
        case .array(let elements): return elements.allSatisfy { OpenAIResponses.isStrict($0) }
        case .object(let object):
            if object["type"] == "object" || object["properties"]?.objectValue != nil {
                guard object["additionalProperties"] == false else { return false }
                let required = Set((object["required"]?.arrayValue ?? []).compactMap(\.stringValue))
                let names = object["properties"]?.objectValue?.memberNames ?? []
                guard names.allSatisfy({ required.contains($0) }) else { return false }
            }
            return object.members.allSatisfy { OpenAIResponses.isStrict($0.value) }
        }
    }
}

extension ToolDefinition {
    var isHosted: Bool {
        if case .hosted = self.kind { true } else { false }
    }
}
