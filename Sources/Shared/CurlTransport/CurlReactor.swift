import Synchronization

/// One thread that runs any number of transfers with libcurl.
///
/// It owns its connections: transfers of different reactors share none. Give each event loop one, or several loops
/// one of them.
package final class CurlReactor: Sendable {
    private let mailbox: ReactorMailbox

    /// Nil once somebody waits, or has waited, for its end.
    private let thread: Mutex<ReactorThread?>

    /// Starts the reactor's thread, which is called `name` (15 bytes of it).
    package init(
        configuration: ReactorConfiguration = ReactorConfiguration(),
        name: String = "curl"
    ) throws(CurlError) {
        try CurlLibrary.prepare()
        self.mailbox = try ReactorMailbox()
        let loop = try ReactorLoop(name: name, configuration: configuration, mailbox: self.mailbox)
        self.thread = Mutex(try ReactorThread(running: loop))
    }

    deinit {
        self.shutdown()
    }

    /// Queues a request, from any thread; its events go to `receiver`.
    ///
    /// After ``shutdown()`` the receiver gets `.failed(.shutdown, …)` before this returns.
    package func start(_ request: TransferRequest, receiver: any TransferReceiver) -> Transfer {
        let transfer = Transfer(mailbox: self.mailbox, windowBytes: request.windowBytes)
        if !self.mailbox.post(.start(transfer, request, receiver)) {
            receiver.receive([
                TransferDelivery(transfer: transfer.id, event: .failed(.shutdown, TransferTimings()))
            ])
        }
        return transfer
    }

    /// Fails what runs with `.shutdown`, closes all connections and waits for the thread to end.
    ///
    /// Calling it again does nothing; called on the reactor's own thread, it does not wait.
    package func shutdown() {
        self.mailbox.close()
        let thread = self.thread.withLock { $0.take() }
        thread?.join()
    }
}
