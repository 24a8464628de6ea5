import Synchronization
import Wire

/// The last requests that were served, in memory and, if wanted, in a file.
final class Ledger: Sendable {
    private struct State {
        /// A ring once it is full; `oldest` is where it starts.
        var rows: [LedgerRow] = []
        var oldest = 0
        var nextSequence = 1
        var counters = LedgerCounters()
    }

    static let capacity = 100_000

    private let state = Mutex(State())
    private let file: LedgerFile?

    init(file: LedgerFile?) {
        self.file = file
    }

    /// A number that no other request of this run has.
    func nextSequence() -> Int {
        self.state.withLock { state in
            defer { state.nextSequence += 1 }
            return state.nextSequence
        }
    }

    func append(_ row: LedgerRow) {
        self.state.withLock { state in
            state.counters.rows += 1
            if state.rows.count < Ledger.capacity {
                state.rows.append(row)
            } else {
                state.rows[state.oldest] = row
                state.oldest = (state.oldest + 1) % Ledger.capacity
            }
        }
        if let file = self.file { file.append(JSONWriter.write(row.json) + [0x0a]) }
    }

    func count(_ change: @Sendable (inout LedgerCounters) -> Void) {
        self.state.withLock { change(&$0.counters) }
    }

    var counters: LedgerCounters { self.state.withLock { $0.counters } }

    /// The newest rows, at most `limit`, oldest first; only those with `requestID` when it is given.
    func rows(limit: Int, requestID: String?) -> [LedgerRow] {
        self.state.withLock { state in
            var found: [LedgerRow] = []
            for index in state.rows.indices.reversed() where found.count < limit {
                let row = state.rows[(state.oldest + index) % state.rows.count]
                if requestID == nil || row.requestID == requestID { found.append(row) }
            }
            return found.reversed()
        }
    }

    /// Forgets the rows and the counters, but neither the sequence nor the file.
    func clear() {
        self.state.withLock { state in
            let (open, blocked) = (state.counters.inFlight, state.counters.blocked)
            state = State(nextSequence: state.nextSequence)
            state.counters.inFlight = open
            state.counters.blocked = blocked
        }
    }
}
