import Canonical

/// Which calls a conversation makes, turn by turn, and which results they have.
///
/// Some providers number their calls anew in each answer, so an id means the latest call before the result that
/// still waits for one. What is sent has unique ids: later twins get a suffix, the same on every replay.
struct CallLedger {
    private struct Entry {
        let turn: Int
        let id: String
        let kind: ToolCall.Kind
        var result: ToolResult?
    }

    private var entries: [Entry] = []
    /// Where the entries of a turn begin and end: they are added turn by turn.
    private var ranges: [Int: Range<Int>] = [:]
    /// Places in `entries` by the id that the caller knows.
    private var places: [String: [Int]] = [:]
    private var takenIDs: Set<String> = []
    private var reservedIDs: Set<String> = []

    /// Notes an id that occurs somewhere, so that no suffix makes it twice.
    mutating func reserve(_ id: String) { self.reservedIDs.insert(id) }

    /// The id that the call is to have; turns come one after another.
    mutating func add(_ call: ToolCall, inTurn turn: Int) -> String {
        var id = call.id
        var number = 2
        while self.takenIDs.contains(id) || (id != call.id && self.reservedIDs.contains(id)) {
            id = "\(call.id)_\(number)"
            number += 1
        }
        self.takenIDs.insert(id)
        self.places[call.id, default: []].append(self.entries.count)
        let place = self.entries.count
        self.ranges[turn] = (self.ranges[turn]?.lowerBound ?? place)..<(place + 1)
        self.entries.append(Entry(turn: turn, id: id, kind: call.kind))
        return id
    }

    /// Gives a result to its call; false when there is none before it.
    mutating func answer(_ result: ToolResult, inTurn turn: Int) -> Bool {
        let earlier = (self.places[result.callID] ?? []).filter { self.entries[$0].turn < turn }
        guard let lastTurn = earlier.last.map({ self.entries[$0].turn }) else { return false }
        let latest = earlier.filter { self.entries[$0].turn == lastTurn }
        let waiting = latest.first { self.entries[$0].result == nil }
        guard
            let place = waiting ?? earlier.last(where: { self.entries[$0].result == nil }) ?? latest.last
        else { return false }
        var own = result
        own.callID = self.entries[place].id
        own.kind = self.entries[place].kind
        self.entries[place].result = self.entries[place].result.map { $0.joined(with: own) } ?? own
        return true
    }

    /// The results of a turn's calls in the order of the calls; with `fillingGaps` each call has one.
    func results(ofTurn turn: Int, fillingGaps: Bool) -> [ToolResult] {
        guard let range = self.ranges[turn] else { return [] }
        let own = self.entries[range]
        let isAnswered = own.contains { $0.result != nil }
        return own.compactMap { entry in
            if let result = entry.result { return result }
            guard fillingGaps || isAnswered else { return nil }
            return ToolResult(
                callID: entry.id,
                blocks: [.text(TextBlock(ConversationOrder.missingResult))],
                isError: true,
                kind: entry.kind
            )
        }
    }
}

extension ToolResult {
    /// Both in one, as a call can have only one result; a repetition adds nothing.
    fileprivate func joined(with other: ToolResult) -> ToolResult {
        guard other.blocks != self.blocks else { return self }
        var joined = self
        joined.blocks.append(contentsOf: other.blocks)
        if other.isError == true { joined.isError = true }
        joined.cacheControl = other.cacheControl ?? self.cacheControl
        return joined
    }
}
