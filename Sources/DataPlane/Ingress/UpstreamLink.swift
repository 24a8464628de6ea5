import CurlTransport
import NIOCore

/// Brings the events of upstream transfers from the reactor's thread to the event loop of their exchanges.
///
/// One per event loop; a batch costs one task on the loop, however many events it holds.
final class UpstreamLink: TransferReceiver {
    /// The running transfers of this loop; touched on the loop only.
    final class Table {
        var exchanges: [TransferID: ExchangeSession] = [:]
    }

    private let eventLoop: any EventLoop
    private let reactor: CurlReactor
    let table: NIOLoopBound<Table>

    /// Must be called on the loop.
    init(eventLoop: any EventLoop, reactor: CurlReactor) {
        self.eventLoop = eventLoop
        self.reactor = reactor
        self.table = NIOLoopBound(Table(), eventLoop: eventLoop)
    }

    /// Starts a transfer whose events go to `session`, on the loop.
    func start(_ request: TransferRequest, for session: ExchangeSession) -> Transfer {
        let transfer = self.reactor.start(request, receiver: self)
        // A batch can only be taken up by this loop after the task that runs now: the entry is there in time.
        self.table.value.exchanges[transfer.id] = session
        return transfer
    }

    func receive(_ batch: [TransferDelivery]) {
        self.eventLoop.execute {
            let table = self.table.value
            for delivery in batch {
                guard let session = table.exchanges[delivery.transfer] else { continue }
                switch delivery.event {
                case .finished, .failed: table.exchanges.removeValue(forKey: delivery.transfer)
                case .head, .body: break
                }
                session.upstream(delivery.event)
            }
            // One flush per caller and batch, however many events it got.
            for delivery in batch { table.exchanges[delivery.transfer]?.flush() }
        }
    }
}
