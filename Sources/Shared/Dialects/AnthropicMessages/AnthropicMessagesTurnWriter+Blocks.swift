import Canonical
import Identity
import Wire

extension AnthropicMessagesTurnWriter {
    /// Nil for a text that says nothing, which is refused.
    static func text(_ block: TextBlock) -> JSONValue? {
        guard !EmptyBlocks.isBlank(block.text) else { return nil }
        return AnthropicMessagesTurnWriter.object(
            [("type", "text"), ("text", .string(block.text))],
            block.cacheControl
        )
    }

    static func object(_ members: [(String, JSONValue)], _ cacheControl: JSONValue?) -> JSONValue {
        var object = JSONObject(members)
        if let cacheControl { object["cache_control"] = cacheControl }
        return .object(object)
    }

    mutating func userBlocks(_ blocks: [Block]) throws(TranslationRefusal) -> [JSONValue] {
        var written: [JSONValue] = []
        for block in blocks {
            if case .toolResult(let result) = block {
                written.append(try self.toolResult(result))
            } else if let value = try self.userBlock(block) {
                written.append(value)
            }
        }
        return written
    }

    /// Nil for a block that says nothing.
    private mutating func userBlock(_ block: Block) throws(TranslationRefusal) -> JSONValue? {
        switch block {
        case .text(let text): return AnthropicMessagesTurnWriter.text(text)
        case .refusal(let words): return AnthropicMessagesTurnWriter.text(TextBlock(words))
        case .image(let image): return try self.image(image)
        case .file(let file): return try self.document(file)
        case .hosted(let dialect, let type, let value): return self.hosted(dialect, type, value)
        case .reasoning, .toolCall, .toolResult:
            // No dialect has these in a user's turn or in a result.
            self.losses.drop(.content)
            return nil
        }
    }

    private mutating func hosted(_ dialect: Dialect, _ type: String, _ value: JSONValue) -> JSONValue? {
        if dialect == .anthropicMessages { return value }
        return AnthropicMessagesTurnWriter.text(TextBlock(HostedText.text(type: type, value, losses: &self.losses)))
    }

    mutating func assistantBlock(_ block: Block) -> JSONValue? {
        switch block {
        case .text(let text): return AnthropicMessagesTurnWriter.text(text)
        case .refusal(let words): return AnthropicMessagesTurnWriter.text(TextBlock(words))
        case .reasoning(let reasoning): return self.thinking(reasoning)
        case .toolCall(let call): return AnthropicMessagesTurnWriter.toolUse(call)
        case .hosted(let dialect, let type, let value): return self.hosted(dialect, type, value)
        case .image: self.losses.drop(.content)
        case .file: self.losses.drop(.content)
        case .toolResult: self.losses.drop(.content)
        }
        return nil
    }

    /// Only what the target made itself: it refuses thoughts without its own signature.
    private mutating func thinking(_ reasoning: ReasoningBlock) -> JSONValue? {
        switch reasoning.opaque {
        case .native(.signature, let signature):
            let text = reasoning.summary.isEmpty ? reasoning.text ?? "" : reasoning.summary.joined(separator: "\n\n")
            return ["type": "thinking", "thinking": .string(text), "signature": .string(signature)]
        case .native(.redacted, let data): return ["type": "redacted_thinking", "data": .string(data)]
        case .native(.encryptedContent, _), .native(.unsigned, _), .sealed, nil:
            self.losses.drop(.pastReasoning)
            return nil
        }
    }

    private static func toolUse(_ call: ToolCall) -> JSONValue {
        [
            "type": "tool_use", "id": .string(ToolAliases.wireID(call.id)),
            "name": .string(ToolAliases.wireName(call.name)), "input": AnthropicMessages.input(of: call),
        ]
    }

    private mutating func toolResult(_ result: ToolResult) throws(TranslationRefusal) -> JSONValue {
        var content: [JSONValue] = []
        var cacheControl = result.cacheControl
        for block in result.blocks {
            guard var object = try self.userBlock(block)?.objectValue else { continue }
            // One for the whole is enough, and counts against the few that a request may have.
            if let own = object["cache_control"] {
                cacheControl = cacheControl ?? own
                object["cache_control"] = nil
            }
            content.append(.object(object))
        }
        if content.isEmpty { content = [["type": "text", "text": .string(EmptyBlocks.noOutput)]] }
        var members: [(String, JSONValue)] = [
            ("type", "tool_result"), ("tool_use_id", .string(ToolAliases.wireID(result.callID))),
        ]
        if result.isError == true {
            // A result that is marked as failed may hold nothing but text.
            if content.allSatisfy({ $0["type"] == "text" }) {
                members.append(("is_error", true))
            } else {
                content.insert(["type": "text", "text": "Error:"], at: 0)
            }
        }
        members.append(("content", .array(content)))
        return AnthropicMessagesTurnWriter.object(members, cacheControl)
    }

    // MARK: Media

    private mutating func image(_ image: ImageBlock) throws(TranslationRefusal) -> JSONValue {
        if let detail = image.detail, detail != "auto" { self.losses.drop(.imageDetail) }
        let source: JSONValue
        switch image.source {
        case .url(let url): source = ["type": "url", "url": .string(url)]
        case .inline(let type, let data):
            guard ImageBlock.mediaTypes.contains(type) else {
                throw TranslationRefusal("messages", "must hold images as PNG, JPEG, GIF or WebP only")
            }
            source = ["type": "base64", "media_type": .string(type), "data": .string(data)]
        }
        return AnthropicMessagesTurnWriter.object([("type", "image"), ("source", source)], image.cacheControl)
    }

    private mutating func document(_ file: FileBlock) throws(TranslationRefusal) -> JSONValue {
        let source: JSONValue
        switch file.source {
        case .url(let url): source = ["type": "url", "url": .string(url)]
        case .text(let text): source = AnthropicMessagesTurnWriter.plainText(text)
        case .inline("application/pdf", let data):
            source = ["type": "base64", "media_type": "application/pdf", "data": .string(data)]
        case .inline(let type, let data):
            if ImageBlock.mediaTypes.contains(type) {
                return try self.image(
                    ImageBlock(.inline(mediaType: type, base64: data), cacheControl: file.cacheControl)
                )
            }
            guard let text = AnthropicMessagesTurnWriter.text(type, data) else {
                throw TranslationRefusal(
                    "messages",
                    "has a file that is neither PDF, text nor image, which the model behind this name cannot read",
                    code: .unsupportedParameter
                )
            }
            source = AnthropicMessagesTurnWriter.plainText(text)
        }
        var members: [(String, JSONValue)] = [("type", "document"), ("source", source)]
        if let name = file.name, !name.isEmpty { members.append(("title", .string(name))) }
        return AnthropicMessagesTurnWriter.object(members, file.cacheControl)
    }

    private static func plainText(_ text: JSONText) -> JSONValue {
        [
            "type": "text", "media_type": "text/plain",
            "data": .string(text.isEmpty ? JSONText(EmptyBlocks.noOutput) : text),
        ]
    }

    /// The text of a file that is some; nil for other files.
    private static func text(_ mediaType: String, _ data: JSONText) -> JSONText? {
        let others: Set<String> = ["application/json", "application/xml", "application/yaml", "application/x-yaml"]
        guard mediaType.hasPrefix("text/") || others.contains(mediaType) else { return nil }
        return Base64.decode(data.string).flatMap { String(validating: $0, as: UTF8.self) }.map { JSONText($0) }
    }
}
