/// What the connections of one run have seen, on their event loop.
final class LoadRecorder {
    /// Past this many failures a run has said what it can.
    static let failureLimit = 1000

    private(set) var latencies: [UInt32] = []
    private(set) var failures: [String: Int] = [:]
    private(set) var failureCount = 0
    /// Whether answers are counted; before that the run is warming up.
    private(set) var isRecording = false
    /// Whether connections send no further request.
    var isStopping = false

    func begin() {
        self.latencies.removeAll()
        self.latencies.reserveCapacity(1 << 17)
        self.isRecording = true
    }

    func end() { self.isRecording = false }

    /// An answer that took so many nanoseconds.
    func complete(nanoseconds: UInt64) {
        if self.isRecording { self.latencies.append(UInt32(clamping: nanoseconds / 1000)) }
    }

    /// Failures count from the first request on, also while warming up.
    func fail(_ reason: String) {
        self.failures[reason, default: 0] += 1
        self.failureCount += 1
        if self.failureCount >= LoadRecorder.failureLimit { self.isStopping = true }
    }
}
