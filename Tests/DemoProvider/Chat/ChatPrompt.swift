import Identity
import Wire

/// Reads a Chat Completions request.
enum ChatPrompt {
    static func read(_ body: JSONValue, bodyBytes: Int) throws(PromptError) -> Prompt {
        guard case .object(let members) = body else { throw PromptError(problem: "The body must be an object.") }
        guard let model = members["model"]?.stringValue, !model.isEmpty else {
            throw PromptError(field: "model", problem: "You must provide a model parameter.")
        }
        guard let messages = members["messages"]?.arrayValue, !messages.isEmpty else {
            throw PromptError(field: "messages", problem: "The messages must be a non-empty array.")
        }
        var prompt = Prompt(dialect: .openAIChat, model: model)
        prompt.bodyBytes = bodyBytes
        prompt.streams = members["stream"]?.boolValue ?? false
        prompt.reportsStreamUsage = members["stream_options"]?["include_usage"]?.boolValue ?? false
        prompt.messageCount = messages.count
        prompt.outputLimit = members["max_completion_tokens"]?.intValue ?? members["max_tokens"]?.intValue
        prompt.choices = min(max(members["n"]?.intValue ?? 1, 1), 8)
        prompt.allowsParallelCalls = members["parallel_tool_calls"]?.boolValue ?? true
        if let effort = members["reasoning_effort"]?.stringValue { prompt.wantsReasoning = effort != "none" }
        switch members["stop"] {
        case .string(let sequence): prompt.stopSequences = [sequence.string]
        case .array(let sequences): prompt.stopSequences = sequences.compactMap(\.stringValue)
        default: break
        }
        for (index, message) in messages.enumerated() {
            try ChatPrompt.read(message: message, at: index, into: &prompt)
        }
        prompt.tools = (members["tools"]?.arrayValue ?? []).compactMap(ChatPrompt.tool)
        prompt.toolChoice = ChatPrompt.toolChoice(members["tool_choice"])
        prompt.outputSchema = ChatPrompt.outputSchema(members["response_format"])
        return prompt
    }

    private static func read(message: JSONValue, at index: Int, into prompt: inout Prompt) throws(PromptError) {
        guard let role = message["role"]?.stringValue else {
            throw PromptError(field: "messages[\(index)].role", problem: "A message must have a role.")
        }
        var texts: [String] = []
        switch message["content"] {
        case .string(let text): texts = [text.string]
        case .array(let parts):
            for part in parts {
                if let text = part["text"]?.stringValue { texts.append(text) }
                guard let url = part["image_url"]?["url"]?.stringValue else { continue }
                prompt.images.add(url: url, inResult: role == "tool")
            }
        default: break
        }
        switch role {
        case "tool", "function":
            prompt.toolResults.append(texts.joined(separator: "\n"))
            prompt.resultCount += 1
        case "user":
            prompt.toolResults = []
            prompt.resultCount = 0
            if !texts.isEmpty { prompt.lastUserText = texts.joined(separator: "\n") }
        case "assistant": prompt.toolResults = []
        case "system", "developer": break
        default:
            throw PromptError(field: "messages[\(index)].role", problem: "'\(role.prefix(40))' is not a known role.")
        }
    }

    private static func tool(_ value: JSONValue) -> Tool? {
        if let function = value["function"], let name = function["name"]?.stringValue {
            return Tool(name: name, kind: .function, schema: function["parameters"])
        }
        if let name = value["custom"]?["name"]?.stringValue { return Tool(name: name, kind: .freeform) }
        return nil
    }

    private static func toolChoice(_ value: JSONValue?) -> ToolChoice {
        switch value?.stringValue {
        case "none": return .none
        case "required": return .required
        default: break
        }
        let name = value?["function"]?["name"] ?? value?["custom"]?["name"]
        if let name = name?.stringValue { return .named(name) }
        return value?["allowed_tools"]?["mode"]?.stringValue == "required" ? .required : .automatic
    }

    private static func outputSchema(_ format: JSONValue?) -> JSONValue? {
        switch format?["type"]?.stringValue {
        case "json_schema": format?["json_schema"]?["schema"] ?? .object(JSONObject())
        case "json_object": ["type": "object"]
        default: nil
        }
    }
}
