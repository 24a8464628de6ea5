import Synchronization

/// Which model gave which response: what `previous_response_id` may name.
final class KeptResponses: Sendable {
    private struct State {
        var models: [String: String] = [:]
        /// The ids in the order in which they came; the oldest go first.
        var order: [String] = []
    }

    private static let capacity = 10_000

    private let state = Mutex(State())

    func keep(_ id: String, of model: String) {
        self.state.withLock { state in
            if state.order.count == KeptResponses.capacity { state.models[state.order.removeFirst()] = nil }
            state.order.append(id)
            state.models[id] = model
        }
    }

    /// Whether this model gave the response.
    func isKept(_ id: String, by model: String) -> Bool {
        self.state.withLock { $0.models[id] == model }
    }
}
