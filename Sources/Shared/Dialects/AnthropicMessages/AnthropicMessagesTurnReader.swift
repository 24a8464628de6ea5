import Canonical
import Identity
import Wire

/// Reads the conversation of a caller's request: `system` and one message after another.
struct AnthropicMessagesTurnReader {
    private(set) var turns: [Turn] = []
    var losses = LossReport()

    /// `system`: a text or text blocks, before all messages.
    mutating func readSystem(_ body: inout RequestFields) throws(TranslationRefusal) {
        guard let value = body.value("system") else { return }
        var blocks = try self.systemBlocks(value, of: body, "system")
        if case .text(let first) = blocks.first, first.text.hasPrefix(AnthropicMessages.billingHeader) {
            self.losses.drop("system.x-anthropic-billing-header")
            // The note is one line; a prompt may stand behind it.
            let rest = first.text.split(atFirst: "\n", within: first.text.count)?.tail ?? ""
            if EmptyBlocks.isBlank(rest) {
                blocks.removeFirst()
            } else {
                blocks[0] = .text(TextBlock(rest, cacheControl: first.cacheControl))
            }
        }
        if !blocks.isEmpty { self.turns.append(Turn(.system, blocks)) }
    }

    /// The message at `index` of `messages`.
    mutating func read(_ message: JSONValue, _ index: Int) throws(TranslationRefusal) {
        var fields = try RequestFields(message, in: "messages", index)
        let name = try fields.requiredString("role")
        guard let content = fields.value("content") else { throw fields.missing("content") }
        switch name {
        case "system": self.turns.append(Turn(.system, try self.systemBlocks(content, of: fields, "content")))
        case "user": self.turns.append(Turn(.user, try self.blocks(content, of: .user, fields)))
        case "assistant":
            self.turns.append(Turn(.assistant, try self.blocks(content, of: .assistant, fields)))
        default: throw TranslationRefusal(fields.path(of: "role"), "must be `user`, `assistant` or `system`")
        }
        self.losses.dropUnread(of: fields)
    }

    /// The value is the member `name` of `outer`.
    private mutating func systemBlocks(
        _ value: JSONValue,
        of outer: RequestFields,
        _ name: String
    ) throws(TranslationRefusal) -> [Block] {
        if case .string(let text) = value { return [.text(TextBlock(text))] }
        guard case .array(let elements) = value else {
            throw outer.wrong(name, "a string or an array of text blocks", value)
        }
        var blocks: [Block] = []
        for (index, element) in elements.enumerated() {
            var fields = try RequestFields(element, in: outer, name, index)
            guard try fields.requiredString("type") == "text" else {
                throw fields.unsupported("type", "must be `text`: instructions are nothing else here")
            }
            blocks.append(.text(try self.text(&fields)))
        }
        return blocks
    }

    private mutating func blocks(
        _ value: JSONValue,
        of role: Turn.Role,
        _ message: RequestFields
    ) throws(TranslationRefusal) -> [Block] {
        if case .string(let text) = value { return [.text(TextBlock(text))] }
        guard case .array(let elements) = value else {
            throw message.wrong("content", "a string or an array of blocks", value)
        }
        var blocks: [Block] = []
        for (index, element) in elements.enumerated() {
            let fields = try RequestFields(element, in: message, "content", index)
            blocks += try self.blocks(fields, element, of: role)
        }
        return blocks
    }

    private mutating func blocks(
        _ outside: RequestFields,
        _ value: JSONValue,
        of role: Turn.Role
    ) throws(TranslationRefusal) -> [Block] {
        var fields = outside
        let type = try fields.requiredString("type")
        switch type {
        case "text": return [.text(try self.text(&fields))]
        case "thinking", "redacted_thinking", "tool_use":
            guard role == .assistant else { throw AnthropicMessagesTurnReader.misplaced(fields, type, role) }
        case "image", "document", "search_result", "tool_result", "container_upload":
            guard role == .user else { throw AnthropicMessagesTurnReader.misplaced(fields, type, role) }
        default: break
        }
        switch type {
        case "thinking", "redacted_thinking": return [.reasoning(try self.reasoning(&fields, type))]
        case "tool_use": return [.toolCall(try self.toolCall(&fields))]
        case "tool_result": return [.toolResult(try self.toolResult(&fields))]
        case "image", "document", "search_result": return try self.media(&fields, type)
        case "container_upload":
            throw fields.unsupported("type", "names a file of another provider; send its data instead")
        case "compaction":
            // A summary of what came before: words like others for a model of another provider.
            self.losses.approximate("\(fields.memberPath).compaction")
            let text = try fields.text("content") ?? ""
            return [.text(TextBlock(text, cacheControl: fields.value("cache_control")))]
        default:
            // What Anthropic's own tools did, and what came of it.
            guard type == "server_tool_use" || type == "mcp_tool_use" || type.hasSuffix("_tool_result") else {
                throw fields.unsupported("type", "is not a type of block that is known here")
            }
            return [.hosted(.anthropicMessages, type: type, value)]
        }
    }

    private static func misplaced(_ fields: RequestFields, _ type: String, _ role: Turn.Role) -> TranslationRefusal {
        TranslationRefusal(
            fields.path(of: "type"),
            "`\(type)` cannot stand in a message of the role `\(role.rawValue)`"
        )
    }

    mutating func text(_ fields: inout RequestFields) throws(TranslationRefusal) -> TextBlock {
        let text = try fields.requiredText("text")
        if let citations = fields.value("citations"), citations != .array([]) {
            self.losses.drop("\(fields.memberPath).citations")
        }
        let block = TextBlock(text, cacheControl: fields.value("cache_control"))
        self.losses.dropUnread(of: fields)
        return block
    }

    /// Thinking with nothing but a signature is how today's models tell it.
    private mutating func reasoning(
        _ fields: inout RequestFields,
        _ type: String
    ) throws(TranslationRefusal) -> ReasoningBlock {
        var block = ReasoningBlock()
        if type == "redacted_thinking" {
            block.opaque = .sealed(try fields.requiredString("data"))
        } else {
            let text = try fields.string("thinking") ?? ""
            let signature = try fields.string("signature") ?? ""
            if !text.isEmpty { block.summary = [text] }
            if !signature.isEmpty { block.opaque = .sealed(signature) }
        }
        self.losses.dropUnread(of: fields)
        return block
    }

    private mutating func toolCall(_ fields: inout RequestFields) throws(TranslationRefusal) -> ToolCall {
        let id = try fields.requiredString("id")
        let name = try fields.requiredString("name")
        guard !id.isEmpty else { throw TranslationRefusal(fields.path(of: "id"), "must not be empty") }
        guard !name.isEmpty else { throw TranslationRefusal(fields.path(of: "name"), "must not be empty") }
        let input = fields.value("input") ?? [:]
        guard case .object = input else { throw fields.wrong("input", "an object", input) }
        if fields.value("cache_control") != nil { self.losses.drop("\(fields.memberPath).cache_control") }
        // Who called it is said where it is not the model itself.
        if let caller = fields.value("caller"), caller["type"] != "direct" {
            self.losses.drop("\(fields.memberPath).caller")
        }
        self.losses.dropUnread(of: fields)
        return ToolCall(id: id, name: ToolName(name), arguments: JSONText(JSONWriter.text(input)))
    }

    private mutating func toolResult(_ fields: inout RequestFields) throws(TranslationRefusal) -> ToolResult {
        let id = try fields.requiredString("tool_use_id")
        var result = ToolResult(callID: id, blocks: [])
        switch fields.value("content") {
        case nil: break
        case .string(let text): result.blocks = [.text(TextBlock(text))]
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                result.blocks += try self.resultBlocks(try RequestFields(element, in: fields, "content", index))
            }
        case .some(let value): throw fields.wrong("content", "a string or an array of blocks", value)
        }
        result.isError = try fields.bool("is_error")
        result.cacheControl = fields.value("cache_control")
        self.losses.dropUnread(of: fields)
        return result
    }

    private mutating func resultBlocks(_ outside: RequestFields) throws(TranslationRefusal) -> [Block] {
        var fields = outside
        let type = try fields.requiredString("type")
        switch type {
        case "text": return [.text(try self.text(&fields))]
        case "image", "document", "search_result": return try self.media(&fields, type)
        case "tool_reference":
            // A tool that was found: it is among the tools from the start, so only its name is news.
            let name = try fields.requiredString("tool_name")
            self.losses.approximate("\(fields.memberPath).tool_reference")
            return [.text(TextBlock("The tool `\(name)` can be called now."))]
        default: throw fields.unsupported("type", "is not a type of block that is known in a tool's result")
        }
    }
}
