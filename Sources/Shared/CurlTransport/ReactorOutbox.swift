/// The events of one turn, sorted by who gets them.
struct ReactorOutbox {
    // Few receivers at a time (one per event loop): a search by identity is all the index they need.
    private var receivers: [any TransferReceiver] = []
    private var batches: [[TransferDelivery]] = []

    mutating func add(_ event: TransferEvent, of transfer: TransferID, to receiver: any TransferReceiver) {
        self.batches[self.index(of: receiver)].append(TransferDelivery(transfer: transfer, event: event))
    }

    /// Takes what a slot has to tell, in the order in which it happened.
    mutating func add(from slot: TransferSlot) {
        guard let receiver = slot.receiver, slot.head != nil || slot.arrived != nil || slot.end != nil else { return }
        let index = self.index(of: receiver)
        if let head = slot.head.take() {
            self.batches[index].append(TransferDelivery(transfer: slot.id, event: .head(head)))
        }
        if let bytes = slot.arrived.take() {
            self.batches[index].append(TransferDelivery(transfer: slot.id, event: .body(bytes)))
        }
        if let end = slot.end.take() {
            self.batches[index].append(TransferDelivery(transfer: slot.id, event: end))
        }
    }

    /// Hands every receiver its batch.
    mutating func deliver() {
        guard !self.receivers.isEmpty else { return }
        let (receivers, batches) = (self.receivers, self.batches)
        self.receivers.removeAll()
        self.batches.removeAll()
        for (receiver, batch) in zip(receivers, batches) { receiver.receive(batch) }
    }

    private mutating func index(of receiver: any TransferReceiver) -> Int {
        if let index = self.receivers.firstIndex(where: { $0 === receiver }) { return index }
        self.receivers.append(receiver)
        self.batches.append([])
        return self.receivers.count - 1
    }
}
