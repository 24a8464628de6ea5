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
        let served = try ServedTools(
            of: request,
            for: target,
            in: .anthropicMessages,
            losses: &losses
        ) { tool, losses throws(TranslationRefusal) in
            try AnthropicMessages.tool(tool, for: target, losses: &losses)
        }
        var encoded = EncodedTools(tools: served.definitions, outputTool: served.outputName)
        if let output = served.output { encoded.tools.append(try AnthropicMessages.outputTool(output)) }
        if encoded.tools.isEmpty {
            // A history with calls needs their tools, though none is to be called any more.
            encoded.tools = calledNames.map {
                ["name": .string($0), "input_schema": ["type": "object", "properties": [:]]]
            }
            if !calledNames.isEmpty { encoded.choice = ["type": "none"] }
            return encoded
        }
        var choice = served.choice.map(AnthropicMessages.object)
        if request.parallelTools == false, choice?["type"] != "none" {
            var single = choice ?? JSONObject([("type", "auto")])
            single["disable_parallel_tool_use"] = true
            choice = single
        }
        encoded.choice = choice.map { .object($0) }
        return encoded
    }

    private static func tool(
        _ tool: ToolDefinition,
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> JSONValue {
        switch tool.kind {
        case .function(let parameters, let strict):
            return try AnthropicMessages.function(tool, parameters, isStrict: strict == true, target, losses: &losses)
        case .custom(let format):
            let function = CustomInput.function(for: tool, format: format, losses: &losses)
            return try AnthropicMessages.tool(function, for: target, losses: &losses)
        case .toolSearch(let parameters):
            return try AnthropicMessages.function(tool, parameters, isStrict: false, target, losses: &losses)
        case .hosted(_, _, let definition): return definition
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
        if arguments.isLoosened { losses.approximate(.toolParameters) }
        let binds = isStrict && target.takesStrictTools && AnthropicMessagesSchema.canClose(arguments.schema)
        if isStrict, !binds { losses.drop(.toolStrictness) }
        var members: [(String, JSONValue)] = [("name", .string(ToolAliases.wireName(tool.name)))]
        if let description = tool.description, !description.isEmpty {
            members.append(("description", .string(description)))
        }
        let schema = binds ? AnthropicMessagesSchema.binding(arguments.schema) : arguments.schema
        members.append(("input_schema", schema))
        if binds { members.append(("strict", true)) }
        return AnthropicMessagesTurnWriter.object(members, tool.cacheControl)
    }

    private static func object(_ choice: ServedTools.Choice) -> JSONObject {
        switch choice {
        case .auto: JSONObject([("type", "auto")])
        case .none: JSONObject([("type", "none")])
        case .required: JSONObject([("type", "any")])
        case .named(let tool): JSONObject([("type", "tool"), ("name", .string(ToolAliases.wireName(tool.name)))])
        }
    }

    /// What is wrong with its schema is told of the format of the answer that it stands for.
    private static func outputTool(_ tool: ToolDefinition) throws(TranslationRefusal) -> JSONValue {
        guard case .function(let schema, _) = tool.kind, let arguments = AnthropicMessagesSchema.arguments(schema)
        else {
            throw TranslationRefusal(
                "response_format",
                "must describe an object for the model behind this name",
                code: .unsupportedParameter
            )
        }
        return [
            "name": .string(ToolAliases.wireName(tool.name)), "description": .string(tool.description ?? ""),
            "input_schema": arguments.schema,
        ]
    }

    /// The arguments of a call as the object that they must be here: free input in its one argument, and what is no
    /// object whole in another.
    static func input(of call: ToolCall) -> JSONValue {
        if call.kind == .custom { return CustomInput.arguments(call.arguments) }
        let arguments = call.arguments.utf8
        if arguments.allSatisfy({ $0 <= 0x20 }) { return [:] }
        if let value = try? JSONReader.read(arguments, texts: .asWritten), case .object = value { return value }
        return .object(JSONObject([(AnthropicMessages.rawArgument, .string(call.arguments))]))
    }
}
