import Canonical
import Wire

/// Puts the pieces of a streamed answer's tool calls together, whichever way a provider numbers them.
///
/// One call is told at a time: its pieces at once, those of later calls when it is whole. A call is whole when its
/// arguments are a JSON object and another call has begun, and at the latest when the answer ends.
struct OpenAIChatCallAssembly: Sendable {
    private struct Call: Sendable {
        var id: String?
        var index: Int?
        var name: String
        var kind: ToolCall.Kind
        /// What came and was not told yet.
        var pending = ""
        var scan = ArgumentScan()
        var isOpen = false

        /// Free input has no end of its own.
        var isComplete: Bool { self.kind == .custom || self.scan.isComplete }
    }

    private var calls: [Call] = []
    /// The first call that was not told to its end.
    private var current = 0
    /// The call that the last piece belonged to.
    private var last = 0
    private var ids = CallIDs()
    private var heldBytes = 0

    /// More than any model calls at once; a provider that goes on makes no answer.
    private static let maximumCalls = 1_024
    /// What may wait for an earlier call to be whole.
    private static let maximumHeldBytes = 4 * 1_024 * 1_024

    var isEmpty: Bool { self.calls.isEmpty }

    /// Whether every call so far could be told to its end.
    var areComplete: Bool { self.calls.dropFirst(self.current).allSatisfy { $0.isComplete && !$0.name.isEmpty } }

    /// Takes one element of `tool_calls`, or a `function_call` in its place.
    mutating func take(_ delta: JSONValue) throws(AnswerProblem) {
        guard case .object = delta else { throw AnswerProblem(.garbage) }
        let custom = delta["custom"].flatMap { $0 == .null ? nil : $0 }
        let inner = custom ?? delta["function"]
        let piece = try OpenAIChat.argumentText(inner?[custom == nil ? "arguments" : "input"])
        let name = inner?["name"]?.stringValue ?? ""
        let id = delta["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let index = delta["index"]?.intValue

        let place: Int
        if let known = self.place(id: id, index: index, name: name, piece: piece) {
            place = known
        } else {
            guard self.calls.count < OpenAIChatCallAssembly.maximumCalls else { throw AnswerProblem(.garbage) }
            place = self.calls.count
            self.calls.append(Call(id: id, index: index, name: "", kind: custom == nil ? .function : .custom))
        }
        self.last = place
        guard self.calls.indices.contains(place) else { return }
        if self.calls[place].name.isEmpty { self.calls[place].name = name }
        if self.calls[place].id == nil { self.calls[place].id = id }
        if self.calls[place].index == nil { self.calls[place].index = index }
        guard !piece.isEmpty else { return }
        guard place >= self.current else {
            // That call was told as whole; white space behind it means nothing.
            guard piece.allSatisfy(\.isWhitespace) else { throw AnswerProblem(.garbage) }
            return
        }
        self.calls[place].scan.take(piece)
        self.calls[place].pending += piece
        self.heldBytes += piece.utf8.count
        guard self.heldBytes <= OpenAIChatCallAssembly.maximumHeldBytes else { throw AnswerProblem(.garbage) }
    }

    /// The call that a piece belongs to: by id, else by index, else the one that came last; nil for a new call.
    private func place(id: String?, index: Int?, name: String, piece: String) -> Int? {
        if let id {
            if let place = self.calls.lastIndex(where: { $0.id == id }) {
                let call = self.calls[place]
                // Twins: two calls that a provider gave the same id.
                let isOther = !name.isEmpty && call.index != nil && index != nil && call.index != index
                return isOther || self.begins(name: name, piece: piece, behind: call, isSameID: true) ? nil : place
            }
            // An id that changes, or comes late, in the middle of a call: a new call would have a name.
            guard let index, let place = self.calls.lastIndex(where: { $0.index == index }) else { return nil }
            let isSame = name.isEmpty || (self.calls[place].id == nil && self.calls[place].name.isEmpty)
            return isSame ? place : nil
        }
        let place =
            index.map { index in self.calls.lastIndex { $0.index == index } }
            ?? (self.calls.indices.contains(self.last) ? self.last : nil)
        guard let place else { return nil }
        return self.begins(name: name, piece: piece, behind: self.calls[place]) ? nil : place
    }

    /// Whether a piece with this name begins another call than the one that has its id or index.
    ///
    /// Some providers repeat the name in every piece; then it is the same, and the arguments are not whole yet.
    private func begins(name: String, piece: String, behind call: Call, isSameID: Bool = false) -> Bool {
        guard !name.isEmpty, !call.name.isEmpty else { return false }
        if name != call.name { return !isSameID || call.isComplete }
        return !isSameID && call.scan.isComplete && !piece.isEmpty
    }

    /// Tells what can be told.
    mutating func advance(answer: String?, into events: inout [ModelEvent]) {
        while self.calls.indices.contains(self.current) {
            guard self.tell(answer: answer, into: &events) else { return }
            let isWhole = self.calls[self.current].isComplete && self.current + 1 < self.calls.count
            guard isWhole else { return }
            self.close(into: &events)
        }
    }

    /// Tells all that is left: the answer ends, or goes on with something else.
    mutating func flush(answer: String?, into events: inout [ModelEvent]) throws(AnswerProblem) {
        while self.calls.indices.contains(self.current) {
            guard self.tell(answer: answer, into: &events) else { throw AnswerProblem(.garbage) }
            self.close(into: &events)
        }
    }

    /// False for a call whose name has not come.
    private mutating func tell(answer: String?, into events: inout [ModelEvent]) -> Bool {
        let place = self.current
        guard !self.calls[place].name.isEmpty else { return false }
        if !self.calls[place].isOpen {
            self.calls[place].isOpen = true
            let id = self.ids.next(self.calls[place].id, answer: answer)
            let name = ToolName(self.calls[place].name)
            events.append(.blockStarted(.toolCall(id: id, name: name, kind: self.calls[place].kind)))
        }
        if !self.calls[place].pending.isEmpty {
            events.append(.delta(.arguments(self.calls[place].pending)))
            self.heldBytes -= self.calls[place].pending.utf8.count
            self.calls[place].pending = ""
        }
        return true
    }

    private mutating func close(into events: inout [ModelEvent]) {
        events.append(.blockEnded)
        self.current += 1
    }
}
