import Dialects

extension StreamObservation {
    /// Whether the answer ends with it and is not whole.
    var hasFailed: Bool {
        if case .fail = self.disposition { true } else { false }
    }
}
