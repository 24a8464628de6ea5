import Canonical
import Identity
import Wire

extension OpenAIChat {
    /// Writes `tools`, `tool_choice` and `parallel_tool_calls`; gives the wire name of a tool that stands for the
    /// schema of the answer.
    static func writeTools(
        of request: ModelRequest,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> String? {
        try ServedTools.write(
            of: request,
            for: target,
            in: .openAIChat,
            into: &body,
            losses: &losses,
            tool: { tool, losses in OpenAIChat.function(tool, for: target, losses: &losses) },
            named: OpenAIChat.choice
        )
    }

    private static func function(
        _ tool: ToolDefinition,
        for target: TargetTraits,
        losses: inout LossReport
    ) -> JSONValue {
        var function = JSONObject([("name", .string(ToolAliases.wireName(tool.name)))])
        function["description"] = tool.description.map { .string($0) }
        switch tool.kind {
        case .function(let parameters, let strict):
            function["parameters"] = ServedTools.parameters(parameters)
            if strict == true {
                // False is the default here, and servers without the member need not see it.
                if target.takesStrictTools { function["strict"] = true } else { losses.drop(.toolStrictness) }
            }
        case .custom(let format):
            let function = CustomInput.function(for: tool, format: format, losses: &losses)
            return OpenAIChat.function(function, for: target, losses: &losses)
        case .toolSearch(let parameters): function["parameters"] = ServedTools.parameters(parameters)
        case .hosted(_, _, let definition): return definition
        }
        return ["type": "function", "function": .object(function)]
    }

    private static func choice(of tool: ToolDefinition) -> JSONValue {
        ["type": "function", "function": ["name": .string(ToolAliases.wireName(tool.name))]]
    }

    /// The JSON text of a call's arguments as this wire has them: free input in its one argument.
    static func wireArguments(of call: ToolCall) -> JSONText {
        switch call.kind {
        case .function, .toolSearch: call.arguments.isEmpty ? "{}" : call.arguments
        case .custom: JSONText(JSONWriter.text(CustomInput.arguments(call.arguments)))
        }
    }
}
