import Canonical

/// Holds the steps of one stream to the order that ``ModelEvent`` promises.
struct EventOrder {
    private var hasStarted = false
    private var open: ModelEvent.BlockStart?
    private(set) var hasEnded = false

    mutating func add(_ event: ModelEvent) {
        FuzzInput.require(!self.hasEnded, "a step after the last one")
        switch event {
        case .started:
            FuzzInput.require(!self.hasStarted, "a stream that starts twice")
            self.hasStarted = true
        case .blockStarted(let start):
            FuzzInput.require(self.hasStarted, "a block before the start")
            FuzzInput.require(self.open == nil, "two blocks open at a time")
            self.open = start
        case .delta(let delta):
            FuzzInput.require(self.open.map { EventOrder.belongs(delta, to: $0) } == true, "a delta of no open block")
        case .blockEnded:
            FuzzInput.require(self.open != nil, "the end of no block")
            self.open = nil
        case .usage: break
        case .finished:
            FuzzInput.require(self.hasStarted && self.open == nil, "an end inside a block or before the start")
            self.hasEnded = true
        case .failed: self.hasEnded = true
        }
    }

    private static func belongs(_ delta: ModelEvent.Delta, to start: ModelEvent.BlockStart) -> Bool {
        switch (delta, start) {
        case (.text, .text), (.annotation, .text), (.refusal, .refusal), (.arguments, .toolCall): true
        case (.summary, .reasoning), (.reasoningText, .reasoning), (.opaque, .reasoning): true
        case (.text, _), (.annotation, _), (.refusal, _), (.arguments, _), (.summary, _), (.reasoningText, _),
            (.opaque, _):
            false
        }
    }
}
