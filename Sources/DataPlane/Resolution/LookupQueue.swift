/// The names that are being looked up or are to be, and who waits for each.
///
/// A name that nobody waits for any more before its turn is forgotten: a name server that does not answer holds threads,
/// but not up those who ask later.
struct LookupQueue<Waiter: Sendable>: Sendable {
    /// Names a waiter, to take it back.
    typealias Ticket = Int

    private struct Entry: Sendable {
        var waiters: [Ticket: Waiter] = [:]
        var isRunning = false
    }

    private var entries: [String: Entry] = [:]
    /// Those that have not begun, the next first.
    private var queued: [String] = []
    private var freeThreads: Int
    private let capacity: Int
    private var lastTicket = 0

    /// `capacity`: the most names that may wait for their turn.
    init(threads: Int, capacity: Int) {
        self.freeThreads = threads
        self.capacity = capacity
    }

    enum Joining: Hashable {
        /// `starts`: a thread is to take up what is queued.
        case waits(Ticket, starts: Bool)
        /// Too many names wait already.
        case full
    }

    /// Somebody wants to know where a name leads.
    mutating func join(_ name: String, _ waiter: Waiter) -> Joining {
        self.lastTicket += 1
        let ticket = self.lastTicket
        if self.entries[name] != nil {
            self.entries[name]?.waiters[ticket] = waiter
            return .waits(ticket, starts: false)
        }
        guard self.queued.count < self.capacity else { return .full }
        self.entries[name] = Entry(waiters: [ticket: waiter])
        self.queued.append(name)
        guard self.freeThreads > 0 else { return .waits(ticket, starts: false) }
        self.freeThreads -= 1
        return .waits(ticket, starts: true)
    }

    /// What a thread is to look up now; nil when there is nothing, and the thread is free.
    mutating func next() -> String? {
        guard let name = self.queued.first else {
            self.freeThreads += 1
            return nil
        }
        self.queued.removeFirst()
        self.entries[name]?.isRunning = true
        return name
    }

    /// A lookup ended: those who waited for it.
    mutating func ended(_ name: String) -> [Waiter] {
        self.entries.removeValue(forKey: name).map { Array($0.waiters.values) } ?? []
    }

    /// A waiter gives up: it, and whether its lookup had begun; nil when it was answered before.
    mutating func leave(_ name: String, _ ticket: Ticket) -> (waiter: Waiter, hadBegun: Bool)? {
        guard let entry = self.entries[name], let waiter = entry.waiters[ticket] else { return nil }
        self.entries[name]?.waiters[ticket] = nil
        if !entry.isRunning, entry.waiters.count == 1 {
            self.entries[name] = nil
            self.queued.removeAll { $0 == name }
        }
        return (waiter, entry.isRunning)
    }

    /// Gives up all that has not begun: those who waited for it.
    mutating func removeQueued() -> [Waiter] {
        let names = self.queued
        self.queued = []
        return names.flatMap { name in self.ended(name) }
    }
}
