/// One event, and the transfer it belongs to.
package struct TransferDelivery: Sendable {
    package let transfer: TransferID
    package let event: TransferEvent

    package init(transfer: TransferID, event: TransferEvent) {
        self.transfer = transfer
        self.event = event
    }
}
