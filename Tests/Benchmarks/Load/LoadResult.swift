import Wire

/// What one run of one scenario measured on one target.
struct LoadResult: Hashable, Sendable {
    /// Answers in the window that was measured.
    var completed: Int
    /// How long that window was, in seconds.
    var seconds: Double
    /// Microseconds from a request's first byte to its answer's last.
    var p50: Double
    var p99: Double
    /// Nanoseconds of CPU time of the target's processes in the window; nil when none is known.
    var cpu: UInt64?
    /// Kilobytes of the target's processes at the end of the window; nil when none is known.
    var memory: Int?
    var failures: [String: Int]

    var perSecond: Double { Double(self.completed) / self.seconds }

    /// Microseconds of CPU time of the target's processes for each answer.
    var cpuPerRequest: Double? {
        guard let cpu = self.cpu, self.completed > 0 else { return nil }
        return Double(cpu) / 1000 / Double(self.completed)
    }

    var failureCount: Int { self.failures.values.reduce(0, +) }

    var json: JSONValue {
        [
            "completed": .int(self.completed), "per_second": .rounded(self.perSecond, 1),
            "p50_us": .rounded(self.p50, 1), "p99_us": .rounded(self.p99, 1),
            "cpu_us_per_request": self.cpuPerRequest.map { .rounded($0, 2) } ?? .null,
            "memory_kb": self.memory.map { .int($0) } ?? .null,
            "failures": .object(JSONObject(self.failures.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) })),
        ]
    }
}
