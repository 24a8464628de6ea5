import Exchange
import Identity
import Ingress
import NIOCore
import Testing

/// Callers that go away, in every phase: the provider is told at once, and the record says so.
@Suite(.timeLimit(.minutes(5))) struct CallerLeavesTests {
    enum Phase: String, CaseIterable, Sendable {
        case beforeHead, beforeHeadOfStream, inWholeAnswer, beforeFirstEvent, inStream, inPausedStream
    }

    enum Manner: String, CaseIterable, Sendable {
        case close, reset, halfClose

        func leave(_ caller: RawConnection) async throws {
            switch self {
            case .close: await caller.close()
            case .reset: try await caller.reset()
            case .halfClose: try await caller.halfClose()
            }
        }
    }

    @Test(arguments: Phase.allCases, Manner.allCases)
    func `a caller that leaves ends the provider's work`(_ phase: Phase, _ manner: Manner) async throws {
        let sample = Sample(.anthropicMessages)
        let reached = Bulletin(false)
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            switch phase {
            case .beforeHead, .beforeHeadOfStream: break
            case .inWholeAnswer: try await connection.send(String(Framed.json(sample.answer).dropLast(9)))
            case .beforeFirstEvent: try await connection.send(Framed.streamHead + Framed.chunk(sample.events[1]))
            case .inStream: try await connection.send(Framed.streamHead + Framed.chunk(sample.opening))
            case .inPausedStream:
                try await connection.send(Framed.streamHead + Framed.chunk(sample.opening))
                let filler = String(repeating: "x", count: 60_000)
                let event = ByteBuffer(
                    string: Framed.chunk("event: content_block_delta\ndata: {\"delta\":{\"text\":\"\(filler)\"}}\n\n")
                )
                for _ in 0..<80 { try await connection.send(event) }
                reached.update { $0 = true }
                for _ in 0..<2000 { try await connection.send(event) }
            }
            reached.update { $0 = true }
            try await connection.waitForEnd()
        } _: { gateway in
            let caller = try await gateway.connect(receiveBuffer: phase == .inPausedStream ? 32 * 1024 : nil)
            let stream = phase != .beforeHead && phase != .inWholeAnswer
            try await caller.send(gateway.request(sample, stream: stream))
            if phase == .inStream || phase == .inPausedStream {
                #expect(try await caller.readHead().status == 200)
                #expect(try await caller.readChunk() == Array(sample.opening.utf8))
            }
            // In the paused case the kernel takes a few megabytes before anything pauses.
            _ = try? await reached.wait(for: "the phase", seconds: phase == .inPausedStream ? 2 : 20) { $0 ? () : nil }
            try await gateway.turn()
            let before = ContinuousClock.now
            try await manner.leave(caller)
            // When it left as its event loop saw it, if that saw it: this task may have had to wait for its turn.
            let start = manner == .halfClose ? before : caller.endedAt ?? before
            let upstream = try await gateway.upstream.connections(1)[0]
            try await upstream.waitForEnd(reading: false)
            let end = try #require(upstream.endedAt)
            // A busy machine is slow at everything: as slow as it is at the simplest answer.
            let lag = try await ContinuousClock().measure {
                _ = try await gateway.answer(to: gateway.request("GET", "/"))
            }
            #expect(end - start < .seconds(1) + lag * 10)
            let record = try #require(try await gateway.journal.records(2).first { $0.endpoint != "hello" })
            #expect(record.errorCode == "client-canceled" && !record.complete)
            #expect(record.status == (phase == .inStream || phase == .inPausedStream ? 200 : 499))
            #expect(record.target == "t" && record.attemptFailure == nil)
            // The cancelled transfer's last event has come once a later one has.
            _ = try? await gateway.answer(to: gateway.request(sample, stream: false, model: "dead"))
            #expect(try await gateway.holdings().exchanges == 0)
        }
    }

    @Test(arguments: Manner.allCases)
    func `a caller that leaves in its body is remembered so`(_ manner: Manner) async throws {
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request(Sample(.openAIChat), stream: false)
            try await caller.send(String(request.dropLast(5)))
            try await gateway.turn()
            try await manner.leave(caller)
            let record = try await gateway.journal.record()
            #expect(record.status == 499 && record.errorCode == "client-canceled")
            #expect(record.requestBytes > 0 && record.attempts == 0)
            #expect(gateway.upstream.requests.isEmpty)
        }
    }

    @Test(arguments: Manner.allCases)
    func `a caller that leaves in a head, or between requests, leaves no record`(_ manner: Manner) async throws {
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            for bytes in ["", "POST /v1/mess", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"] {
                let caller = try await gateway.connect()
                try await caller.send(bytes)
                if bytes.hasSuffix("\r\n\r\n") { _ = try await caller.readAnswer() }
                try await gateway.turn()
                try await manner.leave(caller)
                try await caller.waitForEnd()
            }
            _ = try await gateway.journal.record()
            #expect(gateway.journal.begun == 1)
        }
    }

    @Test func `a caller that leaves while its request waits for a connection ends the attempt`() async throws {
        let hole = try BlackHole()
        defer { hole.close() }
        try await Gateway.run(
            GatewayOptions { $0.holePort = hole.port },
            upstream: ScriptedUpstream.serving { _ in "" }
        ) { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(Sample(.openAIChat), stream: true, model: "hole"))
            while try await gateway.holdings().exchanges == 0 { await Task.yield() }
            await caller.close()
            let record = try await gateway.journal.record()
            #expect(record.status == 499 && record.attempts == 1)
        }
    }

    @Test func `requests that wait behind one whose caller leaves are not begun`() async throws {
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.waitForEnd()
        } _: { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request(Sample(.openAIChat), stream: true)
            try await caller.send(request + request + request)
            try await gateway.upstream.requests(1)
            await caller.close()
            _ = try await gateway.journal.record()
            try await gateway.turn()
            #expect(gateway.journal.begun == 1 && gateway.upstream.requests.count == 1)
        }
    }

    @Test func `callers that leave at whatever moment leave nothing behind`() async throws {
        let sample = Sample(.anthropicMessages)
        try await Gateway.run(
            GatewayOptions { $0.loops = 2 },
            upstream: ScriptedUpstream.serving { request in
                request.values("accept") == ["text/event-stream"]
                    ? Framed.stream(sample.events) : Framed.json(sample.answer)
            }
        ) { gateway in
            let requests = [
                gateway.request(sample, stream: true), gateway.request(sample, stream: false),
                gateway.request("GET", "/v1/models"), gateway.request("POST", sample.path, "{", token: .some(nil)),
                gateway.request("GET", "/", headers: "Connection: close\r\n"), "nonsense\r\n\r\n",
            ]
            for round in 0..<300 {
                let caller = try await gateway.connect()
                let request = requests[round % requests.count] + requests[round / 2 % requests.count]
                try? await caller.send(request)
                // Not at once always: each turn lets the gateway get a little further.
                for _ in 0..<round % 4 { try await gateway.turn() }
                switch round % 3 {
                case 0: await caller.close()
                case 1: try? await caller.reset()
                default: try? await caller.halfClose()
                }
            }
        }
    }
}
