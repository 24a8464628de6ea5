import Canonical
import Wire

/// Reads one output item of an answer, by its deltas or all at once.
///
/// Providers may tell a text in deltas, in the event that closes it, in the item that closes that, or in several of
/// them: what was told is counted, and only what is missing is told again.
struct OpenAIResponsesItemDecoder: Sendable {
    enum Kind: Hashable, Sendable {
        case message
        case reasoning
        case call(ToolCall.Kind)
    }

    /// A text of an item that grows by deltas; numbers count parts.
    enum Text: Hashable, Sendable {
        case words(Int)
        case refusal(Int)
        case summary(Int)
        case thoughts(Int)
        /// Arguments of a function, or the input of a custom tool.
        case arguments
    }

    let kind: Kind
    /// Set once a refusal is told.
    private(set) var hasRefusal = false
    /// What the open block tells; any text of the item where all are one block.
    private var open: Text?
    private var told: [Text: Int] = [:]
    private var toldAnnotations: [Int: Int] = [:]
    private var callID: String?
    private var hasCall = false

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// Nil for items of other types: what a provider's own tools did is not asked for.
    init?(_ item: JSONValue) {
        switch item["type"]?.stringValue {
        case "message": self.init(.message)
        case "reasoning": self.init(.reasoning)
        case "function_call": self.init(.call(.function))
        case "custom_tool_call": self.init(.call(.custom))
        case "tool_search_call": self.init(.call(.toolSearch))
        default: return nil
        }
    }

    /// Whether the item is a call that has begun.
    var isCall: Bool { self.hasCall }

    /// Begins a call whose name is known; other items begin with their first words.
    mutating func begin(_ item: JSONValue, _ ids: inout OpenAIResponsesCallIDs, into events: inout [ModelEvent]) {
        guard case .call(let kind) = self.kind, !self.hasCall else { return }
        let own = kind == .toolSearch ? OpenAIResponses.toolSearchName.name : nil
        guard let name = own ?? item["name"]?.stringValue, !name.isEmpty else { return }
        let namespace = item["namespace"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        self.hasCall = true
        self.open = .arguments
        let id = ids.next(item)
        events.append(
            .blockStarted(.toolCall(id: id, name: ToolName(name, namespace: namespace), kind: kind))
        )
    }

    /// A piece of a text.
    mutating func tell(_ piece: String, of text: Text, into events: inout [ModelEvent]) {
        guard !piece.isEmpty, self.holds(text) else { return }
        self.open(text, into: &events)
        self.told[text, default: 0] += piece.utf8.count
        switch text {
        case .words: events.append(.delta(.text(piece)))
        case .refusal: events.append(.delta(.refusal(piece)))
        case .summary(let part): events.append(.delta(.summary(piece, part: part)))
        case .thoughts: events.append(.delta(.reasoningText(piece)))
        case .arguments: events.append(.delta(.arguments(piece)))
        }
    }

    /// A text as a whole: tells what its deltas did not.
    mutating func complete(_ whole: String, of text: Text, into events: inout [ModelEvent]) {
        let count = self.told[text] ?? 0
        guard count > 0 else {
            self.tell(whole, of: text, into: &events)
            return
        }
        let utf8 = whole.utf8
        guard utf8.count > count else { return }
        let rest = utf8.index(utf8.startIndex, offsetBy: count)
        guard rest.samePosition(in: whole.unicodeScalars) != nil else { return }
        self.tell(String(whole[rest...]), of: text, into: &events)
    }

    mutating func annotate(_ annotation: JSONValue, part: Int, into events: inout [ModelEvent]) {
        guard self.open == .words(part) else { return }
        self.toldAnnotations[part, default: 0] += 1
        events.append(.delta(.annotation(annotation)))
    }

    /// A part of a message or of reasoning as a whole.
    mutating func complete(
        part: JSONValue,
        at index: Int,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        switch part["type"]?.stringValue {
        case "output_text", "text":
            self.complete(try OpenAIResponses.text(part["text"]), of: .words(index), into: &events)
            let annotations = part["annotations"]?.arrayValue ?? []
            for annotation in annotations.dropFirst(self.toldAnnotations[index] ?? 0) {
                self.annotate(annotation, part: index, into: &events)
            }
        case "refusal": self.complete(try OpenAIResponses.text(part["refusal"]), of: .refusal(index), into: &events)
        case "reasoning_text":
            self.complete(try OpenAIResponses.text(part["text"]), of: .thoughts(index), into: &events)
        default: return
        }
    }

    /// The item as a whole, with which it ends.
    mutating func finish(
        _ item: JSONValue,
        _ ids: inout OpenAIResponsesCallIDs,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        switch self.kind {
        case .message:
            for (index, part) in try OpenAIResponses.list(item["content"]).enumerated() {
                try self.complete(part: part, at: index, into: &events)
            }
        case .reasoning:
            for (index, part) in try OpenAIResponses.list(item["summary"]).enumerated() {
                self.complete(try OpenAIResponses.text(part["text"]), of: .summary(index), into: &events)
            }
            for (index, part) in try OpenAIResponses.list(item["content"]).enumerated() {
                self.complete(try OpenAIResponses.text(part["text"]), of: .thoughts(index), into: &events)
            }
            let blob = try OpenAIResponses.text(item["encrypted_content"])
            if !blob.isEmpty {
                if self.open == nil { self.open(.summary(0), into: &events) }
                events.append(.delta(.opaque(.native(.encryptedContent, blob))))
            }
        case .call(let kind):
            self.begin(item, &ids, into: &events)
            // A call that nobody can name is none.
            guard self.hasCall else { throw AnswerProblem(.garbage) }
            let arguments = try OpenAIResponses.arguments(item[kind == .custom ? "input" : "arguments"])
            self.complete(arguments, of: .arguments, into: &events)
        }
        self.close(into: &events)
    }

    /// Ends the open block, if there is one.
    mutating func close(into events: inout [ModelEvent]) {
        guard self.open != nil else { return }
        self.open = nil
        events.append(.blockEnded)
    }

    // MARK: Blocks

    private func holds(_ text: Text) -> Bool {
        switch (self.kind, text) {
        case (.message, .words), (.message, .refusal), (.reasoning, .summary), (.reasoning, .thoughts): true
        // Arguments that come before the name are told when the item is whole.
        case (.call, .arguments): self.open != nil
        case (.message, _), (.reasoning, _), (.call, _): false
        }
    }

    /// Parts of a message are blocks of their own; reasoning is one.
    private mutating func open(_ text: Text, into events: inout [ModelEvent]) {
        guard self.open != text else { return }
        switch self.kind {
        case .call: return
        case .reasoning: if self.open == nil { events.append(.blockStarted(.reasoning)) }
        case .message:
            self.close(into: &events)
            if case .refusal = text {
                self.hasRefusal = true
                events.append(.blockStarted(.refusal))
            } else {
                events.append(.blockStarted(.text))
            }
        }
        self.open = text
    }
}
