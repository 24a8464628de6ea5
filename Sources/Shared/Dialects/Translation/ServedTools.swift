import Canonical
import Identity
import Wire

/// Which of a request's tools a target is told of, and what it is to do with them.
///
/// | tool | told |
/// |---|---|
/// | not among those that the caller allows | no |
/// | the caller's own | yes |
/// | of the target's own provider | as it was written |
/// | of another provider | no, and reported; refused where the caller cannot work without it |
struct ServedTools {
    /// What the model is to do with the tools that it has.
    enum Choice: Hashable {
        case auto
        case none
        /// Any tool, but one it must be.
        case required
        case named(ToolDefinition)
    }

    /// The tools as the target's dialect writes them, without the one for the answer.
    private(set) var definitions: [JSONValue] = []
    /// Nil where there is nothing to choose from or nothing was said.
    private(set) var choice: Choice?
    /// The function whose arguments are the answer, for a model that takes no schema for its text.
    let output: ToolDefinition?

    /// The wire name of the tool for the answer.
    var outputName: String? { self.output.map { ToolAliases.wireName($0.name) } }

    /// `write` gets the caller's own tools only.
    init(
        of request: ModelRequest,
        for target: TargetTraits,
        in dialect: Dialect,
        losses: inout LossReport,
        write: (ToolDefinition, inout LossReport) throws(TranslationRefusal) -> JSONValue
    ) throws(TranslationRefusal) {
        self.output = target.takesOutputSchema ? nil : ServedTools.output(of: request)
        var tools: [ToolDefinition] = []
        var hasUnserved = false
        for tool in request.tools {
            if case .allowed(let allowed, _) = request.toolChoice, !allowed.contains(tool.name) { continue }
            // The others cache without marks.
            if tool.cacheControl != nil, dialect != .anthropicMessages { losses.drop(.toolMarks) }
            switch tool.kind {
            case .function, .custom, .toolSearch: self.definitions.append(try write(tool, &losses))
            case .hosted(dialect, _, let definition): self.definitions.append(definition)
            case .hosted(let owner, let type, _):
                guard !ServedTools.isIndispensable(type, of: owner) else {
                    let isOutOfReach = type == "mcp" && dialect == .anthropicMessages
                    throw ServedTools.unsupported(
                        "tools",
                        "has one",
                        type,
                        isOutOfReach ? "whose server the model behind this name cannot reach" : ServedTools.isLacking
                    )
                }
                losses.drop("tools.\(FieldName.printable(type))")
                hasUnserved = true
                continue
            }
            tools.append(tool)
        }
        if tools.isEmpty, hasUnserved {
            throw TranslationRefusal(
                "tools",
                "are all run by another provider, and the model behind this name has none of them",
                code: .unsupportedParameter
            )
        }
        self.choice = try ServedTools.choice(request.toolChoice, among: tools)
        if let output { self.choice = ServedTools.choice(self.choice, with: output, isAlone: tools.isEmpty) }
    }

    /// Whether a caller that brings this tool cannot work without it: it runs the tool itself, by a schema that
    /// only its provider's models know, or it brings a server with secrets.
    private static func isIndispensable(_ type: String, of owner: Dialect) -> Bool {
        switch owner {
        case .openAIChat: false
        case .openAIResponses: type == "mcp"
        case .anthropicMessages:
            ["bash_", "text_editor_", "memory_", "computer_", "browser_"].contains { type.hasPrefix($0) }
        }
    }

    private static let isLacking = "which the model behind this name lacks"

    private static func unsupported(
        _ member: String,
        _ what: String,
        _ type: String,
        _ why: String = ServedTools.isLacking
    ) -> TranslationRefusal {
        TranslationRefusal(
            member,
            "\(what) of the type `\(FieldName.printable(type))`, \(why)",
            code: .unsupportedParameter
        )
    }

    private static func choice(
        _ choice: ToolChoice?,
        among tools: [ToolDefinition]
    ) throws(TranslationRefusal) -> Choice? {
        if case .hosted(let type) = choice { throw ServedTools.unsupported("tool_choice", "names a tool", type) }
        guard !tools.isEmpty else { return nil }
        switch choice {
        case nil, .hosted: return nil
        case .auto: return .auto
        case .some(.none): return Choice.none
        case .required: return .required
        // The list of tools was cut to these.
        case .allowed(_, let isRequired): return isRequired ? .required : .auto
        case .named(let name):
            guard let tool = tools.first(where: { $0.name == name }) else {
                throw TranslationRefusal("tool_choice", "names a tool that the request does not have")
            }
            return .named(tool)
        }
    }

    /// One of them has to be called, so that the answer has its form; a tool that was chosen comes first.
    private static func choice(_ choice: Choice?, with output: ToolDefinition, isAlone: Bool) -> Choice {
        switch choice {
        case .some(.none): .named(output)
        case nil, .auto: isAlone ? .named(output) : .required
        case .required: .required
        case .named(let tool): .named(tool)
        }
    }

    private static func output(of request: ModelRequest) -> ToolDefinition? {
        guard case .jsonSchema(let name, let schema, _, let description) = request.outputFormat else { return nil }
        let taken = Set(request.tools.map { ToolAliases.wireName($0.name) })
        var alias = ToolAliases.wireName(ToolName(name ?? "structured_output"))
        while taken.contains(alias) { alias = ToolAliases.wireName(ToolName("\(alias)_output")) }
        return ToolDefinition(
            ToolName(alias),
            description: description.map { JSONText($0) }
                ?? "Gives the final answer to the user. Call it once, when the answer is ready.",
            kind: .function(parameters: schema, strict: nil)
        )
    }
}
