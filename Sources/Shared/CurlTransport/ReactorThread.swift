import CLibcurl
import Glibc

/// The thread that runs a reactor's loop.
struct ReactorThread: Sendable {
    private let thread: pthread_t

    private final class Work {
        let name: String
        let loop: ReactorLoop

        init(_ name: String, _ loop: ReactorLoop) {
            self.name = name
            self.loop = loop
        }

        func run() {
            _ = unsafe gateway_name_thread(self.name)
            self.loop.run()
        }
    }

    /// Starts a thread called `name` (15 bytes of it) that runs `loop` to its end and then lets it go.
    init(_ name: String, running loop: sending ReactorLoop) throws(CurlError) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Work(name, loop))
        // The thread, and libcurl's resolver threads, take none of the process's signals, nor SIGPIPE from a broken
        // connection; only what reports a fault of their own.
        var blocked = sigset_t()
        var before = sigset_t()
        _ = unsafe sigfillset(&blocked)
        for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { _ = unsafe sigdelset(&blocked, fault) }
        _ = unsafe pthread_sigmask(SIG_SETMASK, &blocked, &before)
        let code = unsafe pthread_create(
            &thread,
            nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                }
                return nil
            },
            context.toOpaque()
        )
        _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        guard code == 0 else {
            unsafe context.release()
            throw .system(errno: code)
        }
        self.thread = thread
    }

    /// Waits for the thread to end; on the thread itself it only arranges that nobody has to.
    func join() {
        if pthread_equal(self.thread, pthread_self()) != 0 {
            _ = pthread_detach(self.thread)
        } else {
            _ = pthread_join(self.thread, nil)
        }
    }
}
