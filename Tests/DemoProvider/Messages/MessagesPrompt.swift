import Identity
import Wire

/// Reads a Messages request, or a request to count its tokens.
enum MessagesPrompt {
    /// `version` is the `anthropic-version` header; `countsOnly` allows `max_tokens` to be absent.
    static func read(
        _ body: JSONValue,
        bodyBytes: Int,
        version: String?,
        countsOnly: Bool
    ) throws(PromptError) -> Prompt {
        guard case .object(let members) = body else { throw PromptError(problem: "The body must be an object.") }
        guard let model = members["model"]?.stringValue, !model.isEmpty else {
            throw PromptError(field: "model", problem: "Field required")
        }
        guard let messages = members["messages"]?.arrayValue, !messages.isEmpty else {
            throw PromptError(field: "messages", problem: "Field required")
        }
        var prompt = Prompt(dialect: .anthropicMessages, model: model)
        prompt.bodyBytes = bodyBytes
        prompt.streams = members["stream"]?.boolValue ?? false
        prompt.messageCount = messages.count
        prompt.outputLimit = members["max_tokens"]?.intValue
        guard countsOnly || (prompt.outputLimit ?? 0) >= 1 else {
            throw PromptError(field: "max_tokens", problem: "Field required")
        }
        // The version of October 2026 removed the sampling parameters.
        if let version, version >= "2026-10-21" {
            for name in ["temperature", "top_p", "top_k"] where members[name] != nil {
                throw PromptError(field: name, problem: "Extra inputs are not permitted")
            }
        }
        prompt.stopSequences = (members["stop_sequences"]?.arrayValue ?? []).compactMap(\.stringValue)
        let thinking = members["thinking"]
        prompt.wantsReasoning = ["enabled", "adaptive"].contains(thinking?["type"]?.stringValue)
        prompt.showsReasoning = thinking?["display"]?.stringValue != "omitted"
        for (index, message) in messages.enumerated() {
            try MessagesPrompt.read(message: message, at: index, into: &prompt)
        }
        prompt.tools = (members["tools"]?.arrayValue ?? []).compactMap(MessagesPrompt.tool)
        let choice = members["tool_choice"]
        prompt.toolChoice = MessagesPrompt.toolChoice(choice)
        prompt.allowsParallelCalls = !(choice?["disable_parallel_tool_use"]?.boolValue ?? false)
        let format = members["output_config"]?["format"] ?? members["output_format"]
        if format?["type"]?.stringValue == "json_schema" {
            prompt.outputSchema = format?["schema"] ?? .object(JSONObject())
        }
        return prompt
    }

    private static func read(message: JSONValue, at index: Int, into prompt: inout Prompt) throws(PromptError) {
        guard let role = message["role"]?.stringValue, ["user", "assistant", "system"].contains(role) else {
            throw PromptError(
                field: "messages.\(index).role",
                problem: "Input should be 'user', 'assistant' or 'system'"
            )
        }
        var texts: [String] = []
        var results: [String] = []
        switch message["content"] {
        case .string(let text): texts = [text.string]
        case .array(let blocks):
            for (place, block) in blocks.enumerated() {
                switch block["type"]?.stringValue {
                case "thinking", "redacted_thinking":
                    let kind: OpaqueReasoning.Kind = block["type"] == "thinking" ? .signature : .redacted
                    let path = "messages.\(index).content.\(place)"
                    prompt.opaqueReasoning = prompt.opaqueReasoning ?? OpaqueReasoning(kind: kind, path: path)
                case "text": texts.append(block["text"]?.stringValue ?? "")
                case "image": MessagesPrompt.add(image: block, to: &prompt.images)
                case "tool_result": results.append(MessagesPrompt.result(block, images: &prompt.images))
                default: break
                }
            }
        default: throw PromptError(field: "messages.\(index).content", problem: "Field required")
        }
        guard role != "system" else { return }
        prompt.toolResults = role == "user" ? results : []
        if role == "user" { prompt.resultCount = results.isEmpty ? 0 : prompt.resultCount + results.count }
        if role == "user", !texts.isEmpty, results.isEmpty || prompt.lastUserText.isEmpty {
            prompt.lastUserText = texts.joined(separator: "\n")
        }
    }

    private static func result(_ block: JSONValue, images: inout ImageTally) -> String {
        switch block["content"] {
        case .string(let text): return text.string
        case .array(let parts):
            for part in parts where part["type"]?.stringValue == "image" {
                MessagesPrompt.add(image: part, to: &images)
            }
            return parts.compactMap { $0["text"]?.stringValue }.joined(separator: "\n")
        default: return ""
        }
    }

    private static func add(image block: JSONValue, to images: inout ImageTally) {
        let source = block["source"]
        if let data = source?["data"]?.stringValue {
            images.add(mediaType: source?["media_type"]?.stringValue ?? "image", base64: data)
        } else if let url = source?["url"]?.stringValue {
            images.add(url: url)
        } else {
            images.addFile()
        }
    }

    private static func tool(_ value: JSONValue) -> Tool? {
        // Tools with a type of their own run at the provider; this one has none.
        guard let name = value["name"]?.stringValue, let schema = value["input_schema"] else { return nil }
        return Tool(name: name, kind: .function, schema: schema)
    }

    private static func toolChoice(_ value: JSONValue?) -> ToolChoice {
        switch value?["type"]?.stringValue {
        case "none": .none
        case "any": .required
        case "tool": value?["name"]?.stringValue.map(ToolChoice.named) ?? .required
        default: .automatic
        }
    }
}
