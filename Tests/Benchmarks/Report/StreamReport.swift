import Wire

/// The results of one scenario of paced streams: every target, every round.
struct StreamReport {
    var scenario: StreamScenario
    var results: [(target: String, rounds: [StreamResult])]

    var failureCount: Int {
        self.results.reduce(0) { sum, result in sum + result.rounds.reduce(0) { $0 + $1.failureCount } }
    }

    static let columns = [
        "streams", "target", "first delta p50 ms", "p99 ms", "added p50 ms", "added p99 ms", "delta transit p50 ms",
        "p99 ms", "added p99 ms", "failures", "memory idle → peak MB", "KB/stream", "cores",
    ]

    func add(to table: inout MarkdownTable) {
        for (target, rounds) in self.results {
            let idle = MarkdownTable.number(self.median(rounds) { $0.idleMemory.map { Double($0) / 1024 } }, 1)
            let peak = MarkdownTable.number(self.median(rounds) { $0.peakMemory.map { Double($0) / 1024 } }, 1)
            let most = rounds.map(\.mostOpen).max() ?? 0
            table.add([
                "\(self.scenario.wanted)\(most < self.scenario.wanted ? " (\(most) at once)" : "")", target,
                self.milliseconds(rounds) { $0.firstP50 }, self.milliseconds(rounds) { $0.firstP99 },
                self.added(target, rounds) { $0.firstP50 }, self.added(target, rounds) { $0.firstP99 },
                self.milliseconds(rounds) { $0.transitP50 }, self.milliseconds(rounds) { $0.transitP99 },
                self.added(target, rounds) { $0.transitP99 },
                "\(rounds.reduce(0) { $0 + $1.failureCount }) of "
                    + "\(rounds.reduce(0) { $0 + $1.completed + $1.failureCount })",
                "\(idle) → \(peak)", MarkdownTable.number(self.median(rounds, \.kilobytesPerStream), 1),
                MarkdownTable.number(self.median(rounds, \.cores), 2),
            ])
        }
    }

    private func median(_ rounds: [StreamResult], _ value: (StreamResult) -> Double?) -> Double? {
        Percentile.median(rounds.compactMap(value))
    }

    private func milliseconds(_ rounds: [StreamResult], _ value: (StreamResult) -> Double) -> String {
        MarkdownTable.number(self.median(rounds) { value($0) / 1000 }, 2)
    }

    /// The median over the rounds of what the target adds to going straight to the provider.
    private func added(_ target: String, _ rounds: [StreamResult], _ value: (StreamResult) -> Double) -> String {
        guard target != "direct", let direct = self.results.first(where: { $0.target == "direct" }) else { return "–" }
        let differences = zip(rounds, direct.rounds).map { (value($0) - value($1)) / 1000 }
        return MarkdownTable.number(Percentile.median(differences), 2)
    }

    var json: JSONValue {
        [
            "streams_wanted": .int(self.scenario.wanted), "streams": .int(self.scenario.streams),
            "interval_ms": .int(self.scenario.interval), "deltas": .int(self.scenario.deltas),
            "targets": .array(
                self.results.map { result in
                    ["name": .string(result.target), "rounds": .array(result.rounds.map(\.json))]
                }
            ),
        ]
    }
}
