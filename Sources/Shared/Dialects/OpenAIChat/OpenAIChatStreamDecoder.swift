package import Canonical
import Identity
package import Wire

/// Reads a Chat Completions stream: chunks of one choice, `[DONE]` at the end.
///
/// A provider may leave out `[DONE]` when it told a finish reason, or the reason when it says `[DONE]` behind an
/// answer. Without either the stream was cut. What comes of choices other than the first is passed over.
package struct OpenAIChatStreamDecoder: DialectStreamDecoder {
    private enum Words: Sendable {
        case text
        case refusal
        case reasoning
    }

    private enum OpenBlock: Hashable, Sendable {
        case none
        case words(Words)
        /// One call, and others that wait for it.
        case calls
    }

    private var isStarted = false
    private var isEnded = false
    private var id: String?
    private var open = OpenBlock.none
    private var calls = OpenAIChatCallAssembly()
    /// Words that came in the middle of calls and wait for their end.
    private var held: [(kind: Words, text: String)] = []
    private var heldBytes = 0
    private var hasBlocks = false
    private var hasRefusal = false
    private var isFinishTold = false
    private var finish: String?
    private var usage = TokenUsage()
    private var toldUsage = TokenUsage()

    private static let maximumHeldBytes = 4 * 1_024 * 1_024

    package init() {}

    package mutating func decode(_ event: ServerSentEvent, into events: inout [ModelEvent]) {
        guard !self.isEnded, let data = event.data else { return }
        guard let first = data.firstIndex(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a }) else { return }
        do throws(AnswerProblem) {
            if event.name == "error" { throw AnswerProblem(.reported) }
            if data[first...].starts(with: "[DONE]".utf8) {
                try self.finish(atMarker: true, into: &events)
                return
            }
            guard let chunk = try? JSONReader.read(data), case .object = chunk else { throw AnswerProblem(.garbage) }
            try self.decode(chunk, into: &events)
        } catch {
            self.fail(error.failure, into: &events)
        }
    }

    package mutating func end(into events: inout [ModelEvent]) {
        guard !self.isEnded else { return }
        do throws(AnswerProblem) {
            try self.finish(atMarker: false, into: &events)
        } catch {
            self.fail(error.failure, into: &events)
        }
    }

    private mutating func fail(_ failure: StreamFailure, into events: inout [ModelEvent]) {
        self.isEnded = true
        events.append(.failed(failure))
    }

    private mutating func decode(_ chunk: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        guard !ErrorEnvelope.openAI.matches(chunk) else { throw AnswerProblem(.reported) }
        if self.id == nil, let id = chunk["id"]?.stringValue, !id.isEmpty { self.id = id }
        if let usage = chunk["usage"] {
            self.usage.update(with: ReportedUsage(usage, .openAIChat).tokenUsage(.openAIChat))
        }
        let choices: [JSONValue]
        switch chunk["choices"] {
        case nil, .null: choices = []
        case .array(let elements): choices = elements
        case .bool, .number, .string, .object: throw AnswerProblem(.garbage)
        }
        if !choices.isEmpty, !self.isStarted {
            self.isStarted = true
            events.append(.started(id: self.id))
        }
        for choice in choices {
            guard case .object = choice else { throw AnswerProblem(.garbage) }
            guard (choice["index"]?.intValue ?? 0) == 0 else { continue }
            try self.decode(choice: choice, into: &events)
        }
        self.tellUsage(into: &events)
    }

    private mutating func decode(choice: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        if let error = choice["error"], error != .null { throw AnswerProblem(.reported) }
        switch choice["delta"] ?? choice["message"] {
        case nil, .null: break
        case .some(let delta):
            guard case .object = delta else { throw AnswerProblem(.garbage) }
            try self.decode(delta: delta, into: &events)
        }
        // Some providers write an empty text where others write null.
        if let reason = choice["finish_reason"]?.stringValue, !reason.isEmpty {
            self.isFinishTold = true
            self.finish = reason
        }
    }

    private mutating func decode(delta: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        let words = try OpenAIChatWordsOfAnswer(delta)
        try self.tell(.reasoning, words.reasoning, into: &events)
        try self.tell(.text, words.text, into: &events)
        try self.tell(.refusal, words.refusal, into: &events)
        for annotation in delta["annotations"]?.arrayValue ?? [] where self.open == .words(.text) {
            events.append(.delta(.annotation(OpenAIChat.flatAnnotation(annotation))))
        }
        try self.decodeCalls(of: delta, into: &events)
    }

    private mutating func decodeCalls(of delta: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        var pieces: [JSONValue] = []
        switch delta["tool_calls"] {
        case nil, .null: break
        case .array(let elements): pieces = elements
        case .bool, .number, .string, .object: throw AnswerProblem(.garbage)
        }
        if let function = delta["function_call"], case .object = function {
            pieces.append(["function": function])
        }
        guard !pieces.isEmpty else { return }
        if self.open != .calls { self.close(into: &events) }
        self.open = .calls
        self.hasBlocks = true
        for piece in pieces { try self.calls.take(piece) }
        self.calls.advance(answer: self.id, into: &events)
    }

    private mutating func tell(
        _ kind: Words,
        _ text: String,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        guard !text.isEmpty else { return }
        if kind == .refusal { self.hasRefusal = true }
        if try self.begin(kind, into: &events) {
            events.append(.delta(OpenAIChatStreamDecoder.delta(kind, text)))
            return
        }
        self.heldBytes += text.utf8.count
        guard self.heldBytes <= OpenAIChatStreamDecoder.maximumHeldBytes else { throw AnswerProblem(.garbage) }
        if let last = self.held.indices.last, self.held[last].kind == kind {
            self.held[last].text += text
        } else {
            self.held.append((kind, text))
        }
    }

    private static func delta(_ kind: Words, _ text: String) -> ModelEvent.Delta {
        switch kind {
        case .text: .text(text)
        case .refusal: .refusal(text)
        case .reasoning: .reasoningText(text)
        }
    }

    private static func start(_ kind: Words) -> ModelEvent.BlockStart {
        switch kind {
        case .text: .text
        case .refusal: .refusal
        case .reasoning: .reasoning
        }
    }

    /// Opens a block of this kind unless it is open already; false when calls are open that must be told first.
    private mutating func begin(_ kind: Words, into events: inout [ModelEvent]) throws(AnswerProblem) -> Bool {
        if self.open == .words(kind) { return true }
        if self.open == .calls {
            guard self.calls.areComplete else { return false }
            try self.calls.flush(answer: self.id, into: &events)
            self.tellHeld(into: &events)
        }
        self.close(into: &events)
        self.open = .words(kind)
        self.hasBlocks = true
        events.append(.blockStarted(OpenAIChatStreamDecoder.start(kind)))
        return true
    }

    /// Ends the open block; calls end by themselves.
    private mutating func close(into events: inout [ModelEvent]) {
        guard case .words = self.open else { return }
        events.append(.blockEnded)
        self.open = .none
    }

    private mutating func tellHeld(into events: inout [ModelEvent]) {
        for (kind, text) in self.held {
            events.append(.blockStarted(OpenAIChatStreamDecoder.start(kind)))
            events.append(.delta(OpenAIChatStreamDecoder.delta(kind, text)))
            events.append(.blockEnded)
        }
        self.held = []
        self.heldBytes = 0
    }

    private mutating func tellUsage(into events: inout [ModelEvent]) {
        guard self.isStarted, self.usage != self.toldUsage else { return }
        self.toldUsage = self.usage
        events.append(.usage(self.usage))
    }

    private mutating func finish(atMarker: Bool, into events: inout [ModelEvent]) throws(AnswerProblem) {
        // An end without a beginning is no answer, however clean; nor is one that says nothing, not even why.
        guard self.isStarted else { throw AnswerProblem(atMarker ? .garbage : .truncated) }
        guard self.isFinishTold || (atMarker && self.hasBlocks) else { throw AnswerProblem(.truncated) }
        let stop = OpenAIChat.stopReason(self.finish, hasCalls: !self.calls.isEmpty, hasRefusal: self.hasRefusal)
        guard let stop else { throw AnswerProblem(.reported) }
        self.close(into: &events)
        try self.calls.flush(answer: self.id, into: &events)
        self.tellHeld(into: &events)
        self.tellUsage(into: &events)
        self.isEnded = true
        events.append(.finished(stop))
    }
}
