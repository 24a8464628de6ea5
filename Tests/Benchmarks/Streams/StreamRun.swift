import NIOCore
import NIOPosix

/// One run of many paced streams at once.
struct StreamRun {
    let group: MultiThreadedEventLoopGroup
    let target: LoadTarget
    let scenario: StreamScenario
    /// Kilobytes of the target's processes before anything was measured; nil when none is known.
    let idleMemory: Int?

    func measure() throws -> StreamResult {
        let loop = self.group.next()
        let recorder = try loop.submit { NIOLoopBound(StreamRecorder(), eventLoop: loop) }.wait()
        let usage = ProcessUsage(self.target.processes)
        let idle = self.idleMemory
        let before = usage.cpuNanoseconds
        let start = NIODeadline.now()
        try loop.submit { self.connect(on: loop, recorder: recorder) }.wait()
        var peak = idle
        let scenario = self.scenario
        let stop = start + .nanoseconds(Int64((scenario.ramp + scenario.repeating) * 1e9))
        let deadline = start + .nanoseconds(Int64(scenario.timeLimit * 1e9))
        while NIODeadline.now() < deadline {
            Pause.seconds(0.1)
            if let now = usage.residentKilobytes { peak = max(peak ?? 0, now) }
            let isOver = NIODeadline.now() >= stop
            let rest = try loop.submit {
                recorder.value.isStopping = isOver
                let ended = recorder.value.completed + recorder.value.failures.values.reduce(0, +)
                return (recorder.value.open, ended)
            }.wait()
            if isOver, rest.0 == 0, rest.1 >= scenario.streams { break }
        }
        let most = peak
        let after = usage.cpuNanoseconds
        let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
        return try loop.submit {
            let seen = recorder.value
            let first = seen.firstDeltas.sorted()
            let later = seen.transits.sorted()
            var failures = seen.failures
            if seen.open > 0 { failures["not ended in time"] = seen.open }
            return StreamResult(
                firstP50: Percentile.of(first, 0.5),
                firstP99: Percentile.of(first, 0.99),
                transitP50: Percentile.of(later, 0.5),
                transitP99: Percentile.of(later, 0.99),
                completed: seen.completed,
                failures: failures,
                mostOpen: seen.mostOpen,
                idleMemory: idle,
                peakMemory: most,
                cpu: before.flatMap { before in after.map { $0 - min(before, $0) } },
                seconds: seconds
            )
        }.wait()
    }

    /// Opens the connections, spread evenly over the ramp; on the event loop.
    private func connect(on loop: any EventLoop, recorder: NIOLoopBound<StreamRecorder>) {
        let scenario = self.scenario
        let target = self.target
        let body = ChatBody.small(model: scenario.model + target.modelSuffix, streams: true)
        let request = RequestBytes.post("/v1/chat/completions", to: target, body: body)
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = StreamConnection(
                        request: request,
                        deltas: scenario.deltas,
                        repeats: scenario.repeating > 0,
                        recorder: recorder.value
                    )
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        for index in 0..<scenario.streams {
            let delay = scenario.ramp * Double(index) / Double(scenario.streams)
            loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(delay * 1e9))) {
                bootstrap.connect(host: target.host, port: target.port).assumeIsolated().whenFailure { _ in
                    recorder.value.notConnected("not connected")
                }
            }
        }
    }
}
