import Wire

/// The results of one closed-loop scenario: every target, every round.
struct LoadReport {
    /// What is sent, as the tables call it.
    var body: String
    var connections: Int
    /// For each target, in the order of the tables, its results round by round.
    var results: [(target: String, rounds: [LoadResult])]

    var failureCount: Int {
        self.results.reduce(0) { sum, result in sum + result.rounds.reduce(0) { $0 + $1.failureCount } }
    }

    static let columns = [
        "body, connections", "target", "requests/s", "p50 µs", "p99 µs", "CPU µs/request", "CPU ÷ nginx", "memory MB",
        "failures",
    ]

    func add(to table: inout MarkdownTable) {
        for (target, rounds) in self.results {
            table.add([
                "\(self.body), \(self.connections)", target,
                MarkdownTable.number(Percentile.median(rounds.map(\.perSecond)), 0),
                MarkdownTable.number(Percentile.median(rounds.map(\.p50)), 0),
                MarkdownTable.number(Percentile.median(rounds.map(\.p99)), 0),
                MarkdownTable.number(Percentile.median(rounds.compactMap(\.cpuPerRequest)), 1),
                MarkdownTable.number(target != "gateway" ? nil : self.ratio(of: rounds), 2),
                MarkdownTable.number(Percentile.median(rounds.compactMap(\.memory).map { Double($0) / 1024 }), 1),
                "\(rounds.reduce(0) { $0 + $1.failureCount })",
            ])
        }
    }

    /// The median over the rounds of CPU time per request against nginx's in the same round.
    func ratio(of rounds: [LoadResult]) -> Double? {
        guard let nginx = self.results.first(where: { $0.target == "nginx" }) else { return nil }
        let ratios = zip(rounds, nginx.rounds).compactMap { mine, theirs -> Double? in
            guard let mine = mine.cpuPerRequest, let theirs = theirs.cpuPerRequest, theirs > 0 else { return nil }
            return mine / theirs
        }
        return Percentile.median(ratios)
    }

    var json: JSONValue {
        [
            "body": .string(self.body), "connections": .int(self.connections),
            "targets": .array(
                self.results.map { result in
                    [
                        "name": .string(result.target), "rounds": .array(result.rounds.map(\.json)),
                        "cpu_ratio_to_nginx": self.ratio(of: result.rounds).map { .rounded($0, 3) } ?? .null,
                    ]
                }
            ),
        ]
    }
}
