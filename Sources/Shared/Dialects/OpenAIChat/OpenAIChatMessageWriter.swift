import Canonical
import Wire

/// Writes the turns of a conversation as messages for a target, one after another.
struct OpenAIChatMessageWriter {
    private(set) var messages: [JSONValue] = []
    private let target: TargetTraits
    /// Whether the last message is the user's own words, which what is folded may join.
    private var endsWithUser = false
    /// Whether a turn came that is none of instructions.
    private var hasConversation = false

    init(_ target: TargetTraits) {
        self.target = target
    }

    mutating func write(_ turn: Turn, losses: inout LossReport) throws(TranslationRefusal) {
        if turn.phase != nil { losses.drop(.phase) }
        switch turn.role {
        case .system, .developer: try self.writeInstruction(turn.blocks, losses: &losses)
        case .user: try self.writeUser(turn.blocks, losses: &losses)
        case .assistant: self.writeAssistant(turn.blocks, losses: &losses)
        }
    }

    private mutating func append(_ message: JSONObject, isUser: Bool = false) {
        self.messages.append(.object(message))
        self.endsWithUser = isUser
    }

    /// Both roles as `system`: every server knows it, and OpenAI's newer models take it for `developer`.
    private mutating func writeInstruction(
        _ blocks: [Block],
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        var texts: [JSONText] = []
        for block in blocks {
            switch block {
            case .text(let text):
                if text.cacheControl != nil { losses.drop(.instructionMarks) }
                if !text.text.isEmpty { texts.append(text.text) }
            case .image, .file, .reasoning, .toolCall, .toolResult, .refusal, .hosted:
                throw TranslationRefusal(
                    "messages",
                    "instructions with anything but text are not supported by the model behind this name",
                    code: .unsupportedParameter
                )
            }
        }
        guard !texts.isEmpty else { return }
        let text = texts.joined(separator: "\n\n")
        guard self.target.takesOnlyLeadingSystem else {
            self.append(JSONObject([("role", "system"), ("content", .string(text))]))
            return
        }
        if self.hasConversation {
            self.appendUser([["type": "text", "text": .string("<system-reminder>\n" + text + "\n</system-reminder>")]])
        } else if let leading = self.messages.popLast()?["content"]?.textValue {
            self.append(JSONObject([("role", "system"), ("content", .string(leading + "\n\n" + text))]))
        } else {
            self.append(JSONObject([("role", "system"), ("content", .string(text))]))
        }
    }

    private mutating func writeUser(_ blocks: [Block], losses: inout LossReport) throws(TranslationRefusal) {
        self.hasConversation = true
        // Media of tool results come first in the one message that follows the results.
        var media: [JSONValue] = []
        var parts: [JSONValue] = []
        for block in blocks {
            if case .toolResult(let result) = block {
                try self.writeResult(result, media: &media, losses: &losses)
            } else if let part = try self.userPart(block, losses: &losses) {
                parts.append(part)
            }
        }
        self.appendUser(media + parts)
    }

    /// A text alone stands as a string, which every server understands.
    private mutating func appendUser(_ parts: [JSONValue]) {
        guard !parts.isEmpty else { return }
        if self.target.takesOnlyLeadingSystem, self.endsWithUser, let last = self.messages.popLast() {
            // Such templates want the roles to take turns.
            let earlier: [JSONValue] =
                last["content"]?.textValue.map { [["type": "text", "text": .string($0)]] }
                ?? last["content"]?.arrayValue ?? []
            self.append(JSONObject([("role", "user"), ("content", .array(earlier + parts))]), isUser: true)
            return
        }
        let isText = parts.count == 1 && parts.first?["type"] == "text"
        let content = isText ? parts.first?["text"] : nil
        self.append(JSONObject([("role", "user"), ("content", content ?? .array(parts))]), isUser: true)
    }

    private mutating func writeResult(
        _ result: ToolResult,
        media: inout [JSONValue],
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        if result.cacheControl != nil { losses.drop(.contentMarks) }
        let id = ToolAliases.wireID(result.callID)
        var texts: [JSONText] = []
        var imageCount = 0
        var fileCount = 0
        for block in result.blocks {
            switch block {
            case .image:
                imageCount += 1
                texts.append("[image \(imageCount) of tool result \(id) follows]")
                media.append(["type": "text", "text": .string("Image \(imageCount) of tool result \(id):")])
                if let part = try self.userPart(block, losses: &losses) { media.append(part) }
            case .file(let file):
                if case .text(let text) = file.source {
                    texts.append(text)
                    continue
                }
                fileCount += 1
                texts.append("[file \(fileCount) of tool result \(id) follows]")
                media.append(["type": "text", "text": .string("File \(fileCount) of tool result \(id):")])
                if let part = try self.userPart(block, losses: &losses) { media.append(part) }
            case .text, .refusal, .reasoning, .toolCall, .toolResult, .hosted:
                if let text = try self.userPart(block, losses: &losses)?["text"]?.textValue { texts.append(text) }
            }
        }
        var text = texts.joined(separator: "\n")
        if result.isError == true, !text.hasPrefix("Error:") {
            text = text.isEmpty ? "Error: the tool failed without output" : "Error: " + text
        }
        self.append(
            JSONObject([
                ("role", "tool"), ("tool_call_id", .string(id)),
                ("content", .string(text.isEmpty ? "(no output)" : text)),
            ])
        )
    }

    /// Nil for a block that says nothing.
    private func userPart(_ block: Block, losses: inout LossReport) throws(TranslationRefusal) -> JSONValue? {
        func text(_ text: JSONText) -> JSONValue? { text.isEmpty ? nil : ["type": "text", "text": .string(text)] }
        switch block {
        case .text(let block):
            if block.cacheControl != nil { losses.drop(.contentMarks) }
            return text(block.text)
        case .image(let image):
            if image.cacheControl != nil { losses.drop(.contentMarks) }
            var inner = JSONObject([("url", .string(image.source.address))])
            inner["detail"] = image.detail.map { .string($0) }
            return ["type": "image_url", "image_url": .object(inner)]
        case .file(let file):
            if file.cacheControl != nil { losses.drop(.contentMarks) }
            switch file.source {
            case .text(let content): return text(file.words(of: content))
            case .inline(let type, let base64):
                return [
                    "type": "file",
                    "file": [
                        "filename": .string(file.wireName(of: type)),
                        "file_data": .string(DataURL(mediaType: type, base64: base64).text),
                    ],
                ]
            case .url:
                throw TranslationRefusal(
                    "messages",
                    "a document by its URL is not supported by the model behind this name; send its data instead",
                    code: .unsupportedParameter
                )
            }
        case .refusal(let words): return text(JSONText(words))
        case .hosted(_, let type, let value): return text(JSONText(HostedText.text(type: type, value, losses: &losses)))
        case .reasoning, .toolCall, .toolResult:
            // No dialect has these in a user's turn or in a result.
            losses.drop(.content)
            return nil
        }
    }

    private mutating func writeAssistant(_ blocks: [Block], losses: inout LossReport) {
        self.hasConversation = true
        var content = OpenAIChatText()
        var refusal = ""
        var reasoning: [String] = []
        var calls: [JSONValue] = []
        for block in blocks {
            switch block {
            case .text(let text):
                if text.cacheControl != nil { losses.drop(.contentMarks) }
                // A message has its text in front of its calls.
                if !calls.isEmpty, !text.text.isEmpty { losses.approximate(.content) }
                content.append(text.text)
            case .refusal(let words): refusal += words
            case .reasoning(let block):
                content.interrupt()
                if self.target.takesReasoningContent, let text = OpenAIChat.readable(block) {
                    reasoning.append(text)
                } else {
                    losses.drop(.pastReasoning)
                }
            case .toolCall(let call):
                content.interrupt()
                calls.append([
                    "id": .string(ToolAliases.wireID(call.id)), "type": "function",
                    "function": [
                        "name": .string(ToolAliases.wireName(call.name)),
                        "arguments": .string(OpenAIChat.wireArguments(of: call)),
                    ],
                ])
            case .hosted(_, let type, let value):
                content.interrupt()
                content.append(JSONText(HostedText.text(type: type, value, losses: &losses)))
                content.interrupt()
            case .image: losses.drop(.content)
            case .file: losses.drop(.content)
            case .toolResult: losses.drop(.content)
            }
        }
        guard !content.text.isEmpty || !refusal.isEmpty || !calls.isEmpty else { return }
        var message = JSONObject([("role", "assistant")])
        message["content"] = content.text.isEmpty ? .null : .string(content.text)
        if !refusal.isEmpty { message["refusal"] = .string(refusal) }
        if !reasoning.isEmpty { message["reasoning_content"] = .string(reasoning.joined(separator: "\n\n")) }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        self.append(message)
    }
}
