import Testing
import Wire

/// What the Messages API refuses in a request, by its own errors.
enum AnthropicMessagesRequestShape {
    static func check(_ body: JSONValue, systemTurns: Bool = false, usesBudget: Bool = false) {
        #expect(body["model"]?.stringValue?.isEmpty == false)
        let cap = body["max_tokens"]?.intValue ?? 0
        #expect(cap >= 1)
        let messages = body["messages"]?.arrayValue ?? []
        #expect(messages.first?["role"] == "user")
        var marks = 0
        for block in (body["system"]?.arrayValue ?? []) + (body["tools"]?.arrayValue ?? []) {
            if block["cache_control"] != nil { marks += 1 }
        }
        for block in body["system"]?.arrayValue ?? [] { AnthropicMessagesRequestShape.checkText(block) }
        for (index, message) in messages.enumerated() {
            let previous = index > 0 ? messages[index - 1] : nil
            marks += AnthropicMessagesRequestShape.check(message, after: previous, systemTurns: systemTurns)
        }
        #expect(marks <= 4)
        AnthropicMessagesRequestShape.checkTools(body, isCalled: messages.contains { $0.calls.count > 0 })
        AnthropicMessagesRequestShape.checkThinking(body, cap: cap, usesBudget: usesBudget)
        for stop in body["stop_sequences"]?.arrayValue ?? [] {
            #expect(stop.stringValue?.contains { !$0.isWhitespace } == true)
        }
        for name in ["user", "seed", "n"] { #expect(body[name] == nil) }
        if let metadata = body["metadata"] { #expect(metadata.objectValue?.memberNames == ["user_id"]) }
    }

    private static func checkText(_ block: JSONValue) {
        #expect(block["text"]?.stringValue?.contains { !$0.isWhitespace } == true)
    }

    /// Gives the number of cache breakpoints.
    private static func check(_ message: JSONValue, after previous: JSONValue?, systemTurns: Bool) -> Int {
        let role = message["role"]?.stringValue
        #expect(role == "user" || role == "assistant" || (role == "system" && systemTurns))
        #expect(role != previous?["role"]?.stringValue)
        let content = message["content"]?.arrayValue ?? []
        #expect(!content.isEmpty)
        var isPastResults = false
        var results: [String] = []
        for block in content {
            switch block["type"] {
            case "text": AnthropicMessagesRequestShape.checkText(block)
            case "tool_result":
                #expect(role == "user" && !isPastResults)
                results.append(block["tool_use_id"]?.stringValue ?? "")
                for inner in block["content"]?.arrayValue ?? [] where inner["type"] == "text" {
                    AnthropicMessagesRequestShape.checkText(inner)
                }
            case "tool_use":
                #expect(role == "assistant")
                guard case .object = block["input"] else {
                    Issue.record("input is no object")
                    continue
                }
            case "thinking", "redacted_thinking": #expect(role == "assistant")
            case "image", "document": #expect(role == "user")
            default: Issue.record("\(block)")
            }
            if block["type"] != "tool_result" { isPastResults = true }
        }
        if role == "assistant" { #expect(content.last?["signature"] == nil && content.last?["data"] == nil) }
        #expect(Set(results) == Set(previous?.calls ?? []))
        return content.count { $0["cache_control"] != nil }
    }

    private static func checkTools(_ body: JSONValue, isCalled: Bool) {
        let tools = body["tools"]?.arrayValue ?? []
        if isCalled { #expect(!tools.isEmpty) }
        let names = tools.compactMap { $0["name"]?.stringValue }
        #expect(Set(names).count == tools.count)
        for tool in tools where tool["type"] == nil {
            let name = tool["name"]?.stringValue ?? ""
            #expect((1...64).contains(name.utf8.count))
            #expect(
                name.utf8.allSatisfy {
                    $0 == 0x2d || $0 == 0x5f || Character(UnicodeScalar($0)).isLetter
                        || Character(UnicodeScalar($0)).isNumber
                }
            )
            #expect(tool["input_schema"]?["type"] == "object")
            for keyword in ["anyOf", "oneOf", "allOf"] { #expect(tool["input_schema"]?[keyword] == nil) }
            if tool["strict"] == true { #expect(tool["input_schema"]?["additionalProperties"] == false) }
        }
        guard let choice = body["tool_choice"] else { return }
        #expect(!tools.isEmpty)
        if choice["type"] == "tool" { #expect(names.contains(choice["name"]?.stringValue ?? "")) }
        if choice["type"] == "none" { #expect(choice["disable_parallel_tool_use"] == nil) }
    }

    private static func checkThinking(_ body: JSONValue, cap: Int, usesBudget: Bool) {
        guard let thinking = body["thinking"], thinking["type"] != "disabled" else { return }
        #expect((thinking["type"] == "enabled") == usesBudget)
        if usesBudget {
            let budget = thinking["budget_tokens"]?.intValue ?? 0
            #expect(budget >= 1_024 && budget < cap)
        }
        #expect(body["tool_choice"]?["type"] != "any" && body["tool_choice"]?["type"] != "tool")
        #expect(body["temperature"] == nil || body["temperature"]?.intValue == 1)
        #expect(body["top_k"] == nil)
        #expect(body["messages"]?.arrayValue?.last?["role"] != "assistant")
    }
}

extension JSONValue {
    /// The ids of the calls in a message.
    fileprivate var calls: [String] {
        (self["content"]?.arrayValue ?? []).filter { $0["type"] == "tool_use" }.compactMap { $0["id"]?.stringValue }
    }
}
