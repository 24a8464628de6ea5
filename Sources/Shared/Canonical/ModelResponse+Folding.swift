import Wire

extension ModelResponse {
    /// The whole answer that the steps of a stream tell; nil when they do not tell its end.
    package init?(folding events: [ModelEvent]) {
        var folding = AnswerFolding()
        for event in events { folding.add(event) }
        guard let answer = folding.answer else { return nil }
        self = answer
    }
}

/// An answer as far as its stream has told it.
private struct AnswerFolding {
    private var id: String?
    private var blocks: [Block] = []
    private var open: Block?
    private var usage = TokenUsage()
    private(set) var answer: ModelResponse?

    mutating func add(_ event: ModelEvent) {
        switch event {
        case .started(let id): self.id = id
        case .blockStarted(let start):
            self.close()
            self.open = AnswerFolding.block(start)
        case .delta(let delta): self.open = self.open.map { AnswerFolding.adding(delta, to: $0) }
        case .blockEnded: self.close()
        case .usage(let usage): self.usage.update(with: usage)
        case .finished(let stop):
            self.close()
            self.answer = ModelResponse(id: self.id, blocks: self.blocks, stop: stop, usage: self.usage)
        case .failed: self.answer = nil
        }
    }

    private mutating func close() {
        guard var block = self.open else { return }
        self.open = nil
        if case .toolCall(var call) = block, call.arguments.isEmpty, call.kind != .custom {
            call.arguments = "{}"
            block = .toolCall(call)
        }
        self.blocks.append(block)
    }

    private static func block(_ start: ModelEvent.BlockStart) -> Block {
        switch start {
        case .text: .text(TextBlock(""))
        case .refusal: .refusal("")
        case .reasoning: .reasoning(ReasoningBlock())
        case .toolCall(let id, let name, let kind):
            .toolCall(ToolCall(id: id, name: name, kind: kind, arguments: ""))
        }
    }

    /// A delta of another kind than the block's is no part of it.
    private static func adding(_ delta: ModelEvent.Delta, to block: Block) -> Block {
        switch (delta, block) {
        case (.text(let piece), .text(var text)):
            text.text += JSONText(piece)
            return .text(text)
        case (.annotation(let annotation), .text(var text)):
            text.annotations.append(annotation)
            return .text(text)
        case (.refusal(let piece), .refusal(let text)): return .refusal(text + piece)
        case (.arguments(let piece), .toolCall(var call)):
            call.arguments += JSONText(piece)
            return .toolCall(call)
        case (.summary(let piece, let part), .reasoning(var reasoning)):
            // Parts come in order; a number that was skipped is no part.
            if part < reasoning.summary.count, let last = reasoning.summary.indices.last {
                reasoning.summary[part >= 0 ? part : last] += piece
            } else {
                reasoning.summary.append(piece)
            }
            return .reasoning(reasoning)
        case (.reasoningText(let piece), .reasoning(var reasoning)):
            reasoning.text = (reasoning.text ?? "") + piece
            return .reasoning(reasoning)
        case (.opaque(let opaque), .reasoning(var reasoning)):
            reasoning.opaque = opaque
            return .reasoning(reasoning)
        case (.text, _), (.annotation, _), (.refusal, _), (.arguments, _), (.summary, _), (.reasoningText, _),
            (.opaque, _):
            return block
        }
    }
}
