import Wire

extension ScriptedBrain {
    /// Phrases by which a user asks for a tool without naming one.
    private static let requests = ["use a tool", "use the tool", "call the tool", "call a tool", "use tools"]

    /// The calls that answer `prompt`; none when its last turn already brings results, or nothing asks for a call.
    ///
    /// `tool=` names their tools, separated by commas and taken in turn. `args=` gives their arguments, in turn; without
    /// it they are invented. `steps=` asks for more calls, turn after turn, until that many results have come.
    static func toolCalls(for prompt: Prompt, directives: Directives) -> [ToolCall] {
        guard !prompt.tools.isEmpty, prompt.toolChoice != .none else { return [] }
        guard prompt.toolResults.isEmpty || prompt.resultCount < directives.int("steps") ?? 0 else { return [] }
        let text = self.withoutTags(prompt.lastUserText).lowercased()
        let named = prompt.tools.filter { text.contains($0.name.lowercased()) }
        var wanted: [Tool] = []
        if case .named(let name) = prompt.toolChoice {
            wanted = prompt.tools.filter { $0.name == name }
        } else if let names = directives["tool"]?.split(separator: ",") {
            wanted = names.compactMap { name in prompt.tools.first { $0.name == name } }
        } else if !named.isEmpty {
            wanted = named
        } else if prompt.toolChoice == .required || directives["tools"] != nil
            || self.requests.contains(where: { text.contains($0) })
        {
            wanted = prompt.tools
        }
        guard !wanted.isEmpty else { return [] }
        let most = prompt.allowsParallelCalls ? 64 : 1
        let asked = directives.int("tools") ?? (text.contains("parallel") ? 2 : 1)
        let given = directives.texts("args")
        return (0..<min(max(asked, 1), most)).map { index in
            let tool = wanted[(prompt.resultCount + index) % wanted.count]
            guard !given.isEmpty else { return self.call(tool, number: index + 1) }
            return ToolCall(tool: tool, arguments: given[(prompt.resultCount + index) % given.count])
        }
    }

    /// Clients put what tools brought into tags that name the tool, which asks for nothing.
    private static func withoutTags(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            kept += rest[..<open]
            rest = rest[rest.index(after: close)...]
        }
        return kept + rest
    }

    private static func call(_ tool: Tool, number: Int) -> ToolCall {
        switch tool.kind {
        case .freeform: return ToolCall(tool: tool, arguments: "demo input \(number)")
        case .function:
            let instance = tool.schema.map(SchemaInstance.make(for:)) ?? .object(JSONObject())
            return ToolCall(tool: tool, arguments: JSONWriter.text(instance.objectValue == nil ? [:] : instance))
        }
    }
}
