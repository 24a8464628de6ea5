import CurlTransport
import NIOCore

/// Brings the events of upstream transfers to their exchanges, and to the event loop of those.
///
/// One per event loop; a batch from a reactor's thread costs one task on the loop, however many events it holds.
final class UpstreamLink: TransferReceiver {
    /// The running transfers of this loop; touched on the loop only.
    final class Table {
        var exchanges: [TransferID: ExchangeSession] = [:]
        /// Whether a transfer is being started that has no entry yet.
        var isStarting = false
    }

    private let eventLoop: any EventLoop
    private let reactor: CurlReactor
    private let egress: Egress
    let table: NIOLoopBound<Table>

    /// Must be called on the loop.
    init(eventLoop: any EventLoop, reactor: CurlReactor, egress: Egress) {
        self.eventLoop = eventLoop
        self.reactor = reactor
        self.egress = egress
        self.table = NIOLoopBound(Table(), eventLoop: eventLoop)
    }

    /// Starts a transfer whose events go to `session`, on the loop.
    func start(_ request: TransferRequest, for session: ExchangeSession) -> Transfer {
        self.table.value.isStarting = true
        let transfer = self.reactor.start(self.egress.applied(to: request), receiver: self)
        self.table.value.isStarting = false
        // A batch can only be taken up by this loop after the task that runs now: the entry is there in time.
        self.table.value.exchanges[transfer.id] = session
        return transfer
    }

    func receive(_ batch: [TransferDelivery]) {
        // A reactor that the loop hosts tells on the loop, from a task of its own.
        if self.eventLoop.inEventLoop, !self.table.value.isStarting { return self.deliver(batch) }
        self.eventLoop.execute { self.deliver(batch) }
    }

    private func deliver(_ batch: [TransferDelivery]) {
        let table = self.table.value
        // Looked at where they stand: a loop over the array would copy each of them.
        let deliveries = batch.span
        for index in deliveries.indices {
            let transfer = deliveries[index].transfer
            guard let session = table.exchanges[transfer] else { continue }
            switch deliveries[index].event {
            case .finished, .failed: table.exchanges.removeValue(forKey: transfer)
            case .head, .body: break
            }
            session.upstream(deliveries[index].event, of: transfer)
        }
        // One flush per caller and batch, however many events it got.
        for index in deliveries.indices { table.exchanges[deliveries[index].transfer]?.flush() }
    }
}
