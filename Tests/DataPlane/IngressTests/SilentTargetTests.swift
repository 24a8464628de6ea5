import Contract
import Dialects
import Exchange
import Identity
import Ingress
import Testing

/// What the caller of a stream gets while targets take their time, or never begin.
@Suite(.timeLimit(.minutes(5))) struct SilentTargetTests {
    /// Lets tests decide when each target goes on.
    private struct Gates: Sendable {
        let first = Bulletin(false)
        let spare = Bulletin(false)

        func pass(_ request: RecordedRequest) async throws {
            let gate = request.line.contains("/spare/") ? self.spare : self.first
            try await gate.wait(for: "leave to go on") { $0 ? () : nil }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `before any head there are pings, and another target is asked behind them`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        let gates = Gates()
        try await Gateway.run(GatewayOptions { $0.limits.hold = 1 }) { connection, upstream in
            let request = try await upstream.next(on: connection)
            try await gates.pass(request)
            guard request.line.contains("/spare/") else { return }
            try await connection.send(Framed.stream(sample.events))
        } _: { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: true, model: "pair"))
            #expect(try await caller.readHead().status == 200)
            let ping = StreamWatch.ping(dialect)
            #expect(try await caller.readChunk() == ping)
            gates.first.update { $0 = true }
            try await gateway.upstream.requests(2)
            for _ in 0..<2 { #expect(try await caller.readChunk() == ping) }
            gates.spare.update { $0 = true }
            var rest = ""
            while let chunk = try await caller.readChunk() { rest += String(decoding: chunk, as: UTF8.self) }
            let last = try #require(sample.visibleEvents.last)
            #expect(rest.hasSuffix(dialect == .openAIResponses ? "\n\n" : last))
            let record = try await gateway.journal.record()
            #expect(record.complete && record.tries.map(\.failure) == ["network", nil])
            #expect(record.tries.map { $0.firstEventAt != nil } == [false, true])
        }
    }

    @Test(arguments: Dialect.allCases)
    func `when all fail behind the pings all of them decide what the stream ends with`(
        _ dialect: Dialect
    ) async throws {
        let sample = Sample(dialect)
        let gates = Gates()
        try await Gateway.run(GatewayOptions { $0.limits.hold = 1 }) { connection, upstream in
            let request = try await upstream.next(on: connection)
            try await gates.pass(request)
            let status = request.line.contains("/spare/") ? "500 No" : "429 No"
            try await connection.send(Framed.json("{}", status: status))
        } _: { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: true, model: "pair"))
            #expect(try await caller.readHead().status == 200)
            let ping = StreamWatch.ping(dialect)
            #expect(try await caller.readChunk() == ping)
            gates.first.update { $0 = true }
            gates.spare.update { $0 = true }
            var rest = ""
            while let chunk = try await caller.readChunk() {
                if chunk != ping { rest += String(decoding: chunk, as: UTF8.self) }
            }
            StreamTests.expectFailure(rest, dialect, code: "upstream-failed")
            let record = try await gateway.journal.record()
            #expect(record.status == 200 && !record.complete && record.tries.count == 2)
        }
    }

    @Test(arguments: Dialect.allCases, [60, 1])
    func `a stream of comments is left for another target when the time for its first event is up`(
        _ dialect: Dialect,
        _ hold: Int
    ) async throws {
        let sample = Sample(dialect)
        let options = GatewayOptions {
            $0.limits.hold = hold
            $0.timeouts.firstByte = 3_000
            $0.spareTimeouts = TimeoutRecord()
        }
        try await Gateway.run(options) { connection, upstream in
            let request = try await upstream.next(on: connection)
            guard request.line.contains("/spare/") else {
                try await connection.send(Framed.streamHead + Framed.chunk(": keep-alive\n\n"))
                try await connection.waitForEnd()
                return
            }
            try await connection.send(Framed.stream(sample.events))
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true, model: "pair"))
            #expect(answer.status == 200 && !answer.text.contains("keep-alive"))
            let record = try await gateway.journal.record()
            #expect(record.complete && record.tries.map(\.failure) == ["timeout-first-byte", nil])
        }
    }

    @Test(arguments: ["200 OK", "500 No"])
    func `a head with white space behind it is no answer`(_ status: String) async throws {
        let options = GatewayOptions {
            $0.timeouts.firstByte = 3_000
            $0.spareTimeouts = TimeoutRecord()
        }
        try await Gateway.run(options) { connection, upstream in
            let request = try await upstream.next(on: connection)
            guard request.line.contains("/spare/") else {
                let head = "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                try await connection.send(head + Framed.chunk(" ") + Framed.chunk("\n"))
                try await connection.waitForEnd()
                return
            }
            try await connection.send(Framed.json(Sample(.openAIChat).answer))
        } _: { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "pair")
            )
            #expect(answer.status == 200)
            let record = try await gateway.journal.record()
            let failure = status.hasPrefix("200") ? "timeout-first-byte" : "status-5xx"
            #expect(record.tries.map(\.failure) == [failure, nil])
            #expect(record.tries.map { $0.firstByteAt != nil } == [true, true])
            #expect(record.tries.map { $0.firstEventAt != nil } == [false, true])
        }
    }

    @Test func `a count that does not begin is estimated`() async throws {
        let options = GatewayOptions { $0.timeouts.firstByte = 500 }
        try await Gateway.run(options) { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n ")
            try await connection.waitForEnd()
        } _: { gateway in
            let body = #"{"model":"main","messages":[{"role":"user","content":"Hello."}]}"#
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/messages/count_tokens", body))
            let record = try #require(try await gateway.journal.settled().last)
            #expect(record.isUsageEstimated && record.attemptFailure != nil)
            #expect(answer.status == 200 && answer.text.contains("input_tokens"))
        }
    }
}
