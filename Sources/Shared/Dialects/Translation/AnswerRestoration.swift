package import Canonical

/// Turns a provider's answer into the one that its caller's request asked for.
///
/// What the request's encoder changed on the way out is changed back: names of tools, custom tools that were called
/// as functions, a schema that was asked for by a forced tool, texts at which the answer ends and which the provider
/// could not be told. Ids of calls become ones that every provider takes when they are sent back. Blobs of reasoning are
/// sealed, reasoning without one is marked as ours, empty blocks left out, and the reason for the end made to fit what
/// was said.
///
/// One machine for streams, and for whole answers as the stream that they would have been.
package struct AnswerRestoration: Sendable {
    /// Seals a provider's blob of reasoning; see ``ReasoningEnvelope``.
    package typealias Seal = @Sendable (OpaqueReasoning.Kind, String) -> String
    /// Makes what stands for a blob where there is none; see ``OpaqueReasoning/Kind/unsigned``.
    package typealias Mark = @Sendable () -> String

    private enum Open: Sendable {
        case text
        /// Passed as it comes, but for its blob.
        case reasoning(isSaid: Bool, hasBlob: Bool)
        /// Passed as it comes.
        case other
        case custom(CustomInput)
        /// The forced tool, whose arguments are the answer's text.
        case output(isEmpty: Bool)
        /// Text that is kept until it is clear whether the forced tool is called.
        case waiting
        /// Nothing of it is passed: the forced tool was called before.
        case dropped
    }

    private let aliases: ToolAliases
    private let outputTool: String?
    private let requestID: String
    private let seal: Seal?
    private let mark: Mark?
    private var scanner: StopScanner
    private var blanks = BlankBlocks()
    private var open: Open?
    /// Texts of an answer that should have been a call of the forced tool.
    private var waiting: [ModelEvent] = []
    private var callIDs: Set<String> = []
    private var hasOutput = false
    private var isEnded = false

    /// Whether the answer was ended at one of the caller's texts while the provider still speaks: what it says on is
    /// not wanted, and its stream can be cancelled.
    package private(set) var isStopped = false

    /// `requestID` is the gateway's own; `seal` is nil for a caller that does not want blobs of reasoning, and `mark` for
    /// one whose reasoning needs none to be known again.
    package init(_ request: EncodedRequest, requestID: String, seal: Seal?, mark: Mark? = nil) {
        self.requestID = requestID
        self.aliases = request.aliases
        self.outputTool = request.outputTool
        self.scanner = StopScanner(request.emulatedStops)
        self.seal = seal
        self.mark = mark
    }

    /// What a whole answer becomes.
    package static func restored(
        _ answer: ModelResponse,
        to request: EncodedRequest,
        requestID: String,
        seal: Seal?,
        mark: Mark? = nil
    ) -> ModelResponse {
        var restoration = AnswerRestoration(request, requestID: requestID, seal: seal, mark: mark)
        let events = answer.events.flatMap { restoration.restore($0) }
        // A whole answer's events tell an end, so there is one.
        return ModelResponse(folding: events)
            ?? ModelResponse(id: answer.id, blocks: [], stop: answer.stop, usage: answer.usage)
    }

    /// What one step of a provider's stream becomes; nothing behind the end.
    package mutating func restore(_ event: ModelEvent) -> [ModelEvent] {
        var events: [ModelEvent] = []
        self.restore(event, into: &events)
        return events
    }

    private mutating func restore(_ event: ModelEvent, into events: inout [ModelEvent]) {
        guard !self.isEnded else { return }
        switch event {
        case .started, .usage: self.blanks.pass(event, into: &events)
        case .blockStarted(let start):
            self.closeBlock(into: &events)
            self.begin(start, into: &events)
        case .delta(let delta): self.take(delta, into: &events)
        case .blockEnded: self.closeBlock(into: &events)
        case .finished(let reason):
            self.closeBlock(into: &events)
            self.release(into: &events)
            self.end(.finished(self.fitting(reason)), into: &events)
        case .failed:
            // What was said so far is the caller's; the block stays open, as it is not whole.
            self.release(into: &events)
            if case .text = self.open { self.passText(self.scanner.flush(), into: &events) }
            self.end(event, into: &events)
        }
    }

    private mutating func end(_ event: ModelEvent, into events: inout [ModelEvent]) {
        guard !self.isEnded else { return }
        self.isEnded = true
        self.blanks.pass(event, into: &events)
    }

    // MARK: Blocks

    private mutating func begin(_ start: ModelEvent.BlockStart, into events: inout [ModelEvent]) {
        switch start {
        case .text where self.hasOutput: self.open = .dropped
        case .text where self.outputTool != nil:
            self.open = .waiting
            self.waiting.append(.blockStarted(start))
        case .text:
            self.open = .text
            self.blanks.pass(.blockStarted(start), into: &events)
        case .refusal:
            self.open = .other
            self.blanks.pass(.blockStarted(start), into: &events)
        case .reasoning:
            self.open = .reasoning(isSaid: false, hasBlob: false)
            self.blanks.pass(.blockStarted(start), into: &events)
        case .toolCall(let id, let name, let kind): self.beginCall(id, name, kind, into: &events)
        }
    }

    private mutating func beginCall(
        _ id: String,
        _ name: ToolName,
        _ kind: ToolCall.Kind,
        into events: inout [ModelEvent]
    ) {
        if let outputTool = self.outputTool, name == ToolName(outputTool) {
            // What the model says beside the schema's JSON would make the whole no JSON.
            self.waiting = []
            self.open = self.hasOutput ? .dropped : .output(isEmpty: true)
            if !self.hasOutput { self.blanks.pass(.blockStarted(.text), into: &events) }
            self.hasOutput = true
            return
        }
        let original = self.aliases.original(of: ToolAliases.wireName(name))
        let isWrapped = kind == .function && original.kind == .custom
        self.open = isWrapped ? .custom(CustomInput()) : .other
        let start = ModelEvent.BlockStart.toolCall(
            id: self.uniqueID(id),
            name: original.name,
            kind: kind == .function ? original.kind : kind
        )
        self.blanks.pass(.blockStarted(start), into: &events)
    }

    /// Results find their call by its id, so two calls of one answer must not share it; and the caller may send it to
    /// any provider next, in the dialect of that one without a translation.
    private mutating func uniqueID(_ id: String) -> String {
        var unique = ToolAliases.callerID(id, ofRequest: self.requestID)
        var number = 2
        while !self.callIDs.insert(unique).inserted {
            unique = ToolAliases.callerID("\(id)_\(number)", ofRequest: self.requestID)
            number += 1
        }
        return unique
    }

    private mutating func take(_ delta: ModelEvent.Delta, into events: inout [ModelEvent]) {
        if case .custom(var input) = self.open {
            guard case .arguments(let piece) = delta else { return }
            // Given away and taken back: with two owners each piece would copy what is held back.
            self.open = nil
            let text = input.read(piece)
            self.open = .custom(input)
            self.blanks.pass(.delta(.arguments(text)), into: &events)
            return
        }
        switch (self.open, delta) {
        case (.text, .text(let piece)): self.passText(self.scan(piece, into: &events), into: &events)
        case (.output, .arguments(let piece)):
            guard !piece.isEmpty else { return }
            self.open = .output(isEmpty: false)
            self.passText(self.scan(piece, into: &events), into: &events)
        case (.waiting, _): self.waiting.append(.delta(delta))
        case (.reasoning(let isSaid, _), .opaque(.native(let kind, let payload))):
            guard let seal = self.seal else { return }
            self.open = .reasoning(isSaid: isSaid, hasBlob: true)
            self.blanks.pass(.delta(.opaque(.sealed(seal(kind, payload)))), into: &events)
        case (.reasoning(_, let hasBlob), .summary(let piece, _)),
            (.reasoning(_, let hasBlob), .reasoningText(let piece)):
            if !piece.isEmpty { self.open = .reasoning(isSaid: true, hasBlob: hasBlob) }
            self.blanks.pass(.delta(delta), into: &events)
        case (.reasoning, _), (.other, .opaque): break
        case (.text, _), (.other, _): self.blanks.pass(.delta(delta), into: &events)
        case (.custom, _), (.output, _), (.dropped, _), (nil, _): break
        }
    }

    private mutating func closeBlock(into events: inout [ModelEvent]) {
        guard let open = self.open else { return }
        switch open {
        case .text: self.passText(self.scanner.flush(), into: &events)
        case .custom(var input): self.blanks.pass(.delta(.arguments(input.end())), into: &events)
        case .output(let isEmpty): self.passText(isEmpty ? "{}" : self.scanner.flush(), into: &events)
        case .reasoning(let isSaid, let hasBlob):
            // Only what is shown: an empty block would begin with it.
            guard isSaid, !hasBlob, let mark = self.mark else { break }
            self.blanks.pass(.delta(.opaque(.sealed(mark()))), into: &events)
        case .other: break
        case .waiting:
            self.waiting.append(.blockEnded)
            self.open = nil
            return
        case .dropped:
            self.open = nil
            return
        }
        self.open = nil
        self.blanks.pass(.blockEnded, into: &events)
    }

    /// The forced tool was not called: the texts are the answer after all.
    private mutating func release(into events: inout [ModelEvent]) {
        let waiting = self.waiting
        self.waiting = []
        for event in waiting where !self.isEnded {
            switch event {
            case .blockStarted:
                self.open = .text
                self.blanks.pass(event, into: &events)
            case .blockEnded: self.closeBlock(into: &events)
            case .delta(let delta): self.take(delta, into: &events)
            case .started, .usage, .finished, .failed: break
            }
        }
    }

    // MARK: Ends

    /// The text before a stop; when there is one, the answer ends behind that text.
    private mutating func scan(_ piece: String, into events: inout [ModelEvent]) -> String {
        let (text, stop) = self.scanner.scan(piece)
        guard let stop else { return text }
        self.passText(text, into: &events)
        self.blanks.pass(.blockEnded, into: &events)
        self.open = nil
        self.isStopped = true
        self.end(.finished(self.fitting(.stopSequence(stop))), into: &events)
        return ""
    }

    private mutating func passText(_ text: String, into events: inout [ModelEvent]) {
        self.blanks.pass(.delta(.text(text)), into: &events)
    }

    /// Clients look at the reason to know whether tools are to be run: some providers say `stop` beside calls.
    private func fitting(_ reason: StopReason) -> StopReason {
        switch reason {
        case .endTurn, .stopSequence, .pause, .toolCalls:
            guard self.callIDs.isEmpty else { return .toolCalls }
            return reason == .toolCalls ? .endTurn : reason
        case .maximumTokens, .contextFull, .contentFilter, .refusal: return reason
        }
    }
}
