import Canonical
import Testing

/// What holds of the steps of every decoded stream: one start, one block at a time, deltas of its kind, one end.
enum EventOrder {
    /// `isReasoning` tells which deltas the blocks of reasoning of this dialect have.
    static func check(_ events: [ModelEvent], isReasoning: (ModelEvent.Delta) -> Bool) {
        var open: ModelEvent.BlockStart?
        #expect(events.filter(EventOrder.isTerminal).count == 1)
        #expect(events.last.map(EventOrder.isTerminal) == true)
        for (index, event) in events.enumerated() {
            switch event {
            case .started: #expect(index == 0)
            case .blockStarted(let block):
                #expect(open == nil)
                open = block
            case .delta(let delta):
                switch (open, delta) {
                case (.text, .text), (.text, .annotation), (.refusal, .refusal), (.toolCall, .arguments): break
                case (.reasoning, _) where isReasoning(delta): break
                default: Issue.record("\(delta) in \(String(describing: open))")
                }
            case .blockEnded:
                #expect(open != nil)
                open = nil
            case .finished: #expect(open == nil)
            case .usage, .failed: break
            }
        }
    }

    private static func isTerminal(_ event: ModelEvent) -> Bool {
        switch event {
        case .finished, .failed: true
        case .started, .blockStarted, .delta, .blockEnded, .usage: false
        }
    }
}
