package import Canonical
import Identity
package import Wire

/// Reads a Messages stream: `message_start`, blocks one after another, `message_delta`, `message_stop`.
///
/// A stream that ends before `message_stop` was cut. What a delta brings must fit its block; blocks and events of
/// types that came later are passed over.
package struct AnthropicMessagesStreamDecoder: DialectStreamDecoder {
    private enum Block: Sendable {
        /// `length` of the text so far, in scalars.
        case text(length: Int)
        case thinking(signature: String)
        /// `input` is what stood in the block's start, which counts where no deltas follow; `scan` has read them.
        case call(input: String, hasDeltas: Bool, scan: ArgumentScan)
        /// Nothing of it is told.
        case skipped
    }

    private enum State: Sendable {
        /// Goes to `between` with `message_start`.
        case waiting
        /// Goes to `inside` with a block's start, and to `ended`.
        case between
        /// Goes to `between` with the block's end, and to `ended`.
        case inside(Block, index: Int?)
        case ended
        /// Only inside a transition.
        case modifying
    }

    private var state = State.waiting
    private var reported = ReportedUsage()
    private var toldUsage = TokenUsage()
    private var stopReason: String?
    private var stopSequence: String?
    private var explanation: String?
    private var hasCalls = false

    /// More than any signature needs.
    private static let maximumSignatureBytes = 4 * 1_024 * 1_024

    package init() {}

    package mutating func decode(_ event: ServerSentEvent, into events: inout [ModelEvent]) {
        guard !self.isEnded, let data = event.data else { return }
        guard let first = data.firstIndex(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a }) else { return }
        // Some providers end their streams as Chat does; the end was told before it.
        if data[first...].starts(with: "[DONE]".utf8) { return }
        do throws(AnswerProblem) {
            if event.name == "error" { throw AnswerProblem(.reported) }
            guard let value = try? JSONReader.read(data), case .object = value else { throw AnswerProblem(.garbage) }
            guard !ErrorEnvelope.anthropic.matches(value) else { throw AnswerProblem(.reported) }
            try self.decode(value["type"]?.stringValue ?? event.name ?? "", value, into: &events)
        } catch {
            self.fail(error.failure, into: &events)
        }
    }

    package mutating func end(into events: inout [ModelEvent]) {
        guard !self.isEnded else { return }
        self.fail(.truncated, into: &events)
    }

    private var isEnded: Bool {
        if case .ended = self.state { true } else { false }
    }

    private mutating func fail(_ failure: StreamFailure, into events: inout [ModelEvent]) {
        self.state = .ended
        events.append(.failed(failure))
    }

    private mutating func decode(
        _ kind: String,
        _ value: JSONValue,
        into events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        switch kind {
        case "message_start": try self.start(value, into: &events)
        case "content_block_start": try self.startBlock(value, into: &events)
        case "content_block_delta": try self.takeDelta(value, into: &events)
        case "content_block_stop": try self.endBlock(value, into: &events)
        case "message_delta": try self.takeEnd(value, into: &events)
        case "message_stop": try self.finish(into: &events)
        // `ping`, and what came later.
        default: break
        }
    }

    private mutating func start(_ value: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        guard case .waiting = self.state, let message = value["message"], case .object = message else {
            throw AnswerProblem(.garbage)
        }
        self.state = .between
        events.append(.started(id: message["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }))
        self.takeUsage(message["usage"], into: &events) { $0.beforeOutput }
    }

    private mutating func takeUsage(
        _ value: JSONValue?,
        into events: inout [ModelEvent],
        _ part: (ReportedUsage) -> ReportedUsage
    ) {
        guard let value else { return }
        self.reported.update(with: part(ReportedUsage(value, .anthropicMessages)))
        let usage = self.reported.tokenUsage(.anthropicMessages)
        guard usage != self.toldUsage else { return }
        self.toldUsage = usage
        events.append(.usage(usage))
    }

    private mutating func takeEnd(_ value: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        if case .waiting = self.state { throw AnswerProblem(.garbage) }
        let delta = value["delta"]
        if let reason = delta?["stop_reason"]?.stringValue, !reason.isEmpty { self.stopReason = reason }
        if let sequence = delta?["stop_sequence"]?.stringValue { self.stopSequence = sequence }
        if let words = AnthropicMessages.explanation(delta?["stop_details"]) { self.explanation = words }
        self.takeUsage(value["usage"], into: &events) { $0 }
    }

    private mutating func finish(into events: inout [ModelEvent]) throws(AnswerProblem) {
        // An end without a beginning is no answer, however clean.
        if case .waiting = self.state { throw AnswerProblem(.garbage) }
        self.closeBlock(into: &events)
        if self.stopReason == "refusal", let words = self.explanation {
            events += [.blockStarted(.refusal), .delta(.refusal(words)), .blockEnded]
        }
        self.state = .ended
        events.append(
            .finished(
                AnthropicMessages.stopReason(self.stopReason, sequence: self.stopSequence, hasCalls: self.hasCalls)
            )
        )
    }

    // MARK: Blocks

    private mutating func startBlock(_ value: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        if case .waiting = self.state { throw AnswerProblem(.garbage) }
        guard let block = value["content_block"], case .object = block, let type = block["type"]?.stringValue else {
            throw AnswerProblem(.garbage)
        }
        // Some providers do not say where a block ends. A call is whole only with its arguments: told as whole without
        // them, it could be run before they come.
        if case .inside(.call(let input, let hasDeltas, let scan), _) = self.state {
            guard hasDeltas ? scan.isComplete : !input.isEmpty else { throw AnswerProblem(.garbage) }
        }
        self.closeBlock(into: &events)
        let opened: Block
        switch type {
        case "text":
            events.append(.blockStarted(.text))
            let text = block["text"]?.stringValue ?? ""
            if !text.isEmpty { events.append(.delta(.text(text))) }
            opened = .text(length: text.unicodeScalars.count)
        case "thinking":
            events.append(.blockStarted(.reasoning))
            let text = block["thinking"]?.stringValue ?? ""
            if !text.isEmpty { events.append(.delta(.summary(text, part: 0))) }
            opened = .thinking(signature: block["signature"]?.stringValue ?? "")
        case "redacted_thinking":
            guard let data = block["data"]?.stringValue else { throw AnswerProblem(.garbage) }
            events += [.blockStarted(.reasoning), .delta(.opaque(.native(.redacted, data))), .blockEnded]
            opened = .skipped
        case "tool_use":
            guard let id = block["id"]?.stringValue, let name = block["name"]?.stringValue, !id.isEmpty, !name.isEmpty
            else { throw AnswerProblem(.garbage) }
            self.hasCalls = true
            events.append(.blockStarted(.toolCall(id: id, name: ToolName(name), kind: .function)))
            let input = block["input"]?.objectValue ?? JSONObject()
            let text = input.isEmpty ? "" : JSONWriter.text(.object(input))
            opened = .call(input: text, hasDeltas: false, scan: ArgumentScan())
        default: opened = .skipped
        }
        self.state = .inside(opened, index: value["index"]?.intValue)
    }

    private mutating func takeDelta(_ value: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        guard case .inside(var block, let index) = self.state, let delta = value["delta"], case .object = delta else {
            throw AnswerProblem(.garbage)
        }
        try AnthropicMessagesStreamDecoder.check(value, index)
        self.state = .modifying
        try AnthropicMessagesStreamDecoder.take(delta, into: &block, &events)
        self.state = .inside(block, index: index)
    }

    /// What belongs to another block than the open one has no place.
    private static func check(_ value: JSONValue, _ index: Int?) throws(AnswerProblem) {
        guard let told = value["index"]?.intValue, let index else { return }
        guard told == index else { throw AnswerProblem(.garbage) }
    }

    private static func take(
        _ delta: JSONValue,
        into block: inout Block,
        _ events: inout [ModelEvent]
    ) throws(AnswerProblem) {
        func text(_ name: String) throws(AnswerProblem) -> String {
            guard let text = delta[name]?.stringValue else { throw AnswerProblem(.garbage) }
            return text
        }
        switch (block, delta["type"]?.stringValue) {
        case (.skipped, _): return
        case (.text(let length), "text_delta"):
            let piece = try text("text")
            block = .text(length: length + piece.unicodeScalars.count)
            if !piece.isEmpty { events.append(.delta(.text(piece))) }
        case (.text(let length), "citations_delta"):
            if let annotation = delta["citation"].flatMap({ AnthropicMessages.annotation($0, length: length) }) {
                events.append(.delta(.annotation(annotation)))
            }
        case (.thinking, "thinking_delta"):
            let piece = try text("thinking")
            if !piece.isEmpty { events.append(.delta(.summary(piece, part: 0))) }
        case (.thinking(var signature), "signature_delta"):
            signature += try text("signature")
            guard signature.utf8.count <= AnthropicMessagesStreamDecoder.maximumSignatureBytes else {
                throw AnswerProblem(.garbage)
            }
            block = .thinking(signature: signature)
        case (.call(let input, let hasDeltas, var scan), "input_json_delta"):
            let piece = try text("partial_json")
            scan.take(piece)
            block = .call(input: input, hasDeltas: hasDeltas || !piece.isEmpty, scan: scan)
            if !piece.isEmpty { events.append(.delta(.arguments(piece))) }
        case (_, "text_delta"), (_, "citations_delta"), (_, "thinking_delta"), (_, "signature_delta"),
            (_, "input_json_delta"):
            // It fits another kind of block.
            throw AnswerProblem(.garbage)
        case (_, nil): throw AnswerProblem(.garbage)
        case (.text, .some), (.thinking, .some), (.call, .some): return
        }
    }

    private mutating func endBlock(_ value: JSONValue, into events: inout [ModelEvent]) throws(AnswerProblem) {
        switch self.state {
        case .waiting: throw AnswerProblem(.garbage)
        // Its block was closed by the start of the next one.
        case .between, .ended, .modifying: return
        case .inside(_, let index):
            try AnthropicMessagesStreamDecoder.check(value, index)
            self.closeBlock(into: &events)
        }
    }

    private mutating func closeBlock(into events: inout [ModelEvent]) {
        guard case .inside(let block, _) = self.state else { return }
        self.state = .between
        switch block {
        case .text: break
        case .thinking(let signature):
            if !signature.isEmpty { events.append(.delta(.opaque(.native(.signature, signature)))) }
        case .call(let input, let hasDeltas, _):
            if !hasDeltas, !input.isEmpty { events.append(.delta(.arguments(input))) }
        case .skipped: return
        }
        events.append(.blockEnded)
    }
}
