import ArgumentParser
import NIOPosix
import Wire

/// Measures the gateway against a plain reverse proxy and against the provider itself, in turns, in one run.
@main
struct BenchmarksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Measures CPU time per request, latency and paced streams of the gateway, nginx and the provider."
    )

    @Option(help: "The provider, http://host:port.")
    var direct: String

    @Option(help: "The provider's key, sent to the provider and to nginx.")
    var key = "demo-key"

    @Option(name: .customLong("direct-pid"), help: "A process of the provider; repeat for more.")
    var directProcesses: [Int32] = []

    @Option(help: "nginx as a plain reverse proxy in front of the provider, http://host:port.")
    var nginx: String?

    @Option(name: .customLong("nginx-pid"), help: "A worker process of nginx; repeat for more.")
    var nginxProcesses: [Int32] = []

    @Option(help: "The gateway, http://host:port.")
    var gateway: String?

    @Option(help: "A caller token of the gateway.")
    var token: String?

    @Option(name: .customLong("gateway-pid"), help: "A process of the gateway; repeat for more.")
    var gatewayProcesses: [Int32] = []

    @Option(help: "What follows a model's name where the gateway translates for it; nothing is translated without.")
    var translated: String?

    @Option(help: "The model of the closed-loop scenarios: the provider's name, and the gateway's name for it.")
    var model = "demo-canned"

    @Option(help: "Connections of the closed-loop scenarios, comma-separated; empty for none.")
    var connections = "1,32,256"

    @Option(help: "Numbers of paced streams, comma-separated; empty for none.")
    var streams = "64,2000,10000"

    @Option(help: "Rounds of every closed-loop scenario.")
    var rounds = 5

    @Option(help: "Seconds of every closed-loop measurement.")
    var seconds = 3.0

    @Flag(help: "Fewer and shorter rounds: shows that everything works, not how fast it is.")
    var quick = false

    @Option(help: "A file to write every single result to, as JSON.")
    var json: String?

    func validate() throws {
        guard (1...100).contains(self.rounds) else { throw ValidationError("--rounds must be between 1 and 100") }
        guard (0.1...600).contains(self.seconds) else { throw ValidationError("--seconds must be between 0.1 and 600") }
        guard Self.numbers(self.connections) != nil else { throw ValidationError("--connections must be numbers") }
        guard Self.numbers(self.streams) != nil else { throw ValidationError("--streams must be numbers") }
        guard self.gateway == nil || self.token != nil else { throw ValidationError("--gateway needs --token") }
        _ = try self.targets()
    }

    func run() throws {
        let descriptors = FileLimit.raise()
        let benchmark = Benchmark(
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1),
            targets: try self.targets(),
            connections: Self.numbers(self.connections) ?? [],
            rounds: self.quick ? min(self.rounds, 2) : self.rounds,
            seconds: self.quick ? min(self.seconds, 1) : self.seconds,
            streamRounds: self.quick ? 1 : 3
        )
        let machine = Machine.summary
        print("Machine: \(machine); load average before: \(Machine.load); file limit \(descriptors).\n")
        // Streams come first, while the processes are fresh: memory that a load left behind would hide theirs.
        let scenarios = (Self.numbers(self.streams) ?? []).map {
            StreamScenario(wanted: $0, descriptors: descriptors, isQuick: self.quick)
        }
        let streams = try scenarios.map { try benchmark.streams($0) }
        var table = MarkdownTable(StreamReport.columns)
        for report in streams { report.add(to: &table) }
        if !streams.isEmpty { print("\(table.text)\n") }
        for scenario in scenarios {
            print(
                "- \(scenario.wanted) streams: \(scenario.streams) opened over \(scenario.ramp) s, one delta every "
                    + "\(scenario.interval) ms, \(scenario.deltas) deltas each"
                    + (scenario.repeating > 0 ? ", one stream after another for \(scenario.repeating) s." : ".")
            )
        }
        if !scenarios.isEmpty { print("") }
        let loads = try benchmark.connections.isEmpty ? [] : benchmark.load(model: self.model)
        table = MarkdownTable(LoadReport.columns)
        for report in loads { report.add(to: &table) }
        if !loads.isEmpty {
            print(
                "Medians of \(benchmark.rounds) rounds of \(benchmark.seconds) s, targets in turns.\n\n\(table.text)\n"
            )
        }
        if let path = self.json {
            let document: JSONValue = [
                "machine": .string(machine), "file_limit": .int(descriptors), "rounds": .int(benchmark.rounds),
                "seconds": .rounded(benchmark.seconds, 3), "load": .array(loads.map(\.json)),
                "streams": .array(streams.map(\.json)),
            ]
            guard TextFile.write(JSONWriter.write(document) + [0x0a], to: path) else {
                throw ValidationError("cannot write \(path)")
            }
        }
        let failures = loads.reduce(0) { $0 + $1.failureCount } + streams.reduce(0) { $0 + $1.failureCount }
        print("\nFailures in all: \(failures)")
        if failures > 0 { throw ExitCode(1) }
    }

    private func targets() throws -> [LoadTarget] {
        let named: [(String, String?, String, [Int32])] = [
            ("direct", self.direct, self.key, self.directProcesses),
            ("nginx", self.nginx, self.key, self.nginxProcesses),
            ("gateway", self.gateway, self.token ?? "", self.gatewayProcesses),
        ]
        var targets: [LoadTarget] = try named.compactMap { name, url, credential, processes in
            guard let url else { return nil }
            guard let target = LoadTarget(name: name, url: url, credential: credential, processes: processes) else {
                throw ValidationError("--\(name) must be http://host:port")
            }
            return target
        }
        // The same gateway once more, with targets of another dialect than the caller's.
        if let suffix = self.translated, var target = targets.last, target.name == "gateway" {
            target.name = "translated"
            target.modelSuffix = suffix
            targets.append(target)
        }
        return targets
    }

    /// The numbers of a comma-separated list; nil when one is no number between 1 and 100 000.
    private static func numbers(_ text: String) -> [Int]? {
        let parts = text.split(separator: ",").map { Int($0) }
        let numbers = parts.compactMap { $0.flatMap { (1...100_000).contains($0) ? $0 : nil } }
        return numbers.count == parts.count ? numbers : nil
    }
}
