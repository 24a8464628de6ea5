import NIOCore
import NIOPosix

/// One closed-loop run: a number of connections, each always waiting for one answer.
struct LoadRun {
    let group: MultiThreadedEventLoopGroup
    let target: LoadTarget
    let path: String
    let body: [UInt8]
    let connections: Int
    let shortestBody: Int
    /// How long the measured window is, in seconds.
    let seconds: Double

    /// One measurement, which takes `seconds` and about a second more.
    ///
    /// Throws when connections cannot be made.
    func measure() throws -> LoadResult {
        let loop = self.group.next()
        let recorder = try loop.submit { NIOLoopBound(LoadRecorder(), eventLoop: loop) }.wait()
        let request = RequestBytes.post(self.path, to: self.target, body: self.body)
        let shortestBody = self.shortestBody
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        LoadConnection(request: request, shortestBody: shortestBody, recorder: recorder.value)
                    )
                }
            }
        let channels = try (0..<self.connections).map { _ in
            try bootstrap.connect(host: self.target.host, port: self.target.port).wait()
        }
        Pause.seconds(min(0.5, self.seconds / 4))
        let usage = ProcessUsage(self.target.processes)
        let before = usage.cpuNanoseconds
        let start = NIODeadline.now()
        try loop.submit { recorder.value.begin() }.wait()
        Pause.seconds(self.seconds)
        let latencies = try loop.submit {
            recorder.value.end()
            recorder.value.isStopping = true
            return recorder.value.latencies
        }.wait()
        let after = usage.cpuNanoseconds
        let memory = usage.residentKilobytes
        let elapsed = Double((NIODeadline.now() - start).nanoseconds) / 1e9
        // Connections close with their next answer; the ones that get none are closed here, as failures.
        let deadline = NIODeadline.now() + .seconds(5)
        while NIODeadline.now() < deadline, channels.contains(where: { $0.isActive }) { Pause.seconds(0.005) }
        for channel in channels { try? channel.close().wait() }
        let failures = try loop.submit { recorder.value.failures }.wait()
        let sorted = latencies.sorted()
        return LoadResult(
            completed: sorted.count,
            seconds: elapsed,
            p50: Percentile.of(sorted, 0.5),
            p99: Percentile.of(sorted, 0.99),
            cpu: before.flatMap { before in after.map { $0 - min(before, $0) } },
            memory: memory,
            failures: failures
        )
    }
}
