import CLibcurl

/// What a reactor does, a turn at a time: let libcurl work, tell the receivers.
///
/// Confined to the thread, or the event loop, that takes its turns.
final class ReactorLoop {
    private let configuration: ReactorConfiguration
    private let mailbox: ReactorMailbox
    let watcher: SocketWatcher
    let turn: ReactorTurn
    var multi: MultiHandle
    private var deadlines = DeadlineQueue()
    private var outbox = ReactorOutbox()

    /// By slot number; nil = given up, its number is in `vacancies`.
    private var slots: [TransferSlot?] = []
    private var vacancies: [Int] = []

    /// Slots with a handle and no transfer, the last used last.
    private var idle: [TransferSlot] = []

    /// Whether the bell rang while a turn was under way: it rings once for what is in the mailbox.
    private var hasRung = false

    // Storage used again in each turn.
    private var messages: [ReactorMailbox.Message] = []
    private var ready: [SocketWatcher.Readiness] = []

    init(
        configuration: ReactorConfiguration,
        mailbox: ReactorMailbox,
        watcher: SocketWatcher
    ) throws(CurlError) {
        self.configuration = configuration
        self.mailbox = mailbox
        self.watcher = watcher
        self.turn = ReactorTurn(now: .now)
        self.multi = try MultiHandle(configuration: configuration, watcher: self.watcher)
    }

    /// Takes turns until the mailbox is closed, waiting in between; then everything that runs has been failed.
    func run() {
        var isOpen = true
        while isOpen {
            let milliseconds = self.hasRung ? 0 : self.millisecondsToNext.map { CInt(clamping: $0) } ?? -1
            let hasRungBefore = self.hasRung
            self.hasRung = false
            let hasMail = self.watcher.wait(milliseconds: milliseconds, ready: &self.ready)
            isOpen = self.work(hasMail: hasMail || hasRungBefore)
        }
        self.end()
    }

    /// A turn without waiting; false when the mailbox is closed, and ``end()`` is to follow.
    ///
    /// `looksAtSockets`: whether any socket can have become ready since the last turn.
    func takeTurn(hasMail: Bool, looksAtSockets: Bool) -> Bool {
        if looksAtSockets { _ = self.watcher.wait(milliseconds: 0, ready: &self.ready) }
        return self.work(hasMail: hasMail)
    }

    /// Takes no more mail, and fails everything that runs or was to run.
    func end() {
        _ = self.mailbox.close()
        _ = self.readMail()
        self.abandonAll()
        self.flush()
    }

    /// Whether there are messages, or none are to come any more.
    var hasMail: Bool { !self.mailbox.isQuiet }

    /// Milliseconds until there is something to do that no socket and no mail tells of; nil when there is nothing.
    var millisecondsToNext: Int? {
        var limit = self.multi.millisecondsToTimer
        if let first = self.deadlines.first {
            limit = min(limit ?? .max, self.turn.now.milliseconds(until: first))
        }
        return limit
    }

    private func work(hasMail: Bool) -> Bool {
        self.turn.now = .now
        let isOpen = hasMail ? self.readMail() : true
        self.actOnSockets()
        // Also for transfers just added: their first step is a timer that has run out.
        if self.multi.millisecondsToTimer == 0 { self.multi.actOnTimers() }
        self.collectCompletions()
        self.nudgeForsaken()
        self.expireDeadlines()
        self.flush()
        return isOpen
    }

    /// Has transfers go on to the next address of their name, at most so many times a turn.
    private func nudgeForsaken() {
        for _ in 0..<ReactorLoop.addresses {
            let forsaken = self.watcher.takeForsaken()
            guard !forsaken.isEmpty else { return }
            for index in forsaken where self.slots.indices.contains(index) {
                guard let slot = self.slots[index], slot.isAdded, slot.dispatches == 0 else { continue }
                slot.easy.nudge()
            }
            if self.multi.millisecondsToTimer == 0 { self.multi.actOnTimers() }
            self.collectCompletions()
        }
    }

    /// More than a name has that anybody would wait for.
    private static let addresses = 32

    private func actOnSockets() {
        for socket in self.ready { self.multi.act(on: socket.socket, mask: socket.mask) }
        self.ready.removeAll(keepingCapacity: true)
    }

    /// Has the watcher see what came on connections at rest, which spoils them, before a request goes out there.
    ///
    /// Also on those that come to rest with what is ready now.
    private func lookAtRestingConnections() {
        var rounds = 0
        repeat {
            rounds += 1
            self.actOnSockets()
            self.collectCompletions()
            if self.watcher.wait(milliseconds: 0, ready: &self.ready) { self.hasRung = true }
        } while self.watcher.mayHaveMore && rounds < ReactorLoop.looks
    }

    /// More than enough for all the sockets that one process can have; what is written to meanwhile is ready again.
    private static let looks = 100

    // MARK: - Mail

    private func readMail() -> Bool {
        let isOpen = self.mailbox.take(into: &self.messages)
        if self.messages.contains(where: \.isStart) { self.lookAtRestingConnections() }
        for message in self.messages {
            switch message {
            case .start(let transfer, let request, let receiver): self.start(transfer, request, receiver)
            case .cancel(let transfer): self.cancel(transfer)
            case .resume(let transfer): self.resume(transfer)
            }
        }
        self.messages.removeAll(keepingCapacity: true)
        return isOpen
    }

    private func start(_ transfer: Transfer, _ request: TransferRequest, _ receiver: any TransferReceiver) {
        guard let slot = self.takeSlot() else {
            self.outbox.add(.failed(.connectFailed, TransferTimings()), of: transfer.id, to: receiver)
            return
        }
        slot.begin(transfer, request, receiver)
        guard slot.prepare(request, configuration: self.configuration, watcher: self.watcher) else {
            self.finish(slot, slot.machine.abandoned(.invalidRequest))
            return
        }
        do {
            try self.multi.add(slot.easy)
            slot.isAdded = true
            transfer.assign(slot: slot.index)
            slot.deadlineMoved = true
            slot.markChanged()
        } catch {
            self.finish(slot, slot.machine.abandoned(.connectFailed))
        }
    }

    private func cancel(_ transfer: Transfer) {
        guard let slot = self.slot(of: transfer) else { return }
        self.finish(slot, slot.machine.abandoned(.cancelled))
    }

    private func resume(_ transfer: Transfer) {
        guard let slot = self.slot(of: transfer), slot.machine.resumed(at: self.turn.now) else { return }
        slot.deadlineMoved = true
        slot.markChanged()
        slot.easy.resume()
    }

    /// The slot that still runs `transfer`; nil once it has ended.
    private func slot(of transfer: Transfer) -> TransferSlot? {
        guard let index = transfer.slot, self.slots.indices.contains(index), let slot = self.slots[index],
            slot.transfer === transfer
        else { return nil }
        return slot
    }

    // MARK: - Ends

    private func collectCompletions() {
        while let completion = unsafe self.multi.nextCompletion() {
            guard let slot = unsafe TransferSlot.find(completion.context), slot.transfer != nil else { continue }
            self.finish(slot, slot.machine.ended(unsafe slot.outcome(completion.code)))
        }
    }

    private func expireDeadlines() {
        while let key = self.deadlines.popDue(at: self.turn.now) {
            // A slot keeps its entry from transfer to transfer: what is due may be long over, or have moved.
            guard self.slots.indices.contains(key), let slot = self.slots[key], slot.transfer != nil else { continue }
            switch slot.machine.time(self.turn.now) {
            case .wait(let until?): self.deadlines.set(key, to: until)
            case .wait(nil): break
            case .fail(let failure): self.finish(slot, .fail(failure))
            }
        }
    }

    private func finish(_ slot: TransferSlot, _ action: TransferStateMachine.EndAction) {
        switch action {
        case .finish: slot.end = .finished(slot.timings)
        case .fail(let failure): slot.end = .failed(failure, slot.timings)
        case .nothing: return
        }
        if slot.isAdded { self.multi.remove(slot.easy) }
        slot.isAdded = false
        self.watcher.release(slot, isShared: self.configuration.http2 && slot.isMultiplexed)
        slot.body.release()
        slot.transfer = nil
        slot.markChanged()
    }

    private func abandonAll() {
        for case let slot? in self.slots where slot.transfer != nil {
            self.finish(slot, slot.machine.abandoned(.shutdown))
        }
    }

    // MARK: - The end of a turn

    private func flush() {
        for slot in self.turn.changed {
            // A limit of no time at all ends a transfer right here: the mark comes off after that.
            if slot.deadlineMoved { self.bringDeadlineForward(slot) }
            slot.isChanged = false
            self.outbox.add(from: slot)
            if slot.transfer == nil { self.giveBack(slot) }
        }
        self.turn.changed.removeAll(keepingCapacity: true)
        self.outbox.deliver()
    }

    /// An entry that is too early costs one look when it comes due; only one that is too late must be moved.
    private func bringDeadlineForward(_ slot: TransferSlot) {
        slot.deadlineMoved = false
        guard slot.transfer != nil else { return }
        switch slot.machine.time(self.turn.now) {
        case .wait(let until?):
            if let entry = self.deadlines.deadline(of: slot.index), entry <= until { return }
            self.deadlines.set(slot.index, to: until)
        case .wait(nil): break
        case .fail(let failure): self.finish(slot, .fail(failure))
        }
    }

    // MARK: - Slots

    private func takeSlot() -> TransferSlot? {
        if let slot = self.idle.popLast() { return slot }
        let index = self.vacancies.popLast() ?? self.slots.count
        let crossingTime = self.configuration.crossingTime
        guard let slot = try? TransferSlot(index: index, turn: self.turn, crossingTime: crossingTime) else {
            self.vacancies.append(index)
            if index == self.slots.count { self.slots.append(nil) }
            return nil
        }
        if index == self.slots.count { self.slots.append(slot) } else { self.slots[index] = slot }
        return slot
    }

    private func giveBack(_ slot: TransferSlot) {
        slot.receiver = nil
        guard self.idle.count >= self.configuration.idleHandleLimit else {
            self.idle.append(slot)
            return
        }
        self.deadlines.remove(slot.index)
        self.slots[slot.index] = nil
        self.vacancies.append(slot.index)
    }
}
