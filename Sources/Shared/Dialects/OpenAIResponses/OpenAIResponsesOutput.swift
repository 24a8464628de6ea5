import Canonical
import Wire

/// The output items of an answer as they grow, and the events that tell of it.
///
/// One item is open at a time. Texts in a row are parts of one message; a call and a block of reasoning are items of
/// their own. Ids of items follow from the request and the place of the item, so that an item has the same one in
/// every event and in the end.
struct OpenAIResponsesOutput: Sendable {
    /// An event without its type's number: what it is called and its members.
    typealias Event = (type: String, members: [(String, JSONValue)])

    private let requestID: String
    private let showsReasoning: Bool
    /// Items that are whole.
    private(set) var items: [JSONValue] = []
    private var open = OpenAIResponsesOpenItem.none
    private var hasRefusal = false
    /// How long all is that was said.
    private(set) var spokenBytes = 0

    /// What stands for the words of a model that declined without any.
    private static let refusal = "The model declined to answer."

    init(_ context: AnswerContext) {
        self.requestID = context.requestID
        self.showsReasoning = context.request.reasoning.wantsSummary != false
    }

    mutating func take(_ event: ModelEvent, into events: inout [Event]) {
        switch event {
        case .started, .usage, .failed: break
        case .blockStarted(let start): self.begin(start, into: &events)
        case .delta(let delta): self.take(delta, into: &events)
        case .blockEnded: self.endBlock(into: &events)
        case .finished(let stop): self.end(stop, into: &events)
        }
    }

    // MARK: Beginnings

    private mutating func begin(_ start: ModelEvent.BlockStart, into events: inout [Event]) {
        switch start {
        case .text: self.beginPart(isRefusal: false, into: &events)
        case .refusal: self.beginPart(isRefusal: true, into: &events)
        case .reasoning:
            self.closeItem(into: &events)
            self.open = .reasoning(OpenAIResponsesOpenItem.Thoughts())
            self.tellItem("added", self.item(isWhole: false), into: &events)
        case .toolCall(let id, let name, let kind):
            self.closeItem(into: &events)
            self.open = .call(OpenAIResponsesOpenItem.Call(id: id, name: name, kind: kind))
            self.tellItem("added", self.item(isWhole: false), into: &events)
        }
    }

    private mutating func beginPart(isRefusal: Bool, into events: inout [Event]) {
        if case .message(_, nil) = self.open {
            // The message goes on.
        } else {
            self.closeItem(into: &events)
            self.open = .message(parts: [], part: nil)
            self.tellItem("added", self.item(isWhole: false), into: &events)
        }
        guard case .message(let parts, _) = self.open else { return }
        let part = OpenAIResponsesOpenItem.Part(isRefusal: isRefusal)
        self.open = .message(parts: parts, part: part)
        self.hasRefusal = self.hasRefusal || isRefusal
        events.append(("response.content_part.added", self.place(content: parts.count) + [("part", part.value)]))
    }

    // MARK: Deltas

    private mutating func take(_ delta: ModelEvent.Delta, into events: inout [Event]) {
        switch delta {
        case .text(let piece): self.grow(piece, isRefusal: false, into: &events)
        case .refusal(let piece): self.grow(piece, isRefusal: true, into: &events)
        case .annotation(let annotation): self.annotate(annotation, into: &events)
        case .summary(let piece, let part): self.takeSummary(piece, part, into: &events)
        case .reasoningText(let piece): self.takeThoughts(piece, into: &events)
        case .opaque(.native): break
        case .opaque(.sealed(let blob)):
            guard case .reasoning(var thoughts) = self.open else { return }
            thoughts.blob = blob
            self.open = .reasoning(thoughts)
        case .arguments(let piece): self.takeArguments(piece, into: &events)
        }
    }

    private mutating func grow(_ piece: String, isRefusal: Bool, into events: inout [Event]) {
        guard case .message(let parts, var part?) = self.open, part.isRefusal == isRefusal, !piece.isEmpty else {
            return
        }
        // The text must have one owner while it grows, or each piece would copy it.
        self.open = .none
        part.text += piece
        self.open = .message(parts: parts, part: part)
        self.spokenBytes += piece.utf8.count
        let place = self.place(content: parts.count)
        if isRefusal {
            events.append(("response.refusal.delta", place + [("delta", .string(piece))]))
        } else {
            events.append(("response.output_text.delta", place + [("delta", .string(piece)), ("logprobs", [])]))
        }
    }

    private mutating func annotate(_ annotation: JSONValue, into events: inout [Event]) {
        guard case .message(let parts, var part?) = self.open, !part.isRefusal else { return }
        let number = part.annotations.count
        part.annotations.append(annotation)
        self.open = .message(parts: parts, part: part)
        events.append(
            (
                "response.output_text.annotation.added",
                self.place(content: parts.count) + [
                    ("annotation_index", .int(number)), ("annotation", annotation),
                ]
            )
        )
    }

    private mutating func takeSummary(_ piece: String, _ number: Int, into events: inout [Event]) {
        guard self.showsReasoning, !piece.isEmpty else { return }
        if case .reasoning(let thoughts) = self.open, let part = thoughts.part, part.number != number {
            self.closeSummaryPart(into: &events)
        }
        guard case .reasoning(var thoughts) = self.open else { return }
        let place = self.place() + [("summary_index", .int(thoughts.summary.count))]
        self.open = .none
        if thoughts.part == nil {
            thoughts.part = (number, "")
            events.append(("response.reasoning_summary_part.added", place + [("part", JSONValue(summary: ""))]))
        }
        thoughts.part?.text += piece
        self.open = .reasoning(thoughts)
        self.spokenBytes += piece.utf8.count
        events.append(("response.reasoning_summary_text.delta", place + [("delta", .string(piece))]))
    }

    private mutating func takeThoughts(_ piece: String, into events: inout [Event]) {
        guard self.showsReasoning, !piece.isEmpty, case .reasoning(var thoughts) = self.open else { return }
        let place = self.place(content: 0)
        self.open = .none
        if thoughts.text == nil {
            events.append(("response.content_part.added", place + [("part", JSONValue(thoughts: ""))]))
        }
        thoughts.text = (thoughts.text.take() ?? "") + piece
        self.open = .reasoning(thoughts)
        self.spokenBytes += piece.utf8.count
        events.append(("response.reasoning_text.delta", place + [("delta", .string(piece))]))
    }

    private mutating func takeArguments(_ piece: String, into events: inout [Event]) {
        guard case .call(var call) = self.open, !piece.isEmpty else { return }
        self.open = .none
        call.arguments += piece
        self.open = .call(call)
        self.spokenBytes += piece.utf8.count
        switch call.kind {
        case .function:
            events.append(("response.function_call_arguments.delta", self.place() + [("delta", .string(piece))]))
        case .custom:
            events.append(("response.custom_tool_call_input.delta", self.place() + [("delta", .string(piece))]))
        // Its arguments are an object, which comes whole.
        case .toolSearch: break
        }
    }

    // MARK: Ends

    private mutating func endBlock(into events: inout [Event]) {
        switch self.open {
        // Whether a call is whole is known when something follows it, or the reason of the answer's end.
        case .none: break
        case .call(var call):
            self.open = .none
            call.hasEnded = true
            self.open = .call(call)
        case .message: self.closePart(into: &events)
        case .reasoning: self.closeItem(into: &events)
        }
    }

    /// The answer fails: a call that had ended before was whole.
    mutating func breakOff(into events: inout [Event]) {
        if case .call(let call) = self.open, call.hasEnded { self.closeItem(into: &events) }
    }

    private mutating func closePart(into events: inout [Event]) {
        guard case .message(let parts, let part?) = self.open else { return }
        self.open = .message(parts: parts + [part.value], part: nil)
        let place = self.place(content: parts.count)
        if part.isRefusal {
            events.append(("response.refusal.done", place + [("refusal", .string(part.text))]))
        } else {
            events.append(("response.output_text.done", place + [("text", .string(part.text)), ("logprobs", [])]))
        }
        events.append(("response.content_part.done", place + [("part", part.value)]))
    }

    private mutating func closeSummaryPart(into events: inout [Event]) {
        guard case .reasoning(var thoughts) = self.open, let part = thoughts.part else { return }
        let place = self.place() + [("summary_index", .int(thoughts.summary.count))]
        thoughts.summary.append(JSONValue(summary: part.text))
        thoughts.part = nil
        self.open = .reasoning(thoughts)
        events.append(("response.reasoning_summary_text.done", place + [("text", .string(part.text))]))
        events.append(("response.reasoning_summary_part.done", place + [("part", JSONValue(summary: part.text))]))
    }

    private mutating func closeThoughts(into events: inout [Event]) {
        guard case .reasoning(let thoughts) = self.open, let text = thoughts.text else { return }
        let place = self.place(content: 0)
        events.append(("response.reasoning_text.done", place + [("text", .string(text))]))
        events.append(("response.content_part.done", place + [("part", JSONValue(thoughts: text))]))
    }

    private mutating func closeArguments(isCut: Bool, into events: inout [Event]) {
        guard case .call(var call) = self.open else { return }
        switch call.kind {
        case .function:
            if call.arguments.isEmpty, !isCut {
                // A function's arguments are JSON, even where the model gave none.
                self.takeArguments("{}", into: &events)
                call.arguments = "{}"
            }
            events.append(
                (
                    "response.function_call_arguments.done",
                    self.place() + [("name", .string(call.name.name)), ("arguments", .string(call.arguments))]
                )
            )
        case .custom:
            events.append(
                ("response.custom_tool_call_input.done", self.place() + [("input", .string(call.arguments))])
            )
        case .toolSearch: break
        }
    }

    /// Ends the open item: `isCut` for one that the end of the answer cut short.
    private mutating func closeItem(isCut: Bool = false, into events: inout [Event]) {
        var isCut = isCut
        if case .call(let call) = self.open { isCut = isCut && !call.isWhole }
        switch self.open {
        case .none: return
        case .message: self.closePart(into: &events)
        case .reasoning:
            self.closeSummaryPart(into: &events)
            self.closeThoughts(into: &events)
        case .call: self.closeArguments(isCut: isCut, into: &events)
        }
        let item = self.item(isWhole: true, isCut: isCut)
        self.tellItem("done", item, into: &events)
        self.items.append(item)
        self.open = .none
    }

    private mutating func end(_ stop: StopReason, into events: inout [Event]) {
        if stop == .refusal, !self.hasRefusal {
            if case .message(_, .some) = self.open { self.closePart(into: &events) }
            self.beginPart(isRefusal: true, into: &events)
            self.grow(OpenAIResponsesOutput.refusal, isRefusal: true, into: &events)
        }
        self.closeItem(isCut: OpenAIResponses.End(stop).reason != nil, into: &events)
    }

    // MARK: Items

    private var itemID: String { "\(self.open.idPrefix)_\(self.requestID)_\(self.items.count)" }

    private func place(content: Int? = nil) -> [(String, JSONValue)] {
        var place: [(String, JSONValue)] = [
            ("item_id", .string(self.itemID)), ("output_index", .int(self.items.count)),
        ]
        if let content { place.append(("content_index", .int(content))) }
        return place
    }

    private func tellItem(_ what: String, _ item: JSONValue, into events: inout [Event]) {
        events.append(
            ("response.output_item.\(what)", [("output_index", .int(self.items.count)), ("item", item)])
        )
    }

    /// The open item as far as it is told.
    private func item(isWhole: Bool, isCut: Bool = false) -> JSONValue {
        self.open.value(
            id: .string(self.itemID),
            status: !isWhole ? "in_progress" : isCut ? "incomplete" : "completed",
            isWhole: isWhole && !isCut
        )
    }
}
