import Glibc
import NIOConcurrencyHelpers
import Synchronization

/// Writes lines to a file descriptor from a thread of its own, in batches, and never makes a caller wait.
///
/// Each event loop appends to a handle of its own. The thread writes when 64 KiB have come together or 50 ms after
/// the first line of a batch. When the reader of the descriptor is slower than the lines, up to `capacity` bytes
/// wait; lines beyond that are dropped and counted, whole. Order is kept within a handle, not between handles.
///
/// `close` must be called before the last reference goes: it writes what waits and ends the thread. The process
/// must ignore SIGPIPE.
package final class LineWriter: Sendable {
    /// Batch size in bytes that is written without waiting for the interval: the size of a Linux pipe.
    private static let batchSize = 64 * 1024
    /// How long a line may wait for others.
    private static let interval: Int32 = 50
    private let descriptor: Int32
    private let capacity: Int
    private let patience: UInt64
    /// Bytes that wait in all handles, and those being written.
    private let waitingBytes = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private let handles = NIOLockedValueBox<[Handle]>([])
    private let output = NIOLockedValueBox(Output())
    private let wakeUp: WakeUp
    private let thread = NIOLockedValueBox<pthread_t?>(nil)

    /// What the writing itself remembers.
    private struct Output: Sendable {
        /// The memory that takes a handle's place while its lines are written.
        var spare: [UInt8] = []
        /// The last write ended inside a line, which the next one must end first.
        var isInsideLine = false
    }

    /// Starts the thread; `descriptor` stays the caller's, and open until `close` has returned.
    ///
    /// `capacity` is in bytes; a batch that the reader does not take within `patience` nanoseconds is given up. Nil
    /// when the system has no descriptors or threads left.
    package init?(descriptor: Int32 = STDOUT_FILENO, capacity: Int = 8 << 20, patience: UInt64 = 5_000_000_000) {
        guard let wakeUp = WakeUp() else { return nil }
        self.descriptor = descriptor
        self.capacity = capacity
        self.patience = patience
        self.wakeUp = wakeUp
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self)
        let result = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<LineWriter>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        guard result == 0 else {
            unsafe context.release()
            return nil
        }
        self.thread.withLockedValue { $0 = thread }
    }

    /// A place to append lines; one for each thread that does.
    package func makeHandle() -> Handle {
        let handle = Handle(writer: self)
        self.handles.withLockedValue { if !self.isClosed.load(ordering: .acquiring) { $0.append(handle) } }
        return handle
    }

    /// Lines that were dropped because too many were waiting, or because the descriptor refused them.
    package var droppedLines: Int { self.dropped.load(ordering: .relaxed) }

    /// Writes, on the calling thread, everything that was appended before the call.
    package func flush() {
        self.output.withLockedValue { output in
            for handle in self.handles.withLockedValue({ $0 }) {
                handle.take(&output.spare)
                guard !output.spare.isEmpty else { continue }
                self.write(&output)
                self.waitingBytes.subtract(output.spare.count, ordering: .relaxed)
                // After a burst, the memory of a normal batch is enough.
                let isLarge = output.spare.capacity > 4 * LineWriter.batchSize
                output.spare.removeAll(keepingCapacity: !isLarge)
            }
        }
    }

    /// Writes what waits and ends the thread; lines appended later are dropped.
    package func close() {
        guard let thread = self.thread.withLockedValue({ $0.take() }) else { return }
        self.wakeUp.stop()
        pthread_join(thread, nil)
        self.isClosed.store(true, ordering: .releasing)
        self.flush()
        // The handles hold the writer; this lets go of both.
        self.handles.withLockedValue { $0.removeAll() }
    }

    private func run() {
        while self.wakeUp.waitForWork() {
            self.wakeUp.gather(milliseconds: LineWriter.interval)
            self.flush()
        }
    }

    private func write(_ output: inout Output) {
        let deadline = MonotonicClock.now() + self.patience
        if output.isInsideLine {
            let newline: [UInt8] = [UInt8(ascii: "\n")]
            let outcome = DescriptorWriting.write(newline.span, to: self.descriptor, deadline: deadline)
            output.isInsideLine = outcome.failure != nil
        }
        if !output.isInsideLine {
            let outcome = DescriptorWriting.write(output.spare.span, to: self.descriptor, deadline: deadline)
            guard outcome.failure != nil else { return }
            let isAtLineStart =
                outcome.writtenCount == 0 || output.spare[outcome.writtenCount - 1] == UInt8(ascii: "\n")
            output.isInsideLine = !isAtLineStart
            self.countDropped(output.spare[outcome.writtenCount...])
        } else {
            self.countDropped(output.spare[...])
        }
    }

    private func countDropped(_ bytes: ArraySlice<UInt8>) {
        let lines = bytes.count { $0 == UInt8(ascii: "\n") }
        self.dropped.add(lines, ordering: .relaxed)
    }

    /// Reserves room for `count` bytes, or counts a dropped line.
    fileprivate func admit(_ count: Int) -> Bool {
        guard !self.isClosed.load(ordering: .acquiring) else {
            self.dropped.add(1, ordering: .relaxed)
            return false
        }
        let waiting = self.waitingBytes.add(count, ordering: .relaxed).newValue
        if waiting <= self.capacity { return true }
        self.waitingBytes.subtract(count, ordering: .relaxed)
        self.dropped.add(1, ordering: .relaxed)
        return false
    }

    /// After lines were appended: `batch` is what the handle holds now.
    fileprivate func notify(batch: Int) {
        self.wakeUp.signal(isUrgent: batch >= LineWriter.batchSize)
    }

    /// Where one thread appends its lines; safe, but slower, when several do.
    package final class Handle: Sendable {
        private let writer: LineWriter
        private let lines = NIOLockedValueBox<[UInt8]>([])

        fileprivate init(writer: LineWriter) {
            self.writer = writer
        }

        /// Appends a line that ends in a newline; false when it was dropped.
        @discardableResult
        package func append(_ line: [UInt8]) -> Bool {
            guard self.writer.admit(line.count) else { return false }
            let batch = self.lines.withLockedValue { lines in
                lines.append(contentsOf: line)
                return lines.count
            }
            self.writer.notify(batch: batch)
            return true
        }

        /// Exchanges the lines for the empty `spare`.
        fileprivate func take(_ spare: inout [UInt8]) {
            self.lines.withLockedValue { swap(&$0, &spare) }
        }
    }
}
