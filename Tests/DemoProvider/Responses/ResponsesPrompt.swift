import Identity
import Wire

/// Reads a Responses request.
enum ResponsesPrompt {
    /// The members that a response says back as they were sent, with what stands in for an absent one.
    static let echoes = JSONObject([
        ("instructions", nil), ("max_output_tokens", nil), ("max_tool_calls", nil), ("metadata", [:]),
        ("parallel_tool_calls", true), ("previous_response_id", nil), ("store", true), ("temperature", 1),
        ("text", ["format": ["type": "text"]]), ("tool_choice", "auto"), ("tools", []), ("top_p", 1),
        ("truncation", "disabled"),
    ])

    static func read(_ body: JSONValue, bodyBytes: Int) throws(PromptError) -> Prompt {
        guard case .object(let members) = body else { throw PromptError(problem: "The body must be an object.") }
        guard let model = members["model"]?.stringValue, !model.isEmpty else {
            throw PromptError(field: "model", problem: "Missing required parameter: 'model'.")
        }
        var prompt = Prompt(dialect: .openAIResponses, model: model)
        prompt.bodyBytes = bodyBytes
        prompt.streams = members["stream"]?.boolValue ?? false
        prompt.outputLimit = members["max_output_tokens"]?.intValue
        prompt.previousResponseID = members["previous_response_id"]?.stringValue
        prompt.allowsParallelCalls = members["parallel_tool_calls"]?.boolValue ?? true
        prompt.tools = ResponsesPrompt.tools(members["tools"]?.arrayValue ?? [], namespace: nil)
        switch members["input"] {
        case .string(let text):
            prompt.messageCount = 1
            prompt.lastUserText = text.string
        case .array(let items):
            for (index, item) in items.enumerated() {
                try ResponsesPrompt.read(item: item, at: index, into: &prompt)
            }
        default: throw PromptError(field: "input", problem: "Missing required parameter: 'input'.")
        }
        prompt.toolChoice = ResponsesPrompt.toolChoice(members["tool_choice"])
        if let reasoning = members["reasoning"]?.objectValue {
            let effort = reasoning["effort"]?.stringValue
            let summary = reasoning["summary"]?.stringValue
            prompt.wantsReasoning = effort.map { $0 != "none" } ?? (summary != nil)
            prompt.showsReasoning = summary != nil && summary != "none"
        } else {
            prompt.showsReasoning = false
        }
        let include = (members["include"]?.arrayValue ?? []).compactMap(\.stringValue)
        prompt.wantsEncryptedReasoning = include.contains("reasoning.encrypted_content")
        let format = members["text"]?["format"]
        switch format?["type"]?.stringValue {
        case "json_schema": prompt.outputSchema = format?["schema"] ?? .object(JSONObject())
        case "json_object": prompt.outputSchema = ["type": "object"]
        default: break
        }
        for name in ResponsesPrompt.echoes.memberNames {
            if let sent = members[name], sent != .null { prompt.echoed[name] = sent }
        }
        if let reasoning = members["reasoning"], reasoning != .null { prompt.echoed["reasoning"] = reasoning }
        return prompt
    }

    private static func read(item: JSONValue, at index: Int, into prompt: inout Prompt) throws(PromptError) {
        guard case .object(let members) = item else {
            throw PromptError(field: "input[\(index)]", problem: "Invalid type for 'input[\(index)]'.")
        }
        let type = members["type"]?.stringValue ?? "message"
        switch type {
        case "message": ResponsesPrompt.read(message: members, into: &prompt)
        case "function_call_output", "custom_tool_call_output":
            prompt.toolResults.append(
                ResponsesPrompt.text(of: members["output"], images: &prompt.images).joined(separator: "\n")
            )
            prompt.resultCount += 1
        case "reasoning" where members["encrypted_content"]?.stringValue != nil:
            prompt.opaqueReasoning =
                prompt.opaqueReasoning ?? OpaqueReasoning(kind: .encryptedContent, path: "input[\(index)]")
        case "additional_tools":
            prompt.tools += ResponsesPrompt.tools(members["tools"]?.arrayValue ?? [], namespace: nil)
        default: break
        }
    }

    private static func read(message: JSONObject, into prompt: inout Prompt) {
        prompt.messageCount += 1
        let texts = ResponsesPrompt.text(of: message["content"], images: &prompt.images)
        switch message["role"]?.stringValue {
        case "user":
            prompt.toolResults = []
            prompt.resultCount = 0
            if !texts.isEmpty { prompt.lastUserText = texts.joined(separator: "\n") }
        case "assistant": prompt.toolResults = []
        default: break
        }
    }

    private static func text(of content: JSONValue?, images: inout ImageTally) -> [String] {
        switch content {
        case .string(let text): return [text.string]
        case .array(let parts):
            for part in parts where part["type"]?.stringValue == "input_image" {
                if let url = part["image_url"]?.stringValue { images.add(url: url) } else { images.addFile() }
            }
            return parts.compactMap { $0["text"]?.stringValue }
        default: return []
        }
    }

    /// The tools of a list and of the namespaces in it; tools that run at the provider are passed over.
    private static func tools(_ list: [JSONValue], namespace: String?) -> [Tool] {
        list.flatMap { value -> [Tool] in
            guard let name = value["name"]?.stringValue else { return [] }
            switch value["type"]?.stringValue {
            case "function":
                let schema = value["parameters"]
                return [Tool(name: name, namespace: namespace, kind: .function, schema: schema)]
            case "custom": return [Tool(name: name, namespace: namespace, kind: .freeform)]
            case "namespace" where namespace == nil:
                return self.tools(value["tools"]?.arrayValue ?? [], namespace: name)
            default: return []
            }
        }
    }

    private static func toolChoice(_ value: JSONValue?) -> ToolChoice {
        switch value?.stringValue {
        case "none": return .none
        case "required": return .required
        default: break
        }
        switch value?["type"]?.stringValue {
        case "function", "custom": return value?["name"]?.stringValue.map(ToolChoice.named) ?? .required
        case "allowed_tools": return value?["mode"]?.stringValue == "required" ? .required : .automatic
        default: return .automatic
        }
    }
}
