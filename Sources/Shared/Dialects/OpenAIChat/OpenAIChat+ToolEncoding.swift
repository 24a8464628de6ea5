import Canonical
import Identity
import Wire

extension OpenAIChat {
    /// The one argument of a tool with free input, on a wire that knows functions only.
    static let inputArgument = "input"

    /// Writes `tools`, `tool_choice` and `parallel_tool_calls`; gives the wire name of a tool that stands for the
    /// schema of the answer.
    static func writeTools(
        of request: ModelRequest,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> String? {
        var tools: [JSONValue] = []
        var names: [ToolName] = []
        var unserved = 0
        for tool in request.tools {
            if case .allowed(let allowed, _) = request.toolChoice, !allowed.contains(tool.name) { continue }
            guard let value = try OpenAIChat.tool(tool, for: target, losses: &losses) else {
                unserved += 1
                continue
            }
            tools.append(value)
            names.append(tool.name)
        }
        if tools.isEmpty, unserved > 0 {
            throw TranslationRefusal(
                "tools",
                "are all run by another provider, and the model behind this name has none of them",
                code: .unsupportedParameter
            )
        }
        let choice = try OpenAIChat.choice(request.toolChoice, among: names)
        let output = OpenAIChat.outputTool(request, for: target)
        if let output { tools.append(output.definition) }
        guard !tools.isEmpty else { return nil }
        body["tools"] = .array(tools)
        if let output {
            // One of them has to be called, so that the answer has its form; a tool that was chosen comes first.
            let isFree = choice == nil || choice == "auto"
            let own: JSONValue = ["type": "function", "function": ["name": .string(output.name)]]
            body["tool_choice"] = names.isEmpty || choice == "none" ? own : isFree ? "required" : choice
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
            var isStrict = strict == true
            if isStrict, !target.takesStrictTools {
                losses.drop("tools.strict")
                isStrict = false
            }
            return OpenAIChat.function(tool, tool.description, parameters, isStrict: isStrict)
        case .custom(let format):
            let texts = [tool.description, format.map(OpenAIChat.grammarText)].compactMap { $0 }
            let parameters: JSONValue = [
                "type": "object",
                "properties": .object(JSONObject([(OpenAIChat.inputArgument, ["type": "string"])])),
                "required": [.string(OpenAIChat.inputArgument)], "additionalProperties": false,
            ]
            let description = texts.isEmpty ? nil : texts.joined(separator: "\n\n")
            return OpenAIChat.function(tool, description, parameters, isStrict: false)
        case .toolSearch(let parameters):
            return OpenAIChat.function(
                tool,
                tool.description,
                parameters ?? ["type": "object", "properties": [:]],
                isStrict: false
            )
        case .hosted(let dialect, let type, let definition):
            if dialect == .openAIChat { return definition }
            if OpenAIChat.isIndispensable(type, of: dialect) {
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
        _ tool: ToolDefinition,
        _ description: String?,
        _ parameters: JSONValue,
        isStrict: Bool
    ) -> JSONValue {
        var function = JSONObject()
        function["name"] = .string(ToolAliases.wireName(tool.name))
        function["description"] = description.map { .string($0) }
        function["parameters"] = parameters
        // False is the default here, and servers without the member need not see it.
        if isStrict { function["strict"] = true }
        return ["type": "function", "function": .object(function)]
    }

    private static func grammarText(_ format: JSONValue) -> String {
        let grammar = format["grammar"] ?? format
        guard let definition = grammar["definition"]?.stringValue else {
            return "The input must have this format: \(JSONWriter.text(format))"
        }
        let syntax = grammar["syntax"]?.stringValue ?? "the following"
        return "The input must match this grammar (\(syntax)):\n\(definition)"
    }

    /// Whether a caller that brings this tool cannot work without it: it runs the tool itself, by a schema that
    /// only its provider's models know, or it brings a server with secrets.
    private static func isIndispensable(_ type: String, of dialect: Dialect) -> Bool {
        switch dialect {
        case .openAIChat: false
        case .openAIResponses: type == "mcp"
        case .anthropicMessages:
            ["bash_", "text_editor_", "memory_", "computer_", "browser_"].contains { type.hasPrefix($0) }
        }
    }

    /// Nil where there is nothing to choose from.
    private static func choice(
        _ choice: ToolChoice?,
        among names: [ToolName]
    ) throws(TranslationRefusal) -> JSONValue? {
        if case .hosted(let type) = choice {
            throw TranslationRefusal(
                "tool_choice",
                "names a tool of the type `\(FieldName.printable(type))`, which the model behind this name lacks",
                code: .unsupportedParameter
            )
        }
        guard !names.isEmpty else { return nil }
        switch choice {
        case nil, .hosted: return nil
        case .auto: return "auto"
        case .some(.none): return "none"
        case .required: return "required"
        // The list of tools was cut to these.
        case .allowed(_, let isRequired): return isRequired ? "required" : "auto"
        case .named(let name):
            guard names.contains(name) else {
                throw TranslationRefusal("tool_choice", "names a tool that the request does not have")
            }
            return ["type": "function", "function": ["name": .string(ToolAliases.wireName(name))]]
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
        let definition = OpenAIChat.function(
            ToolDefinition(ToolName(alias), kind: .function(parameters: schema, strict: nil)),
            text,
            schema,
            isStrict: false
        )
        return (alias, definition)
    }

    /// The JSON text of a call's arguments as this wire has them: free input in its one argument.
    static func wireArguments(of call: ToolCall) -> String {
        switch call.kind {
        case .function, .toolSearch: return call.arguments.isEmpty ? "{}" : call.arguments
        case .custom:
            return JSONWriter.text(.object(JSONObject([(OpenAIChat.inputArgument, .string(call.arguments))])))
        }
    }
}
