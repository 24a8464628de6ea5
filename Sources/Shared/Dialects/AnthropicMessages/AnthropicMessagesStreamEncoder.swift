package import Canonical
import Wire

/// Writes a Messages stream: one `message_start`, blocks with dense indices, `message_delta`, `message_stop`.
///
/// Every event has its name: callers pass over events without one.
package struct AnthropicMessagesStreamEncoder: DialectStreamEncoder {
    private enum OpenBlock: Sendable {
        case none
        case text
        /// Not begun: what comes decides what it is, and whether the caller sees it.
        case reasoning
        case thinking(isSummary: Bool, part: Int, blob: String?)
        case call(ToolCall.Kind)
        /// Written whole, and closed.
        case done
    }

    private let context: AnswerContext
    private var open = OpenBlock.none
    private var index = 0
    private var isStarted = false
    private var isEnded = false
    private var hasCalls = false
    private var refusal = ""
    private var usage = TokenUsage()
    private var spokenBytes = 0

    package init(_ context: AnswerContext) {
        self.context = context
    }

    package mutating func encode(_ event: ModelEvent, into bytes: inout [UInt8]) {
        guard !self.isEnded else { return }
        switch event {
        case .usage(let usage): self.usage.update(with: usage)
        case .started: self.start(into: &bytes)
        case .blockStarted(let block):
            self.start(into: &bytes)
            self.endBlock(into: &bytes)
            self.startBlock(block, into: &bytes)
        case .delta(let delta): self.write(delta, into: &bytes)
        case .blockEnded: self.endBlock(into: &bytes)
        case .finished(let stop):
            self.start(into: &bytes)
            self.endBlock(into: &bytes)
            self.finish(stop, into: &bytes)
        case .failed: break
        }
    }

    package mutating func failure(_ error: CallerError, into bytes: inout [UInt8]) {
        guard !self.isEnded else { return }
        self.isEnded = true
        bytes += AnthropicMessagesStreamWatch.failureEvent(error, requestID: self.context.requestID)
    }

    private func write(_ type: String, _ members: [(String, JSONValue)], into bytes: inout [UInt8]) {
        bytes += ServerSentEvent.encode(name: type, data: .object(JSONObject([("type", .string(type))] + members)))
    }

    /// The provider has not told what the input costs yet: the estimate stands until the end.
    private mutating func start(into bytes: inout [UInt8]) {
        guard !self.isStarted else { return }
        self.isStarted = true
        var told = self.usage
        told.output = told.output ?? 0
        let message = AnthropicMessages.message(
            self.context,
            content: [],
            stop: nil,
            details: .null,
            usage: AnthropicMessages.usage(told, self.context, spokenBytes: 0)
        )
        self.write("message_start", [("message", message)], into: &bytes)
    }

    private mutating func finish(_ stop: StopReason, into bytes: inout [UInt8]) {
        self.isEnded = true
        let stop = AnthropicMessages.stopReason(stop, hasCalls: self.hasCalls, hasRefusal: !self.refusal.isEmpty)
        let delta: JSONValue = [
            "stop_reason": .string(stop.0), "stop_sequence": stop.sequence.map { .string($0) } ?? .null,
            "stop_details": AnthropicMessages.stopDetails(stop.0, words: self.refusal), "container": .null,
        ]
        let usage = AnthropicMessages.deltaUsage(self.usage, self.context, spokenBytes: self.spokenBytes)
        self.write("message_delta", [("delta", delta), ("usage", .object(usage))], into: &bytes)
        self.write("message_stop", [], into: &bytes)
    }

    // MARK: Blocks

    private mutating func startBlock(_ block: ModelEvent.BlockStart, into bytes: inout [UInt8]) {
        switch block {
        case .text, .refusal:
            self.open = .text
            self.writeStart(["type": "text", "text": ""], into: &bytes)
        case .reasoning: self.open = .reasoning
        case .toolCall(let id, let name, let kind):
            self.open = .call(kind)
            self.hasCalls = true
            let name = AnthropicMessages.name(name)
            self.writeStart(
                ["type": "tool_use", "id": .string(id), "name": .string(name), "input": [:]],
                into: &bytes
            )
            if kind == .custom { self.writeArguments("{\"\(CustomInput.argument)\":\"", into: &bytes) }
        }
    }

    private func writeStart(_ block: JSONValue, into bytes: inout [UInt8]) {
        self.write("content_block_start", [("index", .int(self.index)), ("content_block", block)], into: &bytes)
    }

    private func writeDelta(_ type: String, _ name: String, _ value: JSONValue, into bytes: inout [UInt8]) {
        let delta = JSONObject([("type", .string(type)), (name, value)])
        self.write("content_block_delta", [("index", .int(self.index)), ("delta", .object(delta))], into: &bytes)
    }

    private mutating func writeStop(into bytes: inout [UInt8]) {
        self.write("content_block_stop", [("index", .int(self.index))], into: &bytes)
        self.index += 1
    }

    private mutating func endBlock(into bytes: inout [UInt8]) {
        let open = self.open
        self.open = .none
        switch open {
        case .none, .reasoning, .done: return
        case .text: break
        case .thinking(_, _, let blob):
            if let blob { self.writeDelta("signature_delta", "signature", .string(blob), into: &bytes) }
        case .call(let kind):
            if kind == .custom { self.writeArguments("\"}", into: &bytes) }
        }
        self.writeStop(into: &bytes)
    }

    // MARK: Deltas

    /// A delta of another kind than the open block's has no place, and is not told.
    private mutating func write(_ delta: ModelEvent.Delta, into bytes: inout [UInt8]) {
        switch (self.open, delta) {
        case (.text, .text(let piece)): self.writeText(piece, into: &bytes)
        case (.text, .refusal(let piece)):
            self.refusal += piece
            self.writeText(piece, into: &bytes)
        case (.text, .annotation(let annotation)):
            guard let citation = AnthropicMessages.citation(annotation) else { return }
            self.writeDelta("citations_delta", "citation", citation, into: &bytes)
        case (.call(let kind), .arguments(let piece)):
            guard !piece.isEmpty else { return }
            self.spokenBytes += piece.utf8.count
            self.writeArguments(kind == .custom ? piece.escapedForJSON : piece, into: &bytes)
        case (.reasoning, .summary(let piece, let part)), (.thinking, .summary(let piece, let part)):
            self.writeThoughts(piece, isSummary: true, part: part, into: &bytes)
        case (.reasoning, .reasoningText(let piece)), (.thinking, .reasoningText(let piece)):
            self.writeThoughts(piece, isSummary: false, part: 0, into: &bytes)
        case (.reasoning, .opaque(let opaque)), (.thinking, .opaque(let opaque)):
            self.takeBlob(opaque, into: &bytes)
        case (.none, _), (.done, _), (.text, _), (.call, _), (.reasoning, _), (.thinking, _): return
        }
    }

    private mutating func writeText(_ piece: String, into bytes: inout [UInt8]) {
        guard !piece.isEmpty else { return }
        self.spokenBytes += piece.utf8.count
        self.writeDelta("text_delta", "text", .string(piece), into: &bytes)
    }

    private func writeArguments(_ piece: String, into bytes: inout [UInt8]) {
        self.writeDelta("input_json_delta", "partial_json", .string(piece), into: &bytes)
    }

    /// A block tells its summary or its thoughts, whichever came first: both would say it twice.
    private mutating func writeThoughts(_ piece: String, isSummary: Bool, part: Int, into bytes: inout [UInt8]) {
        guard !piece.isEmpty, AnthropicMessages.showsThoughts(self.context.request) else { return }
        var isApart = false
        if case .thinking(let told, let last, let blob) = self.open {
            guard told == isSummary else { return }
            isApart = part != last
            self.open = .thinking(isSummary: told, part: part, blob: blob)
        } else {
            self.writeStart(["type": "thinking", "thinking": "", "signature": ""], into: &bytes)
            self.open = .thinking(isSummary: isSummary, part: part, blob: nil)
        }
        self.writeDelta("thinking_delta", "thinking", .string(isApart ? "\n\n\(piece)" : piece), into: &bytes)
    }

    private mutating func takeBlob(_ opaque: OpaqueReasoning, into bytes: inout [UInt8]) {
        guard let blob = AnthropicMessages.blob(opaque, self.context.request) else { return }
        if case .thinking(let isSummary, let part, _) = self.open {
            self.open = .thinking(isSummary: isSummary, part: part, blob: blob)
        } else if AnthropicMessages.redactsBlobs(self.context.request) {
            self.writeStart(["type": "redacted_thinking", "data": .string(blob)], into: &bytes)
            self.writeStop(into: &bytes)
            self.open = .done
        } else {
            self.writeStart(["type": "thinking", "thinking": "", "signature": ""], into: &bytes)
            self.open = .thinking(isSummary: true, part: 0, blob: blob)
        }
    }
}

extension String {
    /// The text as it stands between the quotes of a JSON string.
    fileprivate var escapedForJSON: String {
        String(decoding: JSONWriter.write(.string(self)).dropFirst().dropLast(), as: UTF8.self)
    }
}
