import NIOCore
import NIOPosix
import Wire

/// All scenarios on all targets, in turns.
struct Benchmark {
    let group: MultiThreadedEventLoopGroup
    let targets: [LoadTarget]
    let connections: [Int]
    let rounds: Int
    /// Seconds of each closed-loop measurement.
    let seconds: Double
    let streamRounds: Int
    /// Kilobytes of each target's processes before anything was measured.
    private let idleMemory: [Int?]

    init(
        group: MultiThreadedEventLoopGroup,
        targets: [LoadTarget],
        connections: [Int],
        rounds: Int,
        seconds: Double,
        streamRounds: Int
    ) {
        self.group = group
        self.targets = targets
        self.connections = connections
        self.rounds = rounds
        self.seconds = seconds
        self.streamRounds = streamRounds
        self.idleMemory = targets.map { ProcessUsage($0.processes).residentKilobytes }
    }

    private static let path = "/v1/chat/completions"
    /// Part of the provider's canned answer.
    private static let expected = "canned answer"

    /// Bodies of both sizes, each with all numbers of connections.
    func load(model: String) throws -> [LoadReport] {
        let makers: [(String, (String) -> [UInt8])] = [
            ("0.2 KB", { ChatBody.small(model: $0, streams: false) }),
            ("215 KB", { ChatBody.agent(model: $0, streams: false) }),
        ]
        return try makers.flatMap { name, make in
            let bodies = self.targets.map { make(model + $0.modelSuffix) }
            let lengths = try zip(self.targets, bodies).map { target, body in
                try AnswerProbe.bodyLength(
                    of: target,
                    path: Benchmark.path,
                    body: body,
                    expected: Benchmark.expected,
                    group: self.group
                )
            }
            return try self.connections.map {
                try self.load(name: name, bodies: bodies, lengths: lengths, connections: $0)
            }
        }
    }

    private func load(name: String, bodies: [[UInt8]], lengths: [Int], connections: Int) throws -> LoadReport {
        var results: [(target: String, rounds: [LoadResult])] = self.targets.map { ($0.name, []) }
        for round in 0..<self.rounds {
            // Every round starts with another target, so that none always runs first.
            for offset in self.targets.indices {
                let index = (round + offset) % self.targets.count
                let run = LoadRun(
                    group: self.group,
                    target: self.targets[index],
                    path: Benchmark.path,
                    body: bodies[index],
                    connections: connections,
                    // Ids of varying length may make an answer a little shorter than the first one was.
                    shortestBody: lengths[index] - 16,
                    seconds: self.seconds
                )
                let result = try run.measure()
                results[index].rounds.append(result)
                Progress.say("\(name), \(connections): \(self.targets[index].name) \(JSONWriter.text(result.json))")
            }
        }
        return LoadReport(body: name, connections: connections, results: results)
    }

    func streams(_ scenario: StreamScenario) throws -> StreamReport {
        var results: [(target: String, rounds: [StreamResult])] = self.targets.map { ($0.name, []) }
        // The short scenario is repeated; the long ones hold enough streams to be sure of in one round.
        for round in 0..<(scenario.repeating > 0 ? self.streamRounds : 1) {
            for offset in self.targets.indices {
                let index = (round + offset) % self.targets.count
                let run = StreamRun(
                    group: self.group,
                    target: self.targets[index],
                    scenario: scenario,
                    idleMemory: self.idleMemory[index]
                )
                let result = try run.measure()
                results[index].rounds.append(result)
                Progress.say("\(scenario.wanted) streams: \(self.targets[index].name) \(JSONWriter.text(result.json))")
                // Lets the other side close its connections before the next run counts its memory.
                Pause.seconds(1)
            }
        }
        return StreamReport(scenario: scenario, results: results)
    }
}
