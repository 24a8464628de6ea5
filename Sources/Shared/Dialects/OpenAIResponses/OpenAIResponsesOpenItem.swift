import Canonical
import Wire

/// The output item of an answer that grows, as far as it is told.
enum OpenAIResponsesOpenItem: Sendable {
    /// A part of a message.
    struct Part: Sendable {
        let isRefusal: Bool
        var text = ""
        var annotations: [JSONValue] = []

        var value: JSONValue {
            self.isRefusal
                ? ["type": "refusal", "refusal": .string(self.text)]
                : [
                    "type": "output_text", "text": .string(self.text), "annotations": .array(self.annotations),
                    "logprobs": [],
                ]
        }
    }

    struct Thoughts: Sendable {
        /// Parts of the summary that are whole.
        var summary: [JSONValue] = []
        /// The part of the summary that grows, with the number that the provider gave it.
        var part: (number: Int, text: String)?
        var text: String?
        var blob: String?
    }

    struct Call: Sendable {
        let id: String
        let name: ToolName
        let kind: ToolCall.Kind
        var arguments = ""
        var hasEnded = false

        /// Whether nothing is missing, as far as that can be seen: free input has no end of its own.
        var isWhole: Bool {
            guard self.kind != .custom else { return false }
            let value = try? JSONReader.read(Array(self.arguments.utf8))
            return value?.objectValue != nil
        }
    }

    case none
    /// The parts that are whole, and the one that grows.
    case message(parts: [JSONValue], part: Part?)
    case reasoning(Thoughts)
    case call(Call)

    /// What the ids of such items begin with.
    var idPrefix: String {
        switch self {
        case .none, .message: "msg"
        case .reasoning: "rs"
        case .call(let call):
            switch call.kind {
            case .function: "fc"
            case .custom: "ctc"
            case .toolSearch: "tsc"
            }
        }
    }

    /// The item; texts that still grow are no part of it.
    func value(id: JSONValue, status: JSONValue, isWhole: Bool) -> JSONValue {
        switch self {
        case .none: return .null
        case .message(let parts, _):
            return [
                "id": id, "type": "message", "status": status, "role": "assistant", "content": .array(parts),
            ]
        case .reasoning(let thoughts):
            var item = JSONObject([("id", id), ("type", "reasoning"), ("summary", .array(thoughts.summary))])
            if let text = thoughts.text { item["content"] = [JSONValue(thoughts: text)] }
            item["encrypted_content"] = thoughts.blob.map { .string($0) }
            return .object(item)
        case .call(let call): return call.value(id: id, status: status, isWhole: isWhole)
        }
    }
}

extension OpenAIResponsesOpenItem.Call {
    fileprivate func value(id: JSONValue, status: JSONValue, isWhole: Bool) -> JSONValue {
        var item = JSONObject([("id", id)])
        func add(_ type: JSONValue) {
            item["type"] = type
            item["status"] = status
            item["call_id"] = .string(self.id)
        }
        func addName() {
            item["name"] = .string(self.name.name)
            // Apart from the name: joined, Codex does not know the tool.
            item["namespace"] = self.name.namespace.map { .string($0) }
        }
        switch self.kind {
        case .function:
            add("function_call")
            addName()
            item["arguments"] = .string(self.arguments.isEmpty && isWhole ? "{}" : self.arguments)
        case .custom:
            add("custom_tool_call")
            addName()
            item["input"] = .string(self.arguments)
        case .toolSearch:
            add("tool_search_call")
            item["execution"] = "client"
            item["arguments"] = isWhole || status == "incomplete" ? self.object : [:]
        }
        return .object(item)
    }

    /// Arguments as the object that the dialect wants of a search; what is none is kept in a member of its own.
    private var object: JSONValue {
        if self.arguments.isEmpty { return [:] }
        if let value = try? JSONReader.read(Array(self.arguments.utf8)), case .object = value { return value }
        return ["__raw": .string(self.arguments)]
    }
}

extension JSONValue {
    /// A part of a reasoning item's content.
    init(thoughts text: String) { self = ["type": "reasoning_text", "text": .string(text)] }
}
