import Synchronization

/// How many bytes of requests, and of answers that are not streams, all event loops together may hold.
final class ByteBudget: Sendable {
    private let limit: Int
    private let used = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes `count` bytes; false when the budget does not have them.
    func take(_ count: Int) -> Bool {
        let used = self.used.wrappingAdd(count, ordering: .relaxed).newValue
        guard used <= self.limit else {
            self.used.wrappingSubtract(count, ordering: .relaxed)
            return false
        }
        return true
    }

    func giveBack(_ count: Int) {
        self.used.wrappingSubtract(count, ordering: .relaxed)
    }

    var usedBytes: Int { self.used.load(ordering: .relaxed) }
}
