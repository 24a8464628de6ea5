import Canonical
import Wire

extension OpenAIResponses {
    static func toolChoice(
        _ fields: inout RequestFields,
        among tools: [ToolDefinition],
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ToolChoice? {
        guard let value = fields.value("tool_choice") else { return nil }
        if case .string(let word) = value {
            switch word {
            case "auto": return .auto
            case "none": return ToolChoice.none
            case "required": return .required
            default: throw TranslationRefusal("tool_choice", "must be `auto`, `none`, `required` or an object")
            }
        }
        var choice = try RequestFields(value, at: "tool_choice")
        let type = try choice.requiredString("type")
        guard type == "allowed_tools" else {
            let chosen = try OpenAIResponses.chosen(&choice, type, among: tools)
            guard let chosen else { return .hosted(type: type) }
            guard let name = chosen.first, chosen.count == 1 else {
                throw TranslationRefusal("tool_choice", "must name one tool that the request has")
            }
            return .named(name)
        }
        let mode = try choice.string("mode") ?? "auto"
        guard mode == "auto" || mode == "required" else {
            throw TranslationRefusal(choice.path(of: "mode"), "must be `auto` or `required`")
        }
        var names: [ToolName] = []
        for (index, tool) in (try choice.array("tools") ?? []).enumerated() {
            var reference = try RequestFields(tool, in: choice, "tools", index)
            let type = try reference.requiredString("type")
            guard let chosen = try OpenAIResponses.chosen(&reference, type, among: tools) else {
                losses.drop("tool_choice.tools.\(FieldName.printable(type))")
                continue
            }
            guard !chosen.isEmpty else {
                throw TranslationRefusal(reference.path, "names a tool that the request does not have")
            }
            names += chosen
        }
        guard !names.isEmpty else {
            throw TranslationRefusal(
                choice.path(of: "tools"),
                "must name a tool that the model behind this name can call",
                code: .unsupportedParameter
            )
        }
        return .allowed(names, required: mode == "required")
    }

    /// The tools that a reference means, empty when the request has none of them; nil for tools that a provider
    /// runs.
    private static func chosen(
        _ fields: inout RequestFields,
        _ type: String,
        among tools: [ToolDefinition]
    ) throws(TranslationRefusal) -> [ToolName]? {
        let names = tools.filter { !$0.isHosted }.map(\.name)
        switch type {
        case "function", "custom":
            let name = try fields.requiredString("name")
            let namespace = try fields.string("namespace")
            let exact = ToolName(name, namespace: namespace)
            if names.contains(exact) { return [exact] }
            guard namespace == nil else { return [] }
            // Without its namespace a name still says which tool is meant when only one has it.
            let inNamespaces = names.filter { $0.name == name }
            return inNamespaces.count == 1 ? inNamespaces : []
        case "namespace":
            let name = try fields.requiredString("name")
            return names.filter { $0.namespace == name }
        case "tool_search" where names.contains(OpenAIResponses.toolSearchName):
            return [OpenAIResponses.toolSearchName]
        default: return nil
        }
    }
}
