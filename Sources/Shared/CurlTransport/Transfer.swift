import Synchronization

/// The caller's hold on one running transfer, usable from any thread.
package final class Transfer: Sendable {
    /// Names the transfer in every ``TransferDelivery``.
    package let id: TransferID

    private let mailbox: ReactorMailbox
    private let resumeBelow: Int

    /// Body bytes handed to the receiver and not yet reported as consumed.
    private let unconsumed = Atomic<Int>(0)

    /// Set by the reactor when it stops receiving; whoever clears it has the duty to resume.
    private let paused = Atomic<Bool>(false)

    /// Number of the slot that runs it, set and read where the reactor runs only; -1 = none yet.
    private let slotNumber = Atomic<Int>(-1)

    private static let lastNumber = Atomic<UInt64>(0)

    init(mailbox: ReactorMailbox, windowBytes: Int) {
        self.id = TransferID(Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue)
        self.mailbox = mailbox
        self.resumeBelow = max(windowBytes, 0) / 2
    }

    /// Ends the transfer and closes its connection or stream.
    ///
    /// Exactly one terminal event still arrives: `.failed(.cancelled, …)`, unless one already did.
    package func cancel() {
        self.mailbox.post(.cancel(self))
    }

    /// The receiver has disposed of `bytes` body bytes; resumes a paused transfer when below half its window.
    package func consumed(_ bytes: Int) {
        let left = self.unconsumed.wrappingSubtract(bytes, ordering: .sequentiallyConsistent).newValue
        guard left <= self.resumeBelow, self.paused.load(ordering: .sequentiallyConsistent), self.takePause() else {
            return
        }
        self.mailbox.post(.resume(self))
    }

    /// Number of the slot that runs the transfer, or last ran it; nil before its start.
    var slot: Int? {
        let number = self.slotNumber.load(ordering: .relaxed)
        return number >= 0 ? number : nil
    }

    func assign(slot: Int) {
        self.slotNumber.store(slot, ordering: .relaxed)
    }

    /// Body bytes that the receiver holds.
    var heldBytes: Int { self.unconsumed.load(ordering: .sequentiallyConsistent) }

    /// Counts bytes that go to the receiver.
    func handOver(_ bytes: Int) {
        self.unconsumed.wrappingAdd(bytes, ordering: .relaxed)
    }

    /// True when the reactor is to stop receiving; a `.resume` command will follow.
    ///
    /// The receiver may report its last byte between the reactor's look at the count and the flag: so the flag is
    /// raised first and the count read again. Either side that then sees both takes the flag down, only one can.
    func beginPause() -> Bool {
        self.paused.store(true, ordering: .sequentiallyConsistent)
        guard self.heldBytes <= self.resumeBelow else { return true }
        return !self.takePause()
    }

    private func takePause() -> Bool {
        self.paused.exchange(false, ordering: .sequentiallyConsistent)
    }
}
