/// Decides who gets which connection, when to connect, and when to give up; owns neither connections nor time.
///
/// Connections are opened on demand, up to the number of slots. While PostgreSQL is away exactly one slot keeps
/// trying, so that the pool recovers by itself and a server that comes back is not stormed. Requests that find it
/// away for longer than anyone may wait are refused at once.
package struct PoolStateMachine: Sendable {
    private enum Slot: Hashable {
        /// No connection. Goes to `connecting` when requests wait.
        case empty
        /// A connection is being opened. Goes to `idle`, `leased`, `pausing` or `empty`.
        case connecting
        /// Open and free. Goes to `leased`.
        case idle
        /// Lent to a request. Goes to `idle`, to `leased` by the next request, or to `empty` when it broke.
        case leased
        /// The last attempt failed and the next one waits. Goes to `connecting`.
        case pausing
    }

    private let leaseTimeout: Duration
    private var slots: [Slot]
    /// Requests in the order in which they came.
    private var waiting: [UInt64] = []
    private var failures = 0
    /// Since when no connection could be made, while there is none.
    private var downSince: Duration?
    private var isClosed = false

    package init(slots: Int, leaseTimeout: Duration) {
        self.slots = Array(repeating: .empty, count: max(1, slots))
        self.leaseTimeout = leaseTimeout
    }

    /// Someone needs a connection.
    package mutating func lease(_ request: UInt64, at now: Duration) -> [PoolAction] {
        if self.isClosed { return [.fail(request: request, .closed)] }
        if let slot = self.slots.lastIndex(of: .idle) {
            self.slots[slot] = .leased
            return [.grant(request: request, slot: slot)]
        }
        if let downSince, now - downSince >= self.leaseTimeout {
            return [.fail(request: request, .noConnection)]
        }
        self.waiting.append(request)
        return [.timeWait(request: request, self.leaseTimeout)] + self.connectIfNeeded()
    }

    /// A request has waited for as long as it may; nothing happens if it was served meanwhile.
    package mutating func waitEnded(_ request: UInt64) -> [PoolAction] {
        guard let index = self.waiting.firstIndex(of: request) else { return [] }
        self.waiting.remove(at: index)
        return [.fail(request: request, self.hasConnections ? .noFreeConnection : .noConnection)]
    }

    /// The holder of a connection is done with it; `isOpen` tells whether it can be used again.
    package mutating func release(_ slot: Int, isOpen: Bool) -> [PoolAction] {
        guard self.slots.indices.contains(slot), self.slots[slot] == .leased else {
            preconditionFailure("a connection was released twice")
        }
        guard isOpen, !self.isClosed else {
            self.slots[slot] = .empty
            return self.connectIfNeeded()
        }
        return self.hand(slot)
    }

    package mutating func connected(_ slot: Int) -> [PoolAction] {
        self.failures = 0
        self.downSince = nil
        guard !self.isClosed else {
            self.slots[slot] = .empty
            return []
        }
        return self.hand(slot) + self.connectIfNeeded()
    }

    /// An attempt to connect failed; `jitter`, 0 to 1, spreads the attempts of several processes.
    package mutating func connectFailed(_ slot: Int, at now: Duration, jitter: Double) -> [PoolAction] {
        self.failures += 1
        self.slots[slot] = .empty
        if !self.hasConnections, self.downSince == nil { self.downSince = now }
        let isSlotTrying = self.slots.contains { $0 == .pausing || $0 == .connecting }
        guard !self.isClosed, !isSlotTrying, !self.hasConnections || !self.waiting.isEmpty else { return [] }
        self.slots[slot] = .pausing
        return [.timeRetry(slot: slot, PoolStateMachine.pause(afterFailures: self.failures, jitter: jitter))]
    }

    package mutating func retryDue(_ slot: Int) -> [PoolAction] {
        guard self.slots[slot] == .pausing else { return [] }
        guard !self.isClosed else {
            self.slots[slot] = .empty
            return []
        }
        self.slots[slot] = .connecting
        return [.connect(slot: slot)]
    }

    /// Nobody gets a connection any more.
    package mutating func close() -> [PoolAction] {
        self.isClosed = true
        let actions = self.waiting.map { PoolAction.fail(request: $0, .closed) }
        self.waiting = []
        return actions
    }

    /// The pause before the next attempt: 100 ms · 2^(failures - 1), at most 2 s, of which the upper half is
    /// scaled by `jitter`.
    ///
    /// | failures | pause in ms |
    /// |---|---|
    /// | 1 | 50–100 |
    /// | 2 | 100–200 |
    /// | 3 | 200–400 |
    /// | 5 | 800–1600 |
    /// | 6 and more | 1000–2000 |
    package static func pause(afterFailures failures: Int, jitter: Double) -> Duration {
        let full = min(100 << min(max(failures, 1) - 1, 10), 2000)
        let share = 0.5 + 0.5 * min(max(jitter, 0), 1)
        return .milliseconds(Int64(Double(full) * share))
    }

    private var hasConnections: Bool { self.slots.contains { $0 == .idle || $0 == .leased } }

    private mutating func hand(_ slot: Int) -> [PoolAction] {
        guard !self.waiting.isEmpty else {
            self.slots[slot] = .idle
            return []
        }
        self.slots[slot] = .leased
        return [.grant(request: self.waiting.removeFirst(), slot: slot)]
    }

    /// Opens one connection when more requests wait than connections are on their way.
    private mutating func connectIfNeeded() -> [PoolAction] {
        let isPausing = self.slots.contains(.pausing)
        let connecting = self.slots.count { $0 == .connecting }
        guard !self.isClosed, !isPausing, connecting < self.waiting.count, self.downSince == nil || connecting == 0,
            let slot = self.slots.firstIndex(of: .empty)
        else {
            return []
        }
        self.slots[slot] = .connecting
        return [.connect(slot: slot)]
    }
}
