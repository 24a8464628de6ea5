import Canonical
import Wire

/// Reads the messages of a caller's request into turns, one after another.
///
/// It keeps the kinds of the calls so far, and for the older functions, which have no ids, the ids it made up.
struct OpenAIChatMessageReader {
    private(set) var turns: [Turn] = []
    /// Whether the caller sends `reasoning_details` back, and so wants to get them.
    private(set) var hasReasoningDetails = false
    private var kinds: [String: ToolCall.Kind] = [:]
    /// Calls of the older functions that have no result yet.
    private var openFunctions: [(name: String, id: String)] = []
    private var functionCount = 0
    private var lastWasToolMessage = false

    /// Members that clients copy from answers into histories and that say nothing to a model.
    private static let ofAnswers: Set<String> = [
        "annotations", "parsed", "provider_specific_fields", "index", "id", "object", "type", "status",
    ]

    /// Reads the message at `index` of `messages`.
    mutating func read(
        _ message: JSONValue,
        _ index: Int,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        var fields = try RequestFields(message, in: "messages", index)
        let role = try fields.requiredString("role")
        let isToolMessage = role == "tool" || role == "function"
        switch role {
        case "system": try self.readInstruction(&fields, .system)
        case "developer": try self.readInstruction(&fields, .developer)
        case "user":
            guard let blocks = try OpenAIChat.content(&fields, allowing: [.images, .files]) else {
                throw fields.missing("content")
            }
            guard !blocks.isEmpty else { throw TranslationRefusal(fields.path(of: "content"), "must not be empty") }
            self.turns.append(Turn(.user, blocks))
        case "assistant": try self.readAssistant(&fields, losses: &losses)
        case "tool": try self.readToolMessage(&fields)
        case "function": try self.readFunctionMessage(&fields)
        default: throw fields.unsupported("role", "messages of this role are not supported")
        }
        self.lastWasToolMessage = isToolMessage
        losses.dropUnread(of: fields, except: OpenAIChatMessageReader.ofAnswers)
    }

    private mutating func readInstruction(
        _ fields: inout RequestFields,
        _ role: Turn.Role
    ) throws(TranslationRefusal) {
        guard let blocks = try OpenAIChat.content(&fields, allowing: []) else { throw fields.missing("content") }
        self.turns.append(Turn(role, blocks))
    }

    private mutating func readAssistant(
        _ fields: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        if fields.value("audio") != nil { throw fields.unsupported("audio", "audio is not supported") }
        var blocks: [Block] = try self.reasoning(&fields, losses: &losses).map { .reasoning($0) }
        for block in try OpenAIChat.content(&fields, allowing: [.refusals]) ?? [] {
            if case .text(let text) = block, text.text.isEmpty { continue }
            blocks.append(block)
        }
        if let refusal = try fields.string("refusal"), !refusal.isEmpty { blocks.append(.refusal(refusal)) }
        for (index, call) in (try fields.array("tool_calls") ?? []).enumerated() {
            let call = try self.toolCall(RequestFields(call, in: fields, "tool_calls", index))
            self.kinds[call.id] = call.kind
            blocks.append(.toolCall(call))
        }
        if var function = try fields.fields("function_call") {
            let name = try function.requiredString("name")
            let arguments = try OpenAIChat.arguments(&function)
            self.functionCount += 1
            let id = "call_function_\(self.functionCount)"
            self.openFunctions.append((name, id))
            blocks.append(.toolCall(ToolCall(id: id, name: ToolName(name), arguments: arguments)))
        }
        // An answer without content is replayed like any other; a turn that says nothing is left out.
        if !blocks.isEmpty { self.turns.append(Turn(.assistant, blocks)) }
    }

    private mutating func reasoning(
        _ fields: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> [ReasoningBlock] {
        let content = try fields.string("reasoning_content")
        let other = try fields.string("reasoning")
        let details = try fields.array("reasoning_details") ?? []
        if !details.isEmpty { self.hasReasoningDetails = true }
        let text = content?.isEmpty == false ? content : other
        if let blocks = OpenAIChat.reasoningBlocks(text: text, details: details, opaque: { .sealed($0) }) {
            return blocks
        }
        losses.drop(.pastReasoning)
        return OpenAIChat.reasoningBlocks(text: text, details: details, opaque: { _ in nil }) ?? []
    }

    private func toolCall(_ call: RequestFields) throws(TranslationRefusal) -> ToolCall {
        var fields = call
        let id = try fields.requiredString("id")
        guard !id.isEmpty else { throw TranslationRefusal(fields.path(of: "id"), "must not be empty") }
        switch try fields.string("type") ?? "function" {
        case "function":
            guard var function = try fields.fields("function") else { throw fields.missing("function") }
            let name = try function.requiredString("name")
            let arguments = try OpenAIChat.arguments(&function)
            return ToolCall(id: id, name: ToolName(name), arguments: arguments)
        case "custom":
            guard var custom = try fields.fields("custom") else { throw fields.missing("custom") }
            let name = try custom.requiredString("name")
            return ToolCall(
                id: id,
                name: ToolName(name),
                kind: .custom,
                arguments: try custom.text("input") ?? ""
            )
        default: throw fields.unsupported("type", "must be `function` or `custom`")
        }
    }

    private mutating func readToolMessage(_ fields: inout RequestFields) throws(TranslationRefusal) {
        let id = try fields.requiredString("tool_call_id")
        // The name of the tool, which some clients add, follows from the id.
        _ = fields.value("name")
        let blocks = try OpenAIChat.content(&fields, allowing: [.images]) ?? []
        self.append(ToolResult(callID: id, blocks: blocks, kind: self.kinds[id] ?? .function))
    }

    private mutating func readFunctionMessage(_ fields: inout RequestFields) throws(TranslationRefusal) {
        let name = try fields.requiredString("name")
        let blocks = try OpenAIChat.content(&fields, allowing: []) ?? []
        guard let index = self.openFunctions.firstIndex(where: { $0.name == name }) else {
            throw TranslationRefusal(fields.path(of: "name"), "names a function that was not called before")
        }
        self.append(ToolResult(callID: self.openFunctions.remove(at: index).id, blocks: blocks))
    }

    /// Results in a row are one turn.
    private mutating func append(_ result: ToolResult) {
        if self.lastWasToolMessage, var last = self.turns.popLast() {
            last.blocks.append(.toolResult(result))
            self.turns.append(last)
        } else {
            self.turns.append(Turn(.user, [.toolResult(result)]))
        }
    }
}
