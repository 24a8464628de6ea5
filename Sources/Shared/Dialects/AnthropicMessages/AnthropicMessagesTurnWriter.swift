import Canonical
import Identity
import Wire

/// Writes the turns of a conversation for a target: `system`, and messages in which user and assistant take turns.
struct AnthropicMessagesTurnWriter {
    private struct Message {
        var role: String
        var results: [JSONValue] = []
        var others: [JSONValue] = []

        /// Results of tools must lead.
        var content: [JSONValue] { self.results + self.others }
    }

    private(set) var system: [JSONValue] = []
    private var written: [Message] = []
    private let target: TargetTraits
    var losses = LossReport()

    init(_ target: TargetTraits) {
        self.target = target
    }

    /// Whether nobody but the system has spoken.
    var isEmpty: Bool { self.written.isEmpty }

    var messages: [JSONValue] {
        self.written.map { ["role": .string($0.role), "content": .array($0.content)] }
    }

    mutating func write(_ turn: Turn) throws(TranslationRefusal) {
        if turn.phase != nil { self.losses.drop(.phase) }
        switch turn.role {
        case .system, .developer: try self.writeInstruction(turn.blocks)
        case .user: self.append("user", try self.userBlocks(turn.blocks))
        case .assistant: try self.writeAssistant(turn.blocks)
        }
    }

    /// Adds a text to the instructions before all messages.
    mutating func addSystem(_ text: String) { self.system.append(["type": "text", "text": .string(text)]) }

    // MARK: Turns

    /// Instructions before the conversation are `system`; later ones stay where they are.
    private mutating func writeInstruction(_ blocks: [Block]) throws(TranslationRefusal) {
        var texts: [JSONValue] = []
        for block in blocks {
            guard case .text(let text) = block else {
                throw TranslationRefusal(
                    "messages",
                    "instructions with anything but text are not supported by the model behind this name",
                    code: .unsupportedParameter
                )
            }
            if let written = AnthropicMessagesTurnWriter.text(text) { texts.append(written) }
        }
        guard !texts.isEmpty else { return }
        if self.written.isEmpty {
            self.system += texts
        } else if self.target.takesSystemTurns {
            self.append("system", texts)
        } else {
            self.append("user", texts.map(AnthropicMessagesTurnWriter.reminder))
        }
    }

    private static func reminder(_ block: JSONValue) -> JSONValue {
        var object = block.objectValue ?? JSONObject()
        object["text"] = .string("<system-reminder>\n\(block["text"]?.stringValue ?? "")\n</system-reminder>")
        return .object(object)
    }

    private mutating func writeAssistant(_ blocks: [Block]) throws(TranslationRefusal) {
        var written = blocks.compactMap { self.assistantBlock($0) }
        // A turn that ends in thinking is refused: something else must have followed and be gone.
        while let last = written.last, AnthropicMessagesTurnWriter.isThinking(last) {
            written.removeLast()
            self.losses.drop(.pastReasoning)
        }
        guard !written.isEmpty else { return }
        if self.written.isEmpty {
            try self.writeOpening(written)
        } else {
            self.append("assistant", written)
        }
    }

    /// What the assistant said before the user's first message becomes a part of the instructions, in words.
    ///
    /// A conversation must begin with the user, and nobody is made to have said something.
    private mutating func writeOpening(_ blocks: [JSONValue]) throws(TranslationRefusal) {
        var texts: [String] = []
        for block in blocks where !AnthropicMessagesTurnWriter.isThinking(block) {
            guard let text = block["text"]?.stringValue else {
                throw TranslationRefusal(
                    "messages",
                    "must not begin with tool calls: the model behind this name wants a user message first",
                    code: .unsupportedParameter
                )
            }
            texts.append(text)
        }
        self.losses.approximate(.firstTurn)
        let words = texts.joined(separator: "\n\n")
        self.addSystem(
            "You have begun this conversation with the following message:\n"
                + "<assistant-message>\n\(words)\n</assistant-message>"
        )
    }

    /// Turns of the same role in a row are one.
    private mutating func append(_ role: String, _ blocks: [JSONValue]) {
        guard !blocks.isEmpty else { return }
        if self.written.last?.role != role { self.written.append(Message(role: role)) }
        let last = self.written.index(before: self.written.endIndex)
        for block in blocks {
            if block["type"] == "tool_result" {
                self.written[last].results.append(block)
            } else {
                self.written[last].others.append(block)
            }
        }
    }

    // MARK: Ends

    /// What the last message asks of the rest: a conversation ends with the user, unless the model may go on with
    /// what it is said to have begun.
    mutating func finishPrefill() throws(TranslationRefusal) -> Bool {
        guard let last = self.written.indices.last, self.written[last].role == "assistant" else { return false }
        if self.written[last].others.contains(where: { $0["type"] == "tool_use" }) {
            throw TranslationRefusal("messages", "must not end with tool calls that have no results")
        }
        guard self.target.usesThinkingBudget else {
            throw TranslationRefusal(
                "messages",
                "must not end with an assistant message: the model behind this name does not go on with one",
                code: .unsupportedParameter
            )
        }
        // White space at the end is refused.
        if var object = self.written[last].others.popLast()?.objectValue {
            if let text = object["text"]?.stringValue { object["text"] = .string(text.withoutTrailingSpace) }
            self.written[last].others.append(.object(object))
        }
        self.losses.approximate(.lastTurn)
        return true
    }

    /// Whether the model is in the middle of calling tools and did not think before it began: a thinking budget is
    /// refused then.
    var isInUnthinkingLoop: Bool {
        let begin = self.written.lastIndex { $0.role == "user" && $0.results.isEmpty }
        let rest = self.written[(begin.map { $0 + 1 } ?? 0)...]
        guard rest.contains(where: { !$0.results.isEmpty }) else { return false }
        let first = rest.first { $0.role == "assistant" }?.content.first
        return first.map { !AnthropicMessagesTurnWriter.isThinking($0) } ?? false
    }

    /// The wire names of tools that the history calls, each once, in order.
    var calledNames: [String] {
        var names: [String] = []
        for message in self.written {
            for block in message.others where block["type"] == "tool_use" {
                if let name = block["name"]?.stringValue, !names.contains(name) { names.append(name) }
            }
        }
        return names
    }

    static func isThinking(_ block: JSONValue) -> Bool {
        block["type"] == "thinking" || block["type"] == "redacted_thinking"
    }
}

extension String {
    fileprivate var withoutTrailingSpace: String {
        var scalars = self.unicodeScalars
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
