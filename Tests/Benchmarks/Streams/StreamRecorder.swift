/// What the streams of one run have seen, on their event loop.
final class StreamRecorder {
    /// Microseconds from a request to its first delta.
    private(set) var firstDeltas: [UInt32] = []
    /// Microseconds from the provider's sending of a later delta to its arrival.
    private(set) var transits: [UInt32] = []
    private(set) var completed = 0
    private(set) var failures: [String: Int] = [:]
    private(set) var open = 0
    private(set) var mostOpen = 0
    /// Whether connections start no further stream.
    var isStopping = false

    func started() {
        self.open += 1
        self.mostOpen = max(self.mostOpen, self.open)
    }

    func first(nanoseconds: UInt64) { self.firstDeltas.append(UInt32(clamping: nanoseconds / 1000)) }

    func later(nanoseconds: UInt64) { self.transits.append(UInt32(clamping: nanoseconds / 1000)) }

    func ended() {
        self.open -= 1
        self.completed += 1
    }

    func failed(_ reason: String) {
        self.open -= 1
        self.failures[reason, default: 0] += 1
    }

    /// A connection that never came to a request.
    func notConnected(_ reason: String) { self.failures[reason, default: 0] += 1 }
}
