import Wire

extension ModelResponse {
    /// The answer as a stream would have told it, so that whole answers and streams can share what happens to both.
    ///
    /// Blocks that no answer holds are passed over.
    package var events: [ModelEvent] {
        var events: [ModelEvent] = [.started(id: self.id)]
        if self.usage.isReported { events.append(.usage(self.usage)) }
        for block in self.blocks { events.append(contentsOf: block.events) }
        events.append(.finished(self.stop))
        return events
    }
}

extension Block {
    fileprivate var events: [ModelEvent] {
        switch self {
        case .text(let text):
            [.blockStarted(.text), .delta(.text(text.text.string))]
                + text.annotations.map { .delta(.annotation($0)) } + [.blockEnded]
        case .refusal(let text): [.blockStarted(.refusal), .delta(.refusal(text)), .blockEnded]
        case .reasoning(let reasoning):
            [.blockStarted(.reasoning)] + reasoning.deltas.map { .delta($0) } + [.blockEnded]
        case .toolCall(let call):
            [
                .blockStarted(.toolCall(id: call.id, name: call.name, kind: call.kind)),
                .delta(.arguments(call.arguments.string)), .blockEnded,
            ]
        case .image, .file, .toolResult, .hosted: []
        }
    }
}

extension ReasoningBlock {
    fileprivate var deltas: [ModelEvent.Delta] {
        var deltas: [ModelEvent.Delta] = self.summary.enumerated().map { .summary($1, part: $0) }
        if let text = self.text { deltas.append(.reasoningText(text)) }
        if let opaque = self.opaque { deltas.append(.opaque(opaque)) }
        return deltas
    }
}
