import Synchronization

/// A number that only rises; adding is one atomic instruction.
package final class Counter: Sendable {
    private let total = Atomic<Int>(0)

    init() {}

    package var value: Int { self.total.load(ordering: .relaxed) }

    /// Adds `amount`; a negative one is ignored, because scrapers take a fall for a restart.
    package func add(_ amount: Int = 1) {
        guard amount > 0 else { return }
        self.total.wrappingAdd(amount, ordering: .relaxed)
    }
}
