import Canonical
import Identity
import Wire

/// Reads the items of a caller's input into turns, one after another.
///
/// Reasoning, words and calls of the model in a row are one assistant turn; outputs of tools in a row are one user
/// turn. Members of items that are not read are passed over: clients send output items back with whatever was on
/// them.
struct OpenAIResponsesItemReader {
    private(set) var turns: [Turn] = []
    /// Tools that came with items, with where each list stands.
    private(set) var tools: [(path: String, tools: [JSONValue])] = []
    private var kinds: [String: ToolCall.Kind] = [:]
    private var lastWasOutput = false

    /// What a provider's own tools did: other models can only read of it.
    private static let hostedCalls: Set<String> = [
        "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_list_tools",
        "mcp_call", "local_shell_call", "shell_call", "apply_patch_call",
    ]
    private static let hostedOutputs: Set<String> = [
        "local_shell_call_output", "shell_call_output", "apply_patch_call_output",
    ]

    /// Reads the item at `index` of `input`.
    mutating func read(
        _ item: JSONValue,
        _ index: Int,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        var fields = try RequestFields(item, in: "input", index)
        guard let type = try fields.string("type") ?? (item["role"] == nil ? nil : "message") else {
            throw fields.missing("type")
        }
        switch type {
        case "message": try self.readMessage(&fields, losses: &losses)
        case "agent_message": try self.readAgentMessage(&fields, losses: &losses)
        case "reasoning": try self.readReasoning(&fields)
        case "function_call": try self.readCall(&fields, .function)
        case "custom_tool_call": try self.readCall(&fields, .custom)
        case "function_call_output": try self.readOutput(&fields, .function, losses: &losses)
        case "custom_tool_call_output": try self.readOutput(&fields, .custom, losses: &losses)
        case "tool_search_call": try self.readToolSearch(&fields)
        case "tool_search_output": try self.readFoundTools(&fields)
        case "additional_tools": try self.collectTools(&fields)
        case "item_reference":
            throw fields.unsupported("type", "names an item that another provider keeps; send the item itself")
        case let type where OpenAIResponsesItemReader.hostedCalls.contains(type):
            let readable = OpenAIResponsesItemReader.readable(item, type, losses: &losses)
            self.appendAssistant(.hosted(.openAIResponses, type: type, readable))
        case let type where OpenAIResponsesItemReader.hostedOutputs.contains(type):
            self.turns.append(Turn(.user, [.hosted(.openAIResponses, type: type, item)]))
        default: throw fields.unsupported("type", "items of this type are not supported")
        }
        self.lastWasOutput =
            type == "function_call_output" || type == "custom_tool_call_output" || type == "tool_search_output"
    }

    /// An item without the picture that it made: as words it would only be very long.
    private static func readable(_ item: JSONValue, _ type: String, losses: inout LossReport) -> JSONValue {
        guard type == "image_generation_call", case .object(var object) = item, object["result"] != nil else {
            return item
        }
        object["result"] = nil
        losses.drop("input.image_generation_call.result")
        return .object(object)
    }

    // MARK: Words

    private mutating func readMessage(
        _ fields: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        guard let role = Turn.Role(rawValue: try fields.requiredString("role")) else {
            throw fields.unsupported("role", "messages of this role are not supported")
        }
        let blocks = try OpenAIResponses.content(&fields, "content", of: role, losses: &losses)
        switch role {
        case .assistant:
            let phase = try fields.string("phase")
            // An answer without words is sent back like any other.
            for block in blocks ?? [] {
                if case .text(let text) = block, text.text.isEmpty { continue }
                self.appendAssistant(block, phase: phase)
            }
        case .user, .system, .developer:
            guard let blocks else { throw fields.missing("content") }
            self.turns.append(Turn(role, blocks))
        }
    }

    /// What one agent of Codex says to another; encrypted parts only their maker can read.
    private mutating func readAgentMessage(
        _ fields: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        guard let blocks = try OpenAIResponses.content(&fields, "content", of: .user, losses: &losses) else {
            throw fields.missing("content")
        }
        let author = try fields.string("author")
        let recipient = try fields.string("recipient")
        var head = "Message"
        if let author { head += " from \(author)" }
        if let recipient { head += " to \(recipient)" }
        losses.approximate("input.agent_message")
        self.turns.append(Turn(.user, [.text(TextBlock("\(head):"))] + blocks))
    }

    private mutating func readReasoning(_ fields: inout RequestFields) throws(TranslationRefusal) {
        var block = ReasoningBlock()
        for (index, part) in (try fields.array("summary") ?? []).enumerated() {
            var part = try RequestFields(part, in: fields, "summary", index)
            block.summary.append(try part.requiredString("text"))
        }
        var thoughts: [String] = []
        for (index, part) in (try fields.array("content") ?? []).enumerated() {
            var part = try RequestFields(part, in: fields, "content", index)
            thoughts.append(try part.requiredString("text"))
        }
        if !thoughts.isEmpty { block.text = thoughts.joined(separator: "\n\n") }
        if let blob = try fields.string("encrypted_content"), !blob.isEmpty { block.opaque = .sealed(blob) }
        guard block != ReasoningBlock() else { return }
        self.appendAssistant(.reasoning(block))
    }

    private mutating func appendAssistant(_ block: Block, phase: String? = nil) {
        guard let last = self.turns.indices.last, self.turns[last].role == .assistant,
            phase == nil || self.turns[last].phase == nil || self.turns[last].phase == phase
        else {
            self.turns.append(Turn(.assistant, [block], phase: phase))
            return
        }
        self.turns[last].blocks.append(block)
        if let phase { self.turns[last].phase = phase }
    }

    // MARK: Tools

    private mutating func readCall(
        _ fields: inout RequestFields,
        _ kind: ToolCall.Kind
    ) throws(TranslationRefusal) {
        let id = try self.callID(&fields)
        let name = try fields.requiredString("name")
        let namespace = try fields.string("namespace").flatMap { $0.isEmpty ? nil : $0 }
        let member = kind == .custom ? "input" : "arguments"
        let arguments: JSONText
        switch fields.value(member) {
        case nil: arguments = ""
        case .string(let text): arguments = text
        case .some(let value):
            guard case .object = value else { throw fields.wrong(member, "a string", value) }
            arguments = JSONText(JSONWriter.text(value))
        }
        self.append(
            ToolCall(
                id: id,
                name: ToolName(name, namespace: namespace),
                kind: kind,
                arguments: arguments.isEmpty && kind != .custom ? "{}" : arguments
            )
        )
    }

    private mutating func append(_ call: ToolCall) {
        self.kinds[call.id] = call.kind
        self.appendAssistant(.toolCall(call))
    }

    private func callID(_ fields: inout RequestFields) throws(TranslationRefusal) -> String {
        let id = try fields.requiredString("call_id")
        guard !id.isEmpty else { throw TranslationRefusal(fields.path(of: "call_id"), "must not be empty") }
        return id
    }

    private mutating func readOutput(
        _ fields: inout RequestFields,
        _ kind: ToolCall.Kind,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        let id = try self.callID(&fields)
        let blocks = try OpenAIResponses.content(&fields, "output", of: .user, losses: &losses) ?? []
        self.append(ToolResult(callID: id, blocks: blocks, kind: self.kinds[id] ?? kind))
    }

    /// Results in a row are one turn.
    private mutating func append(_ result: ToolResult) {
        if self.lastWasOutput, let last = self.turns.indices.last, self.turns[last].role == .user {
            self.turns[last].blocks.append(.toolResult(result))
        } else {
            self.turns.append(Turn(.user, [.toolResult(result)]))
        }
    }

    /// A search that the client runs is a call like any other; one that a provider ran has no id.
    private mutating func readToolSearch(_ fields: inout RequestFields) throws(TranslationRefusal) {
        guard let id = try fields.string("call_id"), !id.isEmpty else {
            self.appendAssistant(
                .hosted(.openAIResponses, type: "tool_search_call", .object(fields.object))
            )
            return
        }
        let arguments: JSONText
        switch fields.value("arguments") {
        case nil: arguments = "{}"
        case .string(let text): arguments = text.isEmpty ? "{}" : text
        case .some(let value):
            guard case .object = value else { throw fields.wrong("arguments", "an object", value) }
            arguments = JSONText(JSONWriter.text(value))
        }
        self.append(
            ToolCall(id: id, name: OpenAIResponses.toolSearchName, kind: .toolSearch, arguments: arguments)
        )
    }

    private mutating func readFoundTools(_ fields: inout RequestFields) throws(TranslationRefusal) {
        let found = try self.collectTools(&fields)
        guard let id = try fields.string("call_id"), !id.isEmpty else { return }
        let names = try OpenAIResponses.tools(found, at: fields.path(of: "tools")).map {
            ToolAliases.wireName($0.name)
        }
        let text =
            names.isEmpty
            ? "No tools were found." : "These tools can be called now: \(names.joined(separator: ", "))"
        self.append(ToolResult(callID: id, blocks: [.text(TextBlock(text))], kind: .toolSearch))
    }

    @discardableResult
    private mutating func collectTools(_ fields: inout RequestFields) throws(TranslationRefusal) -> [JSONValue] {
        let tools = try fields.array("tools") ?? []
        self.tools.append((fields.path(of: "tools"), tools))
        return tools
    }
}
