import NIOConcurrencyHelpers
package import NIOCore

/// Runs any number of transfers with libcurl, on a thread of its own or on an event loop.
///
/// It owns its connections: transfers of different reactors share none. Where callers live on event loops, one hosted
/// by each loop hands nothing between threads; a thread serves everybody else.
package final class CurlReactor: Sendable {
    private let mailbox: ReactorMailbox

    /// The event loop that hosts it; nil with a thread of its own.
    private let host: (any EventLoop)?

    /// Nil once somebody waits, or has waited, for its end.
    private let thread: NIOLockedValueBox<ReactorThread?>

    /// Starts a reactor with a thread of its own, which is called `name` (15 bytes of it).
    package init(
        configuration: ReactorConfiguration = ReactorConfiguration(),
        name: String = "curl"
    ) throws(CurlError) {
        try CurlLibrary.prepare()
        let bell = try DescriptorBell()
        self.mailbox = ReactorMailbox(bell: bell)
        self.host = nil
        let watcher = try SocketWatcher(bell: bell)
        let loop = try ReactorLoop(configuration: configuration, mailbox: self.mailbox, watcher: watcher)
        self.thread = NIOLockedValueBox(try ReactorThread(name, running: loop))
    }

    private init(mailbox: ReactorMailbox, host: any EventLoop) {
        self.mailbox = mailbox
        self.host = host
        self.thread = NIOLockedValueBox(nil)
    }

    /// A reactor that runs on `eventLoop`, one of NIO's own; receivers are told on that loop.
    ///
    /// Throws ``CurlError/system(errno:)`` where the kernel does not offer what that takes: then one with a thread
    /// does the same at a higher price.
    package static func hosted(
        by eventLoop: any EventLoop,
        configuration: ReactorConfiguration = ReactorConfiguration()
    ) async throws -> CurlReactor {
        try CurlLibrary.prepare()
        let bell = EventLoopBell(eventLoop)
        let mailbox = ReactorMailbox(bell: bell)
        try await eventLoop.flatSubmit {
            EventLoopHost.start(on: eventLoop, configuration: configuration, mailbox: mailbox, bell: bell)
        }.get()
        return CurlReactor(mailbox: mailbox, host: eventLoop)
    }

    deinit {
        self.shutdown()
    }

    /// Queues a request, from any thread; its events go to `receiver`.
    ///
    /// After ``shutdown()`` the receiver gets `.failed(.shutdown, …)`: on the hosting loop soon, else before this returns.
    package func start(_ request: TransferRequest, receiver: any TransferReceiver) -> Transfer {
        let transfer = Transfer(mailbox: self.mailbox, windowBytes: request.windowBytes)
        if !self.mailbox.post(.start(transfer, request, receiver)) {
            let id = transfer.id
            let tell = { @Sendable in
                receiver.receive([TransferDelivery(transfer: id, event: .failed(.shutdown, TransferTimings()))])
            }
            if let host = self.host { host.execute(tell) } else { tell() }
        }
        return transfer
    }

    /// Fails what runs with `.shutdown`, closes all connections and waits for the thread to end; an event loop does it
    /// behind what it does now.
    ///
    /// Calling it again does nothing; called on the reactor's own thread, it does not wait.
    package func shutdown() {
        guard self.mailbox.close() else { return }
        let thread = self.thread.withLockedValue { $0.take() }
        thread?.join()
    }
}
