import Synchronization

/// A whole number that rises and falls, such as requests in flight.
package final class Gauge: Sendable {
    private let current = Atomic<Int>(0)

    init() {}

    package var value: Int { self.current.load(ordering: .relaxed) }

    package func add(_ amount: Int = 1) {
        self.current.wrappingAdd(amount, ordering: .relaxed)
    }

    package func subtract(_ amount: Int = 1) {
        self.current.wrappingSubtract(amount, ordering: .relaxed)
    }

    package func set(_ value: Int) {
        self.current.store(value, ordering: .relaxed)
    }
}
