import Canonical
import Dialects
import GatewayTestSupport
import Testing
import Wire

/// Answers of all kinds, restored for requests of all kinds.
@Suite struct AnswerRestorationPropertyTests {
    private struct Example {
        var events: [ModelEvent] = [.started(id: "r")]
        let request: EncodedRequest
        let seal: AnswerRestoration.Seal?

        init(seed: UInt64) throws {
            var generator = SeededGenerator(seed: seed)
            func chance() -> Bool { Bool.random(using: &generator) }
            func text() -> String {
                let words = ["", " ", "\n", "a", "EN", "END", "E", "{\"input\":\"", "\\n", "\"}", "größe", "🙂"]
                return (0..<Int.random(in: 0...5, using: &generator))
                    .map { _ in words[Int.random(in: words.indices, using: &generator)] }.joined()
            }
            self.request = EncodedRequest(
                body: [:],
                aliases: try ToolAliases([ToolDefinition(ToolName("patch"), kind: .custom(format: nil))]),
                outputTool: chance() ? nil : "answer",
                emulatedStops: chance() ? [] : ["END", "ENE"]
            )
            let seal: AnswerRestoration.Seal = { kind, blob in "\(kind.rawValue).\(blob)" }
            self.seal = chance() ? nil : seal
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                let (start, delta) = AnswerRestorationPropertyTests.block(Int.random(in: 0...6, using: &generator))
                self.events.append(.blockStarted(start))
                for _ in 0..<Int.random(in: 0...3, using: &generator) { self.events.append(.delta(delta(text()))) }
                if start == .reasoning, chance() { self.events.append(.delta(.opaque(.native(.signature, "s")))) }
                if chance() { self.events.append(.usage(TokenUsage(output: 1))) }
                self.events.append(.blockEnded)
            }
            let ends: [ModelEvent] = [
                .finished(.endTurn), .finished(.toolCalls), .finished(.maximumTokens), .failed(.truncated),
            ]
            self.events.append(ends[Int.random(in: ends.indices, using: &generator)])
        }

        func restored(_ events: [ModelEvent]) -> [ModelEvent] {
            var restoration = AnswerRestoration(self.request, requestID: "r-1", seal: self.seal)
            return events.flatMap { restoration.restore($0) }
        }
    }

    private static func block(_ kind: Int) -> (ModelEvent.BlockStart, (String) -> ModelEvent.Delta) {
        switch kind {
        case 0: (.refusal, { .refusal($0) })
        case 1: (.reasoning, { .summary($0, part: 0) })
        case 2: (.toolCall(id: "1", name: ToolName("patch"), kind: .function), { .arguments($0) })
        case 3: (.toolCall(id: "2", name: ToolName("answer"), kind: .function), { .arguments($0) })
        case 4: (.toolCall(id: "1", name: ToolName("patch"), kind: .custom), { .arguments($0) })
        default: (.text, { .text($0) })
        }
    }

    /// The same answer with a delta for each character.
    private static func minced(_ events: [ModelEvent]) -> [ModelEvent] {
        events.flatMap { event -> [ModelEvent] in
            switch event {
            case .delta(.text(let text)): text.unicodeScalars.map { .delta(.text(String($0))) }
            case .delta(.refusal(let text)): text.unicodeScalars.map { .delta(.refusal(String($0))) }
            case .delta(.summary(let text, let part)):
                text.unicodeScalars.map { .delta(.summary(String($0), part: part)) }
            case .delta(.arguments(let text)): text.unicodeScalars.map { .delta(.arguments(String($0))) }
            case .started, .blockStarted, .delta, .blockEnded, .usage, .finished, .failed: [event]
            }
        }
    }

    @Test func `one block is open at a time, none is blank, ids differ and one end comes last`() throws {
        for seed in 0..<2_000 as Range<UInt64> {
            let example = try Example(seed: seed)
            let events = example.restored(example.events)
            var open: ModelEvent.BlockStart?
            var words = ""
            var ids: Set<String> = []
            for (index, event) in events.enumerated() {
                let isLast = index == events.count - 1
                switch event {
                case .blockStarted(let start):
                    #expect(open == nil, "seed \(seed)")
                    open = start
                    words = ""
                    if case .toolCall(let id, _, _) = start { #expect(ids.insert(id).inserted) }
                case .delta(let delta):
                    #expect(AnswerRestorationPropertyTests.fits(delta, open), "seed \(seed)")
                    if case .opaque(.native) = delta { Issue.record("a blob is not sealed: seed \(seed)") }
                    words += "\(delta)"
                case .blockEnded:
                    #expect(open != nil, "seed \(seed)")
                    if open == .text || open == .reasoning || open == .refusal { #expect(!words.isEmpty) }
                    open = nil
                case .finished:
                    #expect(open == nil && isLast, "seed \(seed)")
                case .failed: #expect(isLast, "seed \(seed)")
                case .started, .usage: break
                }
            }
            switch events.last {
            case .finished, .failed: break
            case .started, .blockStarted, .delta, .blockEnded, .usage, nil: Issue.record("no end: seed \(seed)")
            }
        }
    }

    private static func fits(_ delta: ModelEvent.Delta, _ block: ModelEvent.BlockStart?) -> Bool {
        switch (delta, block) {
        case (.text, .text), (.annotation, .text), (.refusal, .refusal), (.summary, .reasoning),
            (.reasoningText, .reasoning), (.opaque, .reasoning), (.arguments, .toolCall):
            true
        case (.text, _), (.annotation, _), (.refusal, _), (.summary, _), (.reasoningText, _), (.opaque, _),
            (.arguments, _):
            false
        }
    }

    @Test func `how an answer is cut into pieces does not matter`() throws {
        for seed in 0..<2_000 as Range<UInt64> {
            let example = try Example(seed: seed)
            let whole = ModelResponse(folding: example.restored(example.events))
            let minced = ModelResponse(folding: example.restored(AnswerRestorationPropertyTests.minced(example.events)))
            #expect(whole?.blocks == minced?.blocks, "seed \(seed)")
            #expect(whole?.stop == minced?.stop, "seed \(seed)")
        }
    }
}
