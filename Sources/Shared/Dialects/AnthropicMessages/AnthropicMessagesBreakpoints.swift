import Wire

/// Where a request's prompt cache ends: breakpoints behind tools, `system` and the last turns of the user.
///
/// A caller's own are kept, the last four of them, as more are refused. Where it set none, the others do it: such
/// callers expect a cache without asking for one.
struct AnthropicMessagesBreakpoints {
    /// The most that a request may have.
    static let maximumCount = 4

    var tools: [JSONValue]
    var system: [JSONValue]
    var messages: [JSONValue]
    /// Whether some of the caller's own were too many.
    private(set) var hasDropped = false

    init(tools: [JSONValue], system: [JSONValue], messages: [JSONValue]) {
        self.tools = tools
        self.system = system
        self.messages = messages
        let count = self.count
        if count == 0 {
            self.addPolicy()
        } else if count > AnthropicMessagesBreakpoints.maximumCount {
            self.hasDropped = true
            self.removeFirst(count - AnthropicMessagesBreakpoints.maximumCount)
        }
    }

    private static func isMarked(_ block: JSONValue) -> Bool { block["cache_control"] != nil }

    private static func content(_ message: JSONValue) -> [JSONValue] { message["content"]?.arrayValue ?? [] }

    private static func message(_ message: JSONValue, content: [JSONValue]) -> JSONValue {
        var object = message.objectValue ?? JSONObject()
        object["content"] = .array(content)
        return .object(object)
    }

    private var count: Int {
        var count = self.tools.count(where: AnthropicMessagesBreakpoints.isMarked)
        count += self.system.count(where: AnthropicMessagesBreakpoints.isMarked)
        for message in self.messages {
            count += AnthropicMessagesBreakpoints.content(message).count(where: AnthropicMessagesBreakpoints.isMarked)
        }
        return count
    }

    /// Later breakpoints cover what earlier ones do.
    private mutating func removeFirst(_ count: Int) {
        var left = count
        AnthropicMessagesBreakpoints.remove(&left, from: &self.tools)
        AnthropicMessagesBreakpoints.remove(&left, from: &self.system)
        self.messages = self.messages.map { message in
            var content = AnthropicMessagesBreakpoints.content(message)
            AnthropicMessagesBreakpoints.remove(&left, from: &content)
            return AnthropicMessagesBreakpoints.message(message, content: content)
        }
    }

    private static func remove(_ left: inout Int, from blocks: inout [JSONValue]) {
        for index in blocks.indices where left > 0 && AnthropicMessagesBreakpoints.isMarked(blocks[index]) {
            guard var object = blocks[index].objectValue else { continue }
            object["cache_control"] = nil
            blocks[index] = .object(object)
            left -= 1
        }
    }

    private mutating func addPolicy() {
        AnthropicMessagesBreakpoints.markLast(of: &self.tools)
        AnthropicMessagesBreakpoints.markLast(of: &self.system)
        var left = 2
        for index in self.messages.indices.reversed() where left > 0 && self.messages[index]["role"] == "user" {
            var content = AnthropicMessagesBreakpoints.content(self.messages[index])
            AnthropicMessagesBreakpoints.markLast(of: &content)
            self.messages[index] = AnthropicMessagesBreakpoints.message(self.messages[index], content: content)
            left -= 1
        }
    }

    private static func markLast(of blocks: inout [JSONValue]) {
        guard var object = blocks.popLast()?.objectValue else { return }
        object["cache_control"] = ["type": "ephemeral"]
        blocks.append(.object(object))
    }
}
