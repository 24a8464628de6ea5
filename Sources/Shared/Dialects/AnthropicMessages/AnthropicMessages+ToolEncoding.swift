import Canonical
import Identity
import Wire

extension AnthropicMessages {
    /// What a request says of tools to a target.
    struct EncodedTools {
        var tools: [JSONValue] = []
        var choice: JSONValue?
        /// The wire name of the tool that stands for the schema of the answer.
        var outputTool: String?

        /// Whether some tool must be called, which goes with no thinking.
        var isForced: Bool { self.choice?["type"] == "any" || self.choice?["type"] == "tool" }
    }

    /// `calledNames` are wire names of tools that the history calls.
    static func tools(
        of request: ModelRequest,
        calledNames: [String],
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> EncodedTools {
        var encoded = EncodedTools()
        var names: [ToolName] = []
        var unserved = 0
        for tool in request.tools {
            if case .allowed(let allowed, _) = request.toolChoice, !allowed.contains(tool.name) { continue }
            guard let value = try AnthropicMessages.tool(tool, for: target, losses: &losses) else {
                unserved += 1
                continue
            }
            encoded.tools.append(value)
            names.append(tool.name)
        }
        if encoded.tools.isEmpty, unserved > 0 {
            throw TranslationRefusal(
                "tools",
                "are all run by another provider, and the model behind this name has none of them",
                code: .unsupportedParameter
            )
        }
        var choice = try AnthropicMessages.choice(request.toolChoice, among: names)
        if let output = try AnthropicMessages.outputTool(request, for: target) {
            encoded.outputTool = output.name
            encoded.tools.append(output.definition)
            // One of them has to be called, so that the answer has its form; a tool that was chosen comes first.
            let own = JSONObject([("type", "tool"), ("name", .string(output.name))])
            switch choice?["type"] {
            case "none": choice = own
            case nil, "auto": choice = names.isEmpty ? own : JSONObject([("type", "any")])
            case .some: break
            }
        }
        if encoded.tools.isEmpty {
            // A history with calls needs their tools, though none is to be called any more.
            encoded.tools = calledNames.map {
                ["name": .string($0), "input_schema": ["type": "object", "properties": [:]]]
            }
            if !calledNames.isEmpty { encoded.choice = ["type": "none"] }
            return encoded
        }
        if request.parallelTools == false, choice?["type"] != "none" {
            var single = choice ?? JSONObject([("type", "auto")])
            single["disable_parallel_tool_use"] = true
            choice = single
        }
        encoded.choice = choice.map { .object($0) }
        return encoded
    }

    /// Nil for a tool of another provider that can go missing.
    private static func tool(
        _ tool: ToolDefinition,
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> JSONValue? {
        switch tool.kind {
        case .function(let parameters, let strict):
            return try AnthropicMessages.function(tool, parameters, isStrict: strict == true, target, losses: &losses)
        case .custom(let format):
            var wrapped = tool
            let texts = [tool.description, format.map(AnthropicMessages.grammarText)].compactMap { $0 }
            wrapped.description = texts.isEmpty ? nil : texts.joined(separator: "\n\n")
            let parameters: JSONValue = [
                "type": "object",
                "properties": .object(JSONObject([(AnthropicMessages.inputArgument, ["type": "string"])])),
                "required": [.string(AnthropicMessages.inputArgument)], "additionalProperties": false,
            ]
            return try AnthropicMessages.function(wrapped, parameters, isStrict: false, target, losses: &losses)
        case .toolSearch(let parameters):
            return try AnthropicMessages.function(tool, parameters, isStrict: false, target, losses: &losses)
        case .hosted(let dialect, let type, let definition):
            if dialect == .anthropicMessages { return definition }
            if type == "mcp" {
                throw TranslationRefusal(
                    "tools",
                    "has one of the type `mcp`, whose server the model behind this name cannot reach",
                    code: .unsupportedParameter
                )
            }
            losses.drop("tools.\(FieldName.printable(type))")
            return nil
        }
    }

    private static func function(
        _ tool: ToolDefinition,
        _ parameters: JSONValue?,
        isStrict: Bool,
        _ target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> JSONValue {
        guard let arguments = AnthropicMessagesSchema.arguments(parameters) else {
            throw TranslationRefusal(
                "tools",
                "has one whose arguments are no object, which the model behind this name cannot call",
                code: .unsupportedParameter
            )
        }
        if arguments.isLoosened { losses.approximate("tools.parameters") }
        if isStrict, !target.takesStrictTools { losses.drop("tools.strict") }
        let isStrict = isStrict && target.takesStrictTools
        var members: [(String, JSONValue)] = [("name", .string(ToolAliases.wireName(tool.name)))]
        if let description = tool.description, !description.isEmpty {
            members.append(("description", .string(description)))
        }
        let schema = isStrict ? AnthropicMessagesSchema.binding(arguments.schema) : arguments.schema
        members.append(("input_schema", schema))
        if isStrict { members.append(("strict", true)) }
        return AnthropicMessagesTurnWriter.object(members, tool.cacheControl)
    }

    private static func grammarText(_ format: JSONValue) -> String {
        let grammar = format["grammar"] ?? format
        guard let definition = grammar["definition"]?.stringValue else {
            return "The input must have this format: \(JSONWriter.text(format))"
        }
        let syntax = grammar["syntax"]?.stringValue ?? "the following"
        return "The input must match this grammar (\(syntax)):\n\(definition)"
    }

    /// Nil where there is nothing to choose from.
    private static func choice(
        _ choice: ToolChoice?,
        among names: [ToolName]
    ) throws(TranslationRefusal) -> JSONObject? {
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
        case .auto: return JSONObject([("type", "auto")])
        case .some(.none): return JSONObject([("type", "none")])
        case .required: return JSONObject([("type", "any")])
        // The list of tools was cut to these.
        case .allowed(_, let isRequired): return JSONObject([("type", isRequired ? "any" : "auto")])
        case .named(let name):
            guard names.contains(name) else {
                throw TranslationRefusal("tool_choice", "names a tool that the request does not have")
            }
            return JSONObject([("type", "tool"), ("name", .string(ToolAliases.wireName(name)))])
        }
    }

    /// The tool whose arguments are the answer, for a model that takes no schema for its text.
    private static func outputTool(
        _ request: ModelRequest,
        for target: TargetTraits
    ) throws(TranslationRefusal) -> (name: String, definition: JSONValue)? {
        guard !target.takesOutputSchema,
            case .jsonSchema(let name, let schema, _, let description) = request.outputFormat
        else { return nil }
        guard let arguments = AnthropicMessagesSchema.arguments(schema) else {
            throw TranslationRefusal(
                "response_format",
                "must describe an object for the model behind this name",
                code: .unsupportedParameter
            )
        }
        let taken = Set(request.tools.map { ToolAliases.wireName($0.name) })
        var alias = ToolAliases.wireName(ToolName(name ?? "structured_output"))
        while taken.contains(alias) { alias = ToolAliases.wireName(ToolName("\(alias)_output")) }
        let text = description ?? "Gives the final answer to the user. Call it once, when the answer is ready."
        return (
            alias,
            ["name": .string(alias), "description": .string(text), "input_schema": arguments.schema]
        )
    }

    /// The arguments of a call as the object that they must be here: free input in its one argument, and what is no
    /// object whole in another.
    static func input(of call: ToolCall) -> JSONValue {
        if call.kind == .custom {
            return .object(JSONObject([(AnthropicMessages.inputArgument, .string(call.arguments))]))
        }
        if call.arguments.utf8.allSatisfy({ $0 <= 0x20 }) { return [:] }
        if let value = try? JSONReader.read(Array(call.arguments.utf8)), case .object = value { return value }
        return .object(JSONObject([(AnthropicMessages.rawArgument, .string(call.arguments))]))
    }
}
