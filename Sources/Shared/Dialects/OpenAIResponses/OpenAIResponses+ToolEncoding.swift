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
        try ServedTools.write(
            of: request,
            for: target,
            in: .openAIResponses,
            into: &body,
            losses: &losses,
            tool: { tool, losses in OpenAIResponses.tool(tool, for: target, losses: &losses) },
            named: OpenAIResponses.choice
        )
    }

    private static func tool(
        _ tool: ToolDefinition,
        for target: TargetTraits,
        losses: inout LossReport
    ) -> JSONValue {
        switch tool.kind {
        case .function(let parameters, let strict):
            if strict == true, !target.takesStrictTools { losses.drop(.toolStrictness) }
            return OpenAIResponses.function(tool, parameters, isStrict: strict == true && target.takesStrictTools)
        case .custom(let format):
            var custom = JSONObject([("type", "custom"), ("name", .string(ToolAliases.wireName(tool.name)))])
            custom["description"] = tool.description.map { .string($0) }
            custom["format"] = format
            return .object(custom)
        case .toolSearch(let parameters):
            return OpenAIResponses.function(tool, parameters, isStrict: false)
        case .hosted(_, _, let definition): return definition
        }
    }

    private static func function(_ tool: ToolDefinition, _ parameters: JSONValue?, isStrict: Bool) -> JSONValue {
        var function = JSONObject([("type", "function"), ("name", .string(ToolAliases.wireName(tool.name)))])
        function["description"] = tool.description.map { .string($0) }
        function["parameters"] = ServedTools.parameters(parameters)
        // Written out: the default is true here, and false in the dialect that the tool comes from.
        function["strict"] = .bool(isStrict)
        return .object(function)
    }

    private static func choice(of tool: ToolDefinition) -> JSONValue {
        let type: JSONValue
        switch tool.kind {
        case .custom: type = "custom"
        case .function, .toolSearch, .hosted: type = "function"
        }
        return ["type": type, "name": .string(ToolAliases.wireName(tool.name))]
    }
}
