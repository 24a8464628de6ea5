import Canonical

/// Lets a block of a stream begin only when it says something.
///
/// An empty block would come back in the caller's history, where Messages refuses it on every later turn. White
/// space at the beginning of a text is held back until more follows.
struct BlankBlocks: Sendable {
    private var start: ModelEvent.BlockStart?
    private var blank = ""

    mutating func pass(_ event: ModelEvent, into events: inout [ModelEvent]) {
        switch event {
        case .blockStarted(let start):
            switch start {
            case .text, .refusal, .reasoning:
                self.start = start
                self.blank = ""
            case .toolCall: events.append(event)
            }
        case .delta(let delta): self.pass(delta, into: &events)
        case .blockEnded:
            if self.start == nil { events.append(event) }
            self.start = nil
        case .started, .usage, .finished, .failed: events.append(event)
        }
    }

    private mutating func pass(_ delta: ModelEvent.Delta, into events: inout [ModelEvent]) {
        switch delta {
        case .text(let piece):
            self.pass(piece, into: &events) { .text($0) }
        case .refusal(let piece):
            self.pass(piece, into: &events) { .refusal($0) }
        case .summary(let piece, _), .reasoningText(let piece), .arguments(let piece):
            guard !piece.isEmpty else { return }
            self.begin(into: &events)
            events.append(.delta(delta))
        case .opaque, .annotation:
            self.begin(into: &events)
            events.append(.delta(delta))
        }
    }

    private mutating func pass(
        _ piece: String,
        into events: inout [ModelEvent],
        as delta: (String) -> ModelEvent.Delta
    ) {
        guard !piece.isEmpty else { return }
        if self.start != nil, EmptyBlocks.isBlank(piece) {
            self.blank += piece
            return
        }
        let text = self.blank + piece
        self.blank = ""
        self.begin(into: &events)
        events.append(.delta(delta(text)))
    }

    private mutating func begin(into events: inout [ModelEvent]) {
        guard let start = self.start else { return }
        self.start = nil
        events.append(.blockStarted(start))
    }
}
