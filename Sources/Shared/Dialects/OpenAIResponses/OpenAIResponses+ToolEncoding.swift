import Canonical
import Identity
import Wire

extension OpenAIResponses {
    /// Writes `tools`, `tool_choice` and `parallel_tool_calls`; gives the wire name of a tool that stands for the
    /// schema of the answer.
    static func writeTools(
        of request: ModelRequest,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> String? {
        var tools: [JSONValue] = []
        var served: [ToolDefinition] = []
        var unserved = 0
        for tool in request.tools {
            if case .allowed(let allowed, _) = request.toolChoice, !allowed.contains(tool.name) { continue }
            guard let value = try OpenAIResponses.tool(tool, for: target, losses: &losses) else {
                unserved += 1
                continue
            }
            tools.append(value)
            served.append(tool)
        }
        if tools.isEmpty, unserved > 0 {
            throw TranslationRefusal(
                "tools",
                "are all run by another provider, and the model behind this name has none of them",
                code: .unsupportedParameter
            )
        }
        let choice = try OpenAIResponses.choice(request.toolChoice, among: served)
        let output = OpenAIResponses.outputTool(request, for: target)
        if let output { tools.append(output.definition) }
        guard !tools.isEmpty else { return nil }
        body["tools"] = .array(tools)
        if let output {
            // One of them has to be called, so that the answer has its form; a tool that was chosen comes first.
            let isFree = choice == nil || choice == "auto"
            let own: JSONValue = ["type": "function", "name": .string(output.name)]
            body["tool_choice"] = served.isEmpty || choice == "none" ? own : isFree ? "required" : choice
        } else {
            body["tool_choice"] = choice
        }
        if let isParallel = request.parallelTools { body["parallel_tool_calls"] = .bool(isParallel) }
        return output?.name
    }

    /// Nil for a tool of another provider that can go missing.
    private static func tool(
        _ tool: ToolDefinition,
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> JSONValue? {
        if tool.cacheControl != nil { losses.drop("tools.cache_control") }
        switch tool.kind {
        case .function(let parameters, let strict):
            if strict == true, !target.takesStrictTools { losses.drop("tools.strict") }
            let isStrict = strict == true && target.takesStrictTools
            return OpenAIResponses.function(tool.name, tool.description, parameters, isStrict: isStrict)
        case .custom(let format):
            var custom = JSONObject([("type", "custom"), ("name", .string(ToolAliases.wireName(tool.name)))])
            custom["description"] = tool.description.map { .string($0) }
            custom["format"] = format
            return .object(custom)
        case .toolSearch(let parameters):
            return OpenAIResponses.function(
                tool.name,
                tool.description,
                parameters ?? ["type": "object", "properties": [:]],
                isStrict: false
            )
        case .hosted(.openAIResponses, _, let definition): return definition
        case .hosted(let dialect, let type, _):
            if OpenAIResponses.isIndispensable(type, of: dialect) {
                throw TranslationRefusal(
                    "tools",
                    "has one of the type `\(FieldName.printable(type))`, which the model behind this name lacks",
                    code: .unsupportedParameter
                )
            }
            losses.drop("tools.\(FieldName.printable(type))")
            return nil
        }
    }

    private static func function(
        _ name: ToolName,
        _ description: String?,
        _ parameters: JSONValue,
        isStrict: Bool
    ) -> JSONValue {
        var function = JSONObject([("type", "function"), ("name", .string(ToolAliases.wireName(name)))])
        function["description"] = description.map { .string($0) }
        function["parameters"] = parameters
        // Written out: the default is true here, and false in the dialect that the tool comes from.
        function["strict"] = .bool(isStrict)
        return .object(function)
    }

    /// Whether a caller that brings this tool cannot work without it: it runs the tool itself, by a schema that
    /// only its provider's models know.
    private static func isIndispensable(_ type: String, of dialect: Dialect) -> Bool {
        switch dialect {
        case .openAIChat, .openAIResponses: false
        case .anthropicMessages:
            ["bash_", "text_editor_", "memory_", "computer_", "browser_"].contains { type.hasPrefix($0) }
        }
    }

    /// Nil where there is nothing to choose from.
    private static func choice(
        _ choice: ToolChoice?,
        among tools: [ToolDefinition]
    ) throws(TranslationRefusal) -> JSONValue? {
        if case .hosted(let type) = choice {
            throw TranslationRefusal(
                "tool_choice",
                "names a tool of the type `\(FieldName.printable(type))`, which the model behind this name lacks",
                code: .unsupportedParameter
            )
        }
        guard !tools.isEmpty else { return nil }
        switch choice {
        case nil, .hosted: return nil
        case .auto: return "auto"
        case .some(.none): return "none"
        case .required: return "required"
        // The list of tools was cut to these.
        case .allowed(_, let isRequired): return isRequired ? "required" : "auto"
        case .named(let name):
            guard let tool = tools.first(where: { $0.name == name }) else {
                throw TranslationRefusal("tool_choice", "names a tool that the request does not have")
            }
            let type: JSONValue
            switch tool.kind {
            case .custom: type = "custom"
            case .function, .toolSearch, .hosted: type = "function"
            }
            return ["type": type, "name": .string(ToolAliases.wireName(name))]
        }
    }

    /// The function whose arguments are the answer, for a model that takes no schema for its text.
    private static func outputTool(
        _ request: ModelRequest,
        for target: TargetTraits
    ) -> (name: String, definition: JSONValue)? {
        guard !target.takesOutputSchema,
            case .jsonSchema(let name, let schema, _, let description) = request.outputFormat
        else { return nil }
        let taken = Set(request.tools.map { ToolAliases.wireName($0.name) })
        var alias = ToolAliases.wireName(ToolName(name ?? "structured_output"))
        while taken.contains(alias) { alias = ToolAliases.wireName(ToolName("\(alias)_output")) }
        let text = description ?? "Gives the final answer to the user. Call it once, when the answer is ready."
        return (alias, OpenAIResponses.function(ToolName(alias), text, schema, isStrict: false))
    }
}
