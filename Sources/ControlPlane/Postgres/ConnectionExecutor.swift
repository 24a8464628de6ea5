import Dispatch

/// The thread of one connection, on which libpq may block without holding up anything else.
///
/// A serial queue with a thread to itself while there is work: never one of the threads that Swift's tasks share.
final class ConnectionExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "postgres.connection")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async {
            unsafe job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}
