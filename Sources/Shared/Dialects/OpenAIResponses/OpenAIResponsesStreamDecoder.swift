package import Canonical
import Identity
package import Wire

/// Reads a Responses stream: items from `response.created` to one of three terminal events.
///
/// Items that a provider tells at the same time are told one after another, later ones once the first is whole.
package struct OpenAIResponsesStreamDecoder: DialectStreamDecoder {
    private struct OpenItem: Sendable {
        let index: Int
        let id: String?
        var reader: OpenAIResponsesItemDecoder
        var isDone = false
        /// What is told when all items before this one are.
        var held: [ModelEvent] = []
    }

    private var isStarted = false
    private var isEnded = false
    private var ids = OpenAIResponsesCallIDs()
    /// The first of them is told as it comes.
    private var items: [OpenItem] = []
    private var seenIndices: Set<Int> = []
    private var seenIDs: Set<String> = []
    private var heldBytes = 0
    private var hasCalls = false
    private var hasRefusal = false

    /// An answer repeats the tools of its request, which may be as deep as a request.
    private static let maximumDepth = JSONReader.defaultMaximumDepth + 8
    private static let maximumHeldBytes = 4 * 1_024 * 1_024

    package init() {}

    package mutating func decode(_ event: ServerSentEvent, into events: inout [ModelEvent]) {
        guard !self.isEnded, let data = event.data else { return }
        guard let first = data.firstIndex(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a }) else { return }
        // Some servers end as Chat does; what counts is the event before it.
        guard !data[first...].starts(with: "[DONE]".utf8) else { return }
        do throws(AnswerProblem) {
            if event.name == "error" { throw AnswerProblem(.reported) }
            let value = try? JSONReader.read(data, maximumDepth: OpenAIResponsesStreamDecoder.maximumDepth)
            guard let value, case .object = value else { throw AnswerProblem(.garbage) }
            try self.decode(value, value["type"]?.stringValue ?? event.name, into: &events)
        } catch {
            self.isEnded = true
            events.append(.failed(error.failure))
        }
    }

    package mutating func end(into events: inout [ModelEvent]) {
        guard !self.isEnded else { return }
        self.isEnded = true
        events.append(.failed(.truncated))
    }

    private mutating func decode(
        _ event: JSONValue,
        _ type: String?,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        switch type {
        case "response.created", "response.queued", "response.in_progress":
            self.start(event["response"], into: &events)
        case "response.output_item.added":
            guard let item = event["item"], case .object = item else { throw AnswerProblem(.garbage) }
            _ = self.place(of: event, item, into: &events)
        case "response.output_item.done":
            guard let item = event["item"], case .object = item else { throw AnswerProblem(.garbage) }
            try self.finish(event, item, into: &events)
        case "response.content_part.done": try self.completePart(event, into: &events)
        case "response.reasoning_summary_part.done":
            let text = OpenAIResponsesItemDecoder.Text.summary(
                OpenAIResponsesStreamDecoder.number(event, "summary_index")
            )
            try self.take(event, event["part"]?["text"], of: text, isWhole: true, into: &events)
        case "response.output_text.annotation.added": try self.annotate(event, into: &events)
        case "response.completed", "response.incomplete":
            guard let response = event["response"], case .object = response else { throw AnswerProblem(.garbage) }
            try self.finish(response, into: &events)
        case "response.failed", "response.cancelled", "error": throw AnswerProblem(.reported)
        case let type?: try self.decodeText(event, type, into: &events)
        case nil: if ErrorEnvelope.openAI.matches(event) { throw AnswerProblem(.reported) }
        }
    }

    /// Events that tell a text, or a piece of one; events that nobody knows are passed over.
    private mutating func decodeText(
        _ event: JSONValue,
        _ type: String,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        func number(_ name: String) -> Int { OpenAIResponsesStreamDecoder.number(event, name) }
        let text: OpenAIResponsesItemDecoder.Text
        let whole: String
        switch type {
        case "response.output_text.delta", "response.output_text.done":
            (text, whole) = (.words(number("content_index")), "text")
        case "response.refusal.delta", "response.refusal.done":
            (text, whole) = (.refusal(number("content_index")), "refusal")
        case "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done":
            (text, whole) = (.summary(number("summary_index")), "text")
        case "response.reasoning_text.delta", "response.reasoning_text.done":
            (text, whole) = (.thoughts(number("content_index")), "text")
        case "response.function_call_arguments.delta", "response.function_call_arguments.done":
            (text, whole) = (.arguments, "arguments")
        case "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done":
            (text, whole) = (.arguments, "input")
        default: return
        }
        let isWhole = type.hasSuffix(".done")
        try self.take(event, event[isWhole ? whole : "delta"], of: text, isWhole: isWhole, into: &events)
    }

    private static func number(_ event: JSONValue, _ name: String) -> Int { max(0, event[name]?.intValue ?? 0) }

    // MARK: Items

    private mutating func start(_ response: JSONValue?, into events: inout [ModelEvent]) {
        guard !self.isStarted else { return }
        self.isStarted = true
        self.ids.answer = response?["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        events.append(.started(id: self.ids.answer))
    }

    /// The place of the item that an event belongs to; nil when there is no such open item.
    ///
    /// A whole one that waits for those before it to be told is not open: what comes late for it is not told.
    private func openPlace(of event: JSONValue, id: String?) -> Int? {
        if let index = event["output_index"]?.intValue {
            return self.items.firstIndex { $0.index == index && !$0.isDone }
        }
        if let id { return self.items.firstIndex { $0.id == id && !$0.isDone } }
        return self.items.lastIndex { !$0.isDone }
    }

    /// The place of an item that is open or opens now; nil for one that is whole and for one of another type.
    private mutating func place(
        of event: JSONValue,
        _ item: JSONValue,
        into events: inout [ModelEvent]
    ) -> Int? {
        let id = item["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let told = event["output_index"]?.intValue
        if told != nil || id != nil, let place = self.openPlace(of: event, id: id) { return place }
        if told == nil, let id, self.seenIDs.contains(id) { return nil }
        let index = told ?? (self.seenIndices.max() ?? -1) &+ 1
        guard !self.seenIndices.contains(index) else { return nil }
        self.seenIndices.insert(index)
        if let id { self.seenIDs.insert(id) }
        guard let reader = OpenAIResponsesItemDecoder(item) else { return nil }
        return self.append(OpenItem(index: index, id: id, reader: reader), item, into: &events)
    }

    private mutating func append(
        _ opened: OpenItem,
        _ item: JSONValue,
        into events: inout [ModelEvent]
    ) -> Int {
        self.start(nil, into: &events)
        var opened = opened
        var steps: [ModelEvent] = []
        opened.reader.begin(item, &self.ids, into: &steps)
        self.items.append(opened)
        let place = self.items.count - 1
        self.tell(steps, of: place, into: &events)
        return place
    }

    /// Tells steps of the first open item, and holds those of others.
    private mutating func tell(_ steps: [ModelEvent], of place: Int, into events: inout [ModelEvent]) {
        guard place > 0 else {
            events += steps
            return
        }
        self.items[place].held += steps
    }

    private mutating func take(
        _ event: JSONValue,
        _ value: JSONValue?,
        of text: OpenAIResponsesItemDecoder.Text,
        isWhole: Bool,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        let piece =
            isWhole ? try OpenAIResponses.arguments(value) : try OpenAIResponses.text(value)
        guard !piece.isEmpty, let place = self.textPlace(of: event, text, into: &events) else { return }
        if place > 0 {
            self.heldBytes += piece.utf8.count
            guard self.heldBytes <= OpenAIResponsesStreamDecoder.maximumHeldBytes else {
                throw AnswerProblem(.garbage)
            }
        }
        var steps: [ModelEvent] = []
        if isWhole {
            self.items[place].reader.complete(piece, of: text, into: &steps)
        } else {
            self.items[place].reader.tell(piece, of: text, into: &steps)
        }
        self.tell(steps, of: place, into: &events)
    }

    /// The item that a text belongs to; words and thoughts of an item that was not announced open it.
    private mutating func textPlace(
        of event: JSONValue,
        _ text: OpenAIResponsesItemDecoder.Text,
        into events: inout [ModelEvent]
    ) -> Int? {
        let id = event["item_id"]?.stringValue
        if let place = self.openPlace(of: event, id: id) { return place }
        let type: JSONValue
        switch text {
        case .words, .refusal: type = "message"
        case .summary, .thoughts: type = "reasoning"
        // Its name is told when it is whole.
        case .arguments: return nil
        }
        return self.place(of: event, ["type": type, "id": id.map { .string($0) } ?? .null], into: &events)
    }

    private mutating func completePart(
        _ event: JSONValue,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        guard let part = event["part"], let place = self.openPlace(of: event, id: event["item_id"]?.stringValue) else {
            return
        }
        var steps: [ModelEvent] = []
        let index = OpenAIResponsesStreamDecoder.number(event, "content_index")
        try self.items[place].reader.complete(part: part, at: index, into: &steps)
        self.tell(steps, of: place, into: &events)
    }

    private mutating func annotate(_ event: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        guard let annotation = event["annotation"], case .object = annotation else { return }
        guard let place = self.openPlace(of: event, id: event["item_id"]?.stringValue) else { return }
        var steps: [ModelEvent] = []
        let part = OpenAIResponsesStreamDecoder.number(event, "content_index")
        self.items[place].reader.annotate(annotation, part: part, into: &steps)
        self.tell(steps, of: place, into: &events)
    }

    // MARK: Ends

    /// An item is whole.
    private mutating func finish(
        _ event: JSONValue,
        _ item: JSONValue,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        // Without a number and an id it is the one that came last.
        let isNameless = event["output_index"]?.intValue == nil && item["id"]?.stringValue == nil
        let last = isNameless ? self.openPlace(of: event, id: nil) : nil
        guard let place = last ?? self.place(of: event, item, into: &events) else { return }
        var steps: [ModelEvent] = []
        try self.items[place].reader.finish(item, &self.ids, into: &steps)
        self.items[place].isDone = true
        self.tell(steps, of: place, into: &events)
        self.advance(into: &events)
    }

    /// Takes whole items from the front, and tells what the ones behind them held.
    private mutating func advance(into events: inout [ModelEvent]) {
        while let first = self.items.first, first.isDone {
            self.hasCalls = self.hasCalls || first.reader.isCall
            self.hasRefusal = self.hasRefusal || first.reader.hasRefusal
            self.items.removeFirst()
            if let next = self.items.indices.first {
                events += self.items[next].held
                self.items[next].held = []
            }
        }
        if self.items.count <= 1 { self.heldBytes = 0 }
    }

    /// The answer is whole, with what only its last event tells.
    private mutating func finish(_ response: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        self.start(response, into: &events)
        // A failure in the guise of an end must not first look like an answer.
        _ = try OpenAIResponses.stopReason(of: response, hasCalls: false, hasRefusal: false)
        for (index, item) in try OpenAIResponses.list(response["output"]).enumerated() {
            // Some providers give their items other ids at the end, some leave items out.
            let id = item["id"]?.stringValue
            let open = self.items.firstIndex { id != nil && $0.id == id } ?? self.items.firstIndex { $0.index == index }
            if let open {
                guard !self.items[open].isDone else { continue }
                try self.finish(["output_index": .int(self.items[open].index)], item, into: &events)
            } else if !self.seenIndices.contains(index), !(id.map { self.seenIDs.contains($0) } ?? false) {
                try self.finish(["output_index": .int(index)], item, into: &events)
            }
        }
        for place in self.items.indices where !self.items[place].isDone {
            var steps: [ModelEvent] = []
            self.items[place].reader.close(into: &steps)
            self.items[place].isDone = true
            self.tell(steps, of: place, into: &events)
        }
        self.advance(into: &events)
        let stop = try OpenAIResponses.stopReason(
            of: response,
            hasCalls: self.hasCalls,
            hasRefusal: self.hasRefusal
        )
        let usage = response["usage"].map { ReportedUsage($0, .openAIResponses).tokenUsage(.openAIResponses) }
        if let usage, usage.isReported {
            events.append(.usage(usage))
        }
        self.isEnded = true
        events.append(.finished(stop))
    }
}
