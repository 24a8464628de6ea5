import CLinuxAIO
import Glibc

/// Has the kernel tell through an event descriptor that another descriptor has become readable.
///
/// For descriptors that somebody else's loop has to wait for but would not know how to read: the event descriptor it
/// can read. Rests on poll requests of Linux's asynchronous I/O (`IOCB_CMD_POLL`, Linux 4.18), which containers allow
/// where they forbid io_uring; some sandboxes know neither.
@safe struct ReadinessSignal: ~Copyable {
    private let context: aio_context_t

    init() throws(CurlError) {
        var context: aio_context_t = 0
        guard unsafe gateway_aio_setup(&context) == 0 else { throw .system(errno: errno) }
        self.context = context
    }

    deinit {
        _ = gateway_aio_destroy(self.context)
    }

    /// Adds 1 to `event`, once, as soon as `descriptor` is readable; false when the kernel refuses.
    ///
    /// To be called again only after that happened.
    func arm(_ descriptor: CInt, telling event: CInt) -> Bool {
        gateway_aio_reap(self.context)
        return gateway_aio_poll(self.context, descriptor, event) == 1
    }
}
