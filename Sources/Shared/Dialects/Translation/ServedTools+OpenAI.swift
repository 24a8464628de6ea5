import Canonical
import Identity
import Wire

extension ServedTools {
    /// Writes `tools`, `tool_choice` and `parallel_tool_calls` as both OpenAI dialects have them; gives the wire name
    /// of the tool for the answer.
    ///
    /// `named` is the choice of one tool.
    static func write(
        of request: ModelRequest,
        for target: TargetTraits,
        in dialect: Dialect,
        into body: inout JSONObject,
        losses: inout LossReport,
        tool: (ToolDefinition, inout LossReport) -> JSONValue,
        named: (ToolDefinition) -> JSONValue
    ) throws(TranslationRefusal) -> String? {
        let served = try ServedTools(of: request, for: target, in: dialect, losses: &losses, write: tool)
        var tools = served.definitions
        if let output = served.output { tools.append(tool(output, &losses)) }
        guard !tools.isEmpty else { return nil }
        body["tools"] = .array(tools)
        switch served.choice {
        case nil: break
        case .auto: body["tool_choice"] = "auto"
        case .some(.none): body["tool_choice"] = "none"
        case .required: body["tool_choice"] = "required"
        case .named(let tool): body["tool_choice"] = named(tool)
        }
        if let isParallel = request.parallelTools { body["parallel_tool_calls"] = .bool(isParallel) }
        return served.outputName
    }

    /// The schema of a tool's arguments as OpenAI takes it: an object without a list of its members is refused
    /// ("object schema missing properties").
    static func parameters(_ schema: JSONValue?) -> JSONValue {
        guard let schema else { return RequestFields.noArguments }
        guard case .object(var object) = schema, object["type"] == "object",
            object["properties"].map({ $0 == .null }) ?? true
        else { return schema }
        object["properties"] = [:]
        return .object(object)
    }
}
