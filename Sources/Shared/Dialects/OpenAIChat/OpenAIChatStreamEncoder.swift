package import Canonical
import Wire

/// Writes a Chat Completions stream: chunks with the same head, usage where it was asked for, `[DONE]`.
package struct OpenAIChatStreamEncoder: DialectStreamEncoder {
    private enum OpenBlock: Sendable {
        case none
        case text
        case refusal
        /// The kind of delta that is told of it, and the part of the summary that came last.
        case reasoning(isSummary: Bool?, part: Int)
        case call(index: Int, kind: ToolCall.Kind, hasArguments: Bool)
    }

    private let context: AnswerContext
    private let usesFunctions: Bool
    /// What every chunk begins with, up to its choices.
    private let head: [UInt8]
    private var isEnded = false
    private var hasRole = false
    private var open = OpenBlock.none
    private var callCount = 0
    private var hasText = false
    private var isTextInterrupted = false
    /// How long all reasoning is that was told.
    private var reasoningBytes = 0
    /// Where in it the words of the open block stand.
    private var reasoningPlace = OpenAIChatReasoningPlace(behind: 0)
    private var hasRefusal = false
    private var detailCount = 0
    private var usage = TokenUsage()
    private var spokenBytes = 0

    package init(_ context: AnswerContext) {
        self.context = context
        self.usesFunctions = OpenAIChat.usesFunctions(context.request)
        var head = Array("data: ".utf8)
        JSONWriter.append(
            [
                "id": .string(OpenAIChat.answerID(context)), "object": "chat.completion.chunk",
                "created": .int(context.createdAt), "model": .string(context.model),
            ],
            to: &head
        )
        head.removeLast()
        self.head = head + Array(",\"choices\":[".utf8)
    }

    package mutating func encode(_ event: ModelEvent, into bytes: inout [UInt8]) {
        guard !self.isEnded else { return }
        self.writeRole(into: &bytes)
        switch event {
        case .started, .failed: break
        case .blockStarted(let block): self.start(block, into: &bytes)
        case .delta(let delta): self.write(delta, into: &bytes)
        case .blockEnded: self.endBlock(into: &bytes)
        case .usage(let usage): self.usage.update(with: usage)
        case .finished(let stop): self.finish(stop, into: &bytes)
        }
    }

    package mutating func failure(_ error: CallerError, into bytes: inout [UInt8]) {
        guard !self.isEnded else { return }
        self.isEnded = true
        bytes += OpenAIChatStreamWatch.failureEvent(error, requestID: self.context.requestID)
    }

    private mutating func writeRole(into bytes: inout [UInt8]) {
        guard !self.hasRole else { return }
        self.hasRole = true
        self.write(["role": "assistant", "content": "", "refusal": .null], into: &bytes)
    }

    private func write(_ delta: JSONValue, finish: String? = nil, into bytes: inout [UInt8]) {
        bytes += self.head
        bytes += "{\"index\":0,\"delta\":".utf8
        JSONWriter.append(delta, to: &bytes)
        bytes += ",\"logprobs\":null,\"finish_reason\":".utf8
        JSONWriter.append(finish.map { .string($0) } ?? .null, to: &bytes)
        bytes += self.context.request.includesUsage ? "}],\"usage\":null}\n\n".utf8 : "}]}\n\n".utf8
    }

    private mutating func start(_ block: ModelEvent.BlockStart, into bytes: inout [UInt8]) {
        switch block {
        case .text: self.open = .text
        case .refusal: self.open = .refusal
        case .reasoning:
            self.isTextInterrupted = true
            self.open = .reasoning(isSummary: nil, part: 0)
            self.reasoningPlace = OpenAIChatReasoningPlace(behind: self.reasoningBytes)
        case .toolCall(let id, let name, let kind):
            self.isTextInterrupted = true
            let index = self.callCount
            self.callCount += 1
            self.open = .call(index: index, kind: kind, hasArguments: false)
            let name = JSONValue.string(OpenAIChat.name(name))
            if self.usesFunctions {
                guard index == 0 else { return }
                self.write(["function_call": ["name": name, "arguments": ""]], into: &bytes)
                return
            }
            var call: JSONObject = JSONObject([("index", .int(index)), ("id", .string(id))])
            if kind == .custom {
                // Chunks know no type but `function`, and openai-python checks it when it is told to be strict.
                call["custom"] = ["name": name, "input": ""]
            } else {
                call["type"] = "function"
                call["function"] = ["name": name, "arguments": ""]
            }
            self.write(["tool_calls": [.object(call)]], into: &bytes)
        }
    }

    private mutating func write(_ delta: ModelEvent.Delta, into bytes: inout [UInt8]) {
        switch delta {
        case .text(let text):
            guard !text.isEmpty else { return }
            let isApart = self.hasText && self.isTextInterrupted
            self.hasText = true
            self.isTextInterrupted = false
            self.spokenBytes += text.utf8.count
            self.write(["content": .string(isApart ? "\n\n\(text)" : text)], into: &bytes)
        case .refusal(let text):
            guard !text.isEmpty else { return }
            self.hasRefusal = true
            self.spokenBytes += text.utf8.count
            self.write(["refusal": .string(text)], into: &bytes)
        case .summary(let text, let part): self.writeReasoning(text, isSummary: true, part: part, into: &bytes)
        case .reasoningText(let text): self.writeReasoning(text, isSummary: false, part: 0, into: &bytes)
        case .opaque(.native): break
        case .opaque(.sealed(let blob)):
            guard self.context.request.reasoning.wantsOpaque else { return }
            let detail = OpenAIChat.reasoningDetail(blob, self.reasoningPlace, index: self.detailCount)
            self.detailCount += 1
            self.write(["reasoning_details": [detail]], into: &bytes)
        case .arguments(let piece): self.writeArguments(piece, into: &bytes)
        case .annotation(let annotation):
            self.write(["annotations": [OpenAIChat.nestedAnnotation(annotation)]], into: &bytes)
        }
    }

    /// A block tells its summary or its thoughts, whichever came first: both would say it twice.
    private mutating func writeReasoning(_ text: String, isSummary: Bool, part: Int, into bytes: inout [UInt8]) {
        guard OpenAIChat.showsReasoning(self.context.request), !text.isEmpty else { return }
        guard case .reasoning(let told, let lastPart) = self.open, told == nil || told == isSummary else { return }
        let isApart = told == nil ? self.reasoningBytes > 0 : part != lastPart
        self.open = .reasoning(isSummary: isSummary, part: part)
        let piece = isApart ? OpenAIChatReasoningPlace.separator + text : text
        self.reasoningBytes += piece.utf8.count
        self.reasoningPlace.length = self.reasoningBytes - self.reasoningPlace.start
        self.write(["reasoning_content": .string(piece)], into: &bytes)
    }

    private mutating func writeArguments(_ piece: String, into bytes: inout [UInt8]) {
        guard case .call(let index, let kind, _) = self.open, !piece.isEmpty else { return }
        self.open = .call(index: index, kind: kind, hasArguments: true)
        self.spokenBytes += piece.utf8.count
        if self.usesFunctions {
            // The older shape has room for one call; only one was allowed.
            guard index == 0 else { return }
            self.write(["function_call": ["arguments": .string(piece)]], into: &bytes)
        } else if kind == .custom {
            self.write(["tool_calls": [["index": .int(index), "custom": ["input": .string(piece)]]]], into: &bytes)
        } else {
            self.write(
                ["tool_calls": [["index": .int(index), "function": ["arguments": .string(piece)]]]],
                into: &bytes
            )
        }
    }

    private mutating func endBlock(into bytes: inout [UInt8]) {
        // A function's arguments are JSON, even where the model gave none.
        if case .call(_, let kind, let hasArguments) = self.open, kind != .custom, !hasArguments {
            self.writeArguments("{}", into: &bytes)
        }
        self.open = .none
    }

    private mutating func finish(_ stop: StopReason, into bytes: inout [UInt8]) {
        self.isEnded = true
        let reason = OpenAIChat.finishReason(
            stop,
            hasCalls: self.callCount > 0,
            hasRefusal: self.hasRefusal,
            usesFunctions: self.usesFunctions
        )
        self.write([:], finish: reason, into: &bytes)
        if self.context.request.includesUsage {
            bytes += self.head
            bytes += "],\"usage\":".utf8
            let usage = OpenAIChat.usage(self.usage, self.context, spokenBytes: self.spokenBytes)
            JSONWriter.append(usage, to: &bytes)
            bytes += "}\n\n".utf8
        }
        bytes += "data: [DONE]\n\n".utf8
    }
}
