import Synchronization

/// How appending threads wake the writing one: a system call for the first line of a batch, none for the rest.
final class WakeUp: Sendable {
    /// Readable from the first line of a batch on.
    private let work: Signal
    /// Readable when the batch should not wait for more.
    private let urgency: Signal
    private let isSignalled = Atomic<Bool>(false)
    private let isUrgent = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)

    /// Nil when there are no descriptors left.
    init?() {
        guard let work = Signal(), let urgency = Signal() else { return nil }
        self.work = work
        self.urgency = urgency
    }

    /// Says that a line was appended.
    ///
    /// The exchange pairs with the one in `gather`: a line is either seen by the batch that follows it there, or it
    /// signals the next.
    func signal(isUrgent: Bool) {
        if !self.isSignalled.exchange(true, ordering: .acquiringAndReleasing) { self.work.raise() }
        if isUrgent, !self.isUrgent.exchange(true, ordering: .acquiringAndReleasing) { self.urgency.raise() }
    }

    func stop() {
        self.isStopped.store(true, ordering: .releasing)
        self.work.raise()
        self.urgency.raise()
    }

    /// Waits for the first line of a batch; false when the writer shall end.
    func waitForWork() -> Bool {
        // `gather` may have taken the signal of `stop` for one of its own.
        if self.isStopped.load(ordering: .acquiring) { return false }
        self.work.wait(milliseconds: -1)
        return !self.isStopped.load(ordering: .acquiring)
    }

    /// Waits for more lines, until they are many or the time is over.
    func gather(milliseconds: Int32) {
        self.urgency.wait(milliseconds: milliseconds)
        self.urgency.lower()
        self.work.lower()
        _ = self.isUrgent.exchange(false, ordering: .acquiringAndReleasing)
        _ = self.isSignalled.exchange(false, ordering: .acquiringAndReleasing)
    }
}
