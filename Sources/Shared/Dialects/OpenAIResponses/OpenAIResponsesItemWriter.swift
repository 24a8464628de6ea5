import Canonical
import Identity
import Wire

/// Writes the turns of a conversation as input items for a target, one after another.
struct OpenAIResponsesItemWriter {
    private(set) var items: [JSONValue] = []

    mutating func write(_ turn: Turn, losses: inout LossReport) throws(TranslationRefusal) {
        switch turn.role {
        case .system, .developer: try self.writeInstruction(turn, losses: &losses)
        case .user: self.writeUser(turn.blocks, losses: &losses)
        case .assistant: self.writeAssistant(turn, losses: &losses)
        }
    }

    private mutating func appendMessage(_ role: Turn.Role, _ parts: [JSONValue], phase: String? = nil) {
        guard !parts.isEmpty else { return }
        var message = JSONObject([
            ("type", "message"), ("role", .string(role.rawValue)), ("content", .array(parts)),
        ])
        if role == .assistant {
            // Servers that check items by the dialect's schema take no output text without these.
            message["id"] = .string("msg_\(self.items.count)")
            message["status"] = "completed"
        }
        message["phase"] = phase.map { .string($0) }
        self.items.append(.object(message))
    }

    // MARK: Callers

    private mutating func writeInstruction(_ turn: Turn, losses: inout LossReport) throws(TranslationRefusal) {
        var parts: [JSONValue] = []
        for block in turn.blocks {
            switch block {
            case .text(let text):
                if text.cacheControl != nil { losses.drop(.instructionMarks) }
                if !text.text.isEmpty { parts.append(["type": "input_text", "text": .string(text.text)]) }
            case .image, .file, .reasoning, .toolCall, .toolResult, .refusal, .hosted:
                throw TranslationRefusal(
                    "messages",
                    "instructions with anything but text are not supported by the model behind this name",
                    code: .unsupportedParameter
                )
            }
        }
        self.appendMessage(turn.role, parts)
    }

    private mutating func writeUser(_ blocks: [Block], losses: inout LossReport) {
        var parts: [JSONValue] = []
        for block in blocks {
            if case .toolResult(let result) = block {
                // Results come first; where they do not, what was said before them keeps its place.
                self.appendMessage(.user, parts)
                parts = []
                self.writeResult(result, losses: &losses)
            } else if let part = self.userPart(block, losses: &losses) {
                parts.append(part)
            }
        }
        self.appendMessage(.user, parts)
    }

    private mutating func writeResult(_ result: ToolResult, losses: inout LossReport) {
        if result.cacheControl != nil { losses.drop(.contentMarks) }
        var parts = result.blocks.compactMap { self.userPart($0, losses: &losses) }
        if result.isError == true {
            // The dialect has no mark for it.
            let first = parts.first?["text"]?.textValue
            if let first, !first.hasPrefix("Error:") {
                parts[parts.startIndex] = ["type": "input_text", "text": .string("Error: " + first)]
            } else if first == nil {
                let text = parts.isEmpty ? "Error: the tool failed without output" : "Error:"
                parts.insert(["type": "input_text", "text": .string(text)], at: parts.startIndex)
            }
        }
        // A text alone stands as a string, which every server understands.
        let texts = parts.compactMap { $0["text"]?.textValue }
        let output: JSONValue =
            parts.isEmpty
            ? "(no output)"
            : texts.count == parts.count ? .string(texts.joined(separator: "\n")) : .array(parts)
        let type: JSONValue
        switch result.kind {
        case .custom: type = "custom_tool_call_output"
        case .function, .toolSearch: type = "function_call_output"
        }
        self.items.append(["type": type, "call_id": .string(ToolAliases.wireID(result.callID)), "output": output])
    }

    /// Nil for a block that says nothing.
    private func userPart(_ block: Block, losses: inout LossReport) -> JSONValue? {
        func text(_ text: JSONText) -> JSONValue? {
            text.isEmpty ? nil : ["type": "input_text", "text": .string(text)]
        }
        switch block {
        case .text(let block):
            if block.cacheControl != nil { losses.drop(.contentMarks) }
            return text(block.text)
        case .image(let image):
            if image.cacheControl != nil { losses.drop(.contentMarks) }
            return [
                "type": "input_image", "image_url": .string(image.source.address),
                "detail": .string(image.detail ?? "auto"),
            ]
        case .file(let file):
            if file.cacheControl != nil { losses.drop(.contentMarks) }
            switch file.source {
            case .text(let content): return text(file.words(of: content))
            case .url(let url): return ["type": "input_file", "file_url": .string(url)]
            case .inline(let type, let base64):
                return [
                    "type": "input_file", "filename": .string(file.wireName(of: type)),
                    "file_data": .string(DataURL(mediaType: type, base64: base64).text),
                ]
            }
        case .refusal(let words): return text(JSONText(words))
        case .hosted(_, let type, let value): return text(JSONText(HostedText.text(type: type, value, losses: &losses)))
        case .reasoning, .toolCall, .toolResult:
            // No dialect has these in a user's turn or in a result.
            losses.drop(.content)
            return nil
        }
    }

    // MARK: The model

    /// Words in a row are one message; calls and reasoning are items of their own between them.
    private mutating func writeAssistant(_ turn: Turn, losses: inout LossReport) {
        var parts: [JSONValue] = []
        func text(_ text: JSONText) {
            if !text.isEmpty { parts.append(["type": "output_text", "text": .string(text), "annotations": []]) }
        }
        for block in turn.blocks {
            switch block {
            case .text(let block):
                if block.cacheControl != nil { losses.drop(.contentMarks) }
                text(block.text)
            case .refusal(let words):
                if !words.isEmpty { parts.append(["type": "refusal", "refusal": .string(words)]) }
            case .hosted(_, let type, let value): text(JSONText(HostedText.text(type: type, value, losses: &losses)))
            case .reasoning(let reasoning):
                self.appendMessage(.assistant, parts, phase: turn.phase)
                parts = []
                self.writeReasoning(reasoning, losses: &losses)
            case .toolCall(let call):
                self.appendMessage(.assistant, parts, phase: turn.phase)
                parts = []
                self.writeCall(call)
            case .image: losses.drop(.content)
            case .file: losses.drop(.content)
            case .toolResult: losses.drop(.content)
            }
        }
        self.appendMessage(.assistant, parts, phase: turn.phase)
    }

    /// Only with the blob: without it a provider that keeps nothing cannot take the item.
    ///
    /// Without an id, too: it would have to be the one that the blob was made for.
    private mutating func writeReasoning(_ reasoning: ReasoningBlock, losses: inout LossReport) {
        guard case .native(.encryptedContent, let blob) = reasoning.opaque else {
            losses.drop(.pastReasoning)
            return
        }
        let summary = reasoning.summary.map { JSONValue(summary: $0) }
        self.items.append([
            "type": "reasoning", "summary": .array(summary), "encrypted_content": .string(blob),
        ])
    }

    private mutating func writeCall(_ call: ToolCall) {
        let id = JSONValue.string(ToolAliases.wireID(call.id))
        let name = JSONValue.string(ToolAliases.wireName(call.name))
        switch call.kind {
        case .custom:
            self.items.append([
                "type": "custom_tool_call", "call_id": id, "name": name, "input": .string(call.arguments),
            ])
        case .function, .toolSearch:
            self.items.append([
                "type": "function_call", "call_id": id, "name": name,
                "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments),
            ])
        }
    }
}

extension JSONValue {
    /// A part of a reasoning item's summary.
    init(summary text: String) { self = ["type": "summary_text", "text": .string(text)] }
}
