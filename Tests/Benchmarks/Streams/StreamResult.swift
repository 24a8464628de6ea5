import Wire

/// What one run of paced streams measured on one target.
struct StreamResult: Hashable, Sendable {
    /// Microseconds from a request to its first delta.
    var firstP50: Double
    var firstP99: Double
    /// Microseconds from the sending of a later delta to its arrival.
    var transitP50: Double
    var transitP99: Double
    var completed: Int
    var failures: [String: Int]
    /// The most streams that were open at once.
    var mostOpen: Int
    /// Kilobytes of the target's processes before the first run of all, and at most during this one; nil when none
    /// is known.
    var idleMemory: Int?
    var peakMemory: Int?
    /// Nanoseconds of CPU time of the target's processes; nil when none is known.
    var cpu: UInt64?
    var seconds: Double

    var failureCount: Int { self.failures.values.reduce(0, +) }

    /// Kilobytes that one open stream costs.
    var kilobytesPerStream: Double? {
        guard let idle = self.idleMemory, let peak = self.peakMemory, self.mostOpen > 0 else { return nil }
        return Double(peak - idle) / Double(self.mostOpen)
    }

    /// The share of one core that the target's processes used.
    var cores: Double? { self.cpu.map { Double($0) / 1e9 / self.seconds } }

    var json: JSONValue {
        [
            "first_p50_us": .rounded(self.firstP50, 1), "first_p99_us": .rounded(self.firstP99, 1),
            "transit_p50_us": .rounded(self.transitP50, 1), "transit_p99_us": .rounded(self.transitP99, 1),
            "completed": .int(self.completed), "most_open": .int(self.mostOpen),
            "idle_kb": self.idleMemory.map { .int($0) } ?? .null, "peak_kb": self.peakMemory.map { .int($0) } ?? .null,
            "cores": self.cores.map { .rounded($0, 3) } ?? .null,
            "failures": .object(JSONObject(self.failures.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) })),
        ]
    }
}
