/// The nonces that were used lately, so that a recorded request cannot be sent again.
///
/// It forgets the oldest beyond its capacity: a request replayed after that tells its sender nothing that is not
/// public, and what it reports is overwritten by the node's next poll.
struct NonceMemory: Sendable {
    private let capacity: Int
    private var known: Set<String> = []
    private var order: [String] = []
    private var next = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// False when the node has used the nonce before.
    mutating func note(_ nonce: String, of node: String) -> Bool {
        let entry = "\(node)\n\(nonce)"
        guard self.known.insert(entry).inserted else { return false }
        if self.order.count < self.capacity {
            self.order.append(entry)
        } else {
            self.known.remove(self.order[self.next])
            self.order[self.next] = entry
            self.next = (self.next + 1) % self.capacity
        }
        return true
    }
}
