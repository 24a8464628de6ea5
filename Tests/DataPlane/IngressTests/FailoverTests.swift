import Contract
import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Testing
import Wire

@testable import Ingress

/// What callers do not see of a target that fails, and what they do.
@Suite(.timeLimit(.minutes(5))) struct FailoverTests {
    /// What the first target does, and as what it is remembered.
    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: @Sendable (Sample) -> String
        let name: String
        /// Whether it can only happen to a whole answer, or only to a stream.
        var onlyWhole = false
        var onlyStream = false
        /// Whether the connection ends with it.
        var closes = false
    }

    private static func status(_ status: Int, _ headers: String = "") -> @Sendable (Sample) -> String {
        { _ in Framed.json(#"{"error":{"message":"no"}}"#, status: "\(status) No", headers: headers) }
    }

    static let failures: [Failure] = [
        Failure(testDescription: "500", bytes: status(500), name: "status-5xx"),
        Failure(testDescription: "503 for long", bytes: status(503, "Retry-After: 90\r\n"), name: "status-5xx"),
        Failure(testDescription: "429", bytes: status(429, "Retry-After: 30\r\n"), name: "status-4xx"),
        Failure(testDescription: "401", bytes: status(401), name: "status-4xx"),
        Failure(testDescription: "402", bytes: status(402), name: "status-4xx"),
        Failure(testDescription: "404", bytes: status(404), name: "status-4xx"),
        Failure(testDescription: "no HTTP", bytes: { _ in "SSH-2.0-x\r\n\r\n" }, name: "garbage", closes: true),
        Failure(testDescription: "nothing", bytes: { _ in "" }, name: "network", closes: true),
        Failure(
            testDescription: "HTML",
            bytes: { _ in "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>" },
            name: "garbage"
        ),
        Failure(
            testDescription: "an answer that is cut",
            bytes: { sample in
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n\(sample.answer)"
            },
            name: "cut-short",
            onlyWhole: true,
            closes: true
        ),
        Failure(
            testDescription: "an error in a success",
            bytes: { _ in Framed.json(#"{"error":{"message":"no"}}"#) },
            name: "reported",
            onlyWhole: true
        ),
        Failure(
            testDescription: "a stream without an event",
            bytes: { _ in Framed.streamHead },
            name: "cut-short",
            onlyStream: true,
            closes: true
        ),
        Failure(
            testDescription: "a stream of comments that ends",
            bytes: { _ in Framed.streamHead + Framed.chunk(": wait\n\n") + Framed.lastChunk },
            name: "cut-short",
            onlyStream: true
        ),
        Failure(
            testDescription: "an error as the first event",
            bytes: { sample in
                let data = #"{"type":"error","error":{"type":"api_error","message":"no"}}"#
                let name = sample.dialect == .openAIChat ? "" : "event: error\n"
                return Framed.streamHead + Framed.chunk("\(name)data: \(data)\n\n") + Framed.lastChunk
            },
            name: "reported",
            onlyStream: true
        ),
        Failure(
            testDescription: "an error behind the announcement",
            bytes: { sample in
                let error = "data: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"no\"}}\n\n"
                return Framed.stream([sample.announcement, error])
            },
            name: "reported",
            onlyStream: true
        ),
        Failure(
            testDescription: "a stream that is cut behind the announcement",
            bytes: { sample in Framed.streamHead + Framed.chunk(sample.announcement) },
            name: "cut-short",
            onlyStream: true,
            closes: true
        ),
    ]

    /// Answers with `bytes` at the first target, and well at the second.
    private static func script(
        closes: Bool = false,
        _ bytes: @escaping @Sendable (Sample) -> String
    ) -> ScriptedUpstream.Script {
        { connection, upstream in
            while true {
                let request = try await upstream.next(on: connection)
                let sample = Dialect.allCases.map { Sample($0) }.first { request.line.contains($0.path) }
                guard let sample else { return }
                guard request.line.contains("/spare/") else {
                    try await connection.send(bytes(sample))
                    if closes { return }
                    continue
                }
                let streams = request.bodyText.contains("\"stream\"")
                try await connection.send(streams ? Framed.stream(sample.events) : Framed.json(sample.answer))
            }
        }
    }

    /// The text with the provider's own id of a response, which has another name in a group of two.
    private static func withProvidersID(_ text: String) -> String {
        guard let start = text.firstRange(of: "resp_r1_") else { return text }
        let name = text[start.lowerBound...].prefix { $0 != "\"" }
        return text.replacing(name, with: "resp_1")
    }

    @Test(arguments: failures)
    func `a failure before the first event goes unseen, and is remembered`(_ failure: Failure) async throws {
        try await Gateway.run(upstream: Self.script(closes: failure.closes, failure.bytes)) { gateway in
            for (dialect, stream) in Dialect.allCases.flatMap({ [($0, false), ($0, true)] })
            where stream ? !failure.onlyWhole : !failure.onlyStream {
                let sample = Sample(dialect)
                let answer = try await gateway.answer(to: gateway.request(sample, stream: stream, model: "pair"))
                #expect(answer.status == 200)
                let expected = stream ? sample.visibleEvents.joined() : sample.answer
                #expect(Self.withProvidersID(answer.text) == expected)
                let record = try #require(try await gateway.journal.settled().last)
                #expect(record.target == "spare" && record.errorCode == nil && record.complete)
                // Once it is known to fail it comes last, and is not asked while there is another.
                let failed = record.tries.dropLast()
                #expect(failed.allSatisfy { $0.target == "t" && $0.failure == failure.name && $0.endedAt != nil })
                #expect(record.tries.last?.failure == nil && record.tries.last?.firstByteAt != nil)
                #expect(try await gateway.journal.settled().first?.tries.map(\.target) == ["t", "spare"])
            }
            // The same bytes go to both.
            let bodies = gateway.upstream.requests.prefix(2).map(\.bodyText)
            #expect(bodies.count == 2 && bodies[0] == bodies[1])
        }
    }

    @Test func `a target that keeps failing is not asked any more`() async throws {
        try await Gateway.run(upstream: Self.script(Self.status(500))) { gateway in
            let start = ContinuousClock.now
            for _ in 0..<20 {
                let request = gateway.request(Sample(.openAIChat), stream: false, model: "pair")
                let answer = try await gateway.answer(to: request)
                #expect(answer.status == 200)
            }
            let asked = gateway.upstream.requests.filter { !$0.line.contains("/spare/") }.count
            // Once it is set aside a trial may follow in each second.
            let trials = Int(start.duration(to: .now).components.seconds)
            #expect((3...(3 + trials)).contains(asked))
        }
    }

    @Test func `a caller's own mistake is told at once`() async throws {
        try await Gateway.run(upstream: Self.script(Self.status(400))) { gateway in
            for _ in 0..<10 {
                let request = gateway.request(Sample(.openAIChat), stream: false, model: "pair")
                let answer = try await gateway.answer(to: request)
                #expect(answer.status == 400 && answer.errorCode == "invalid-request")
            }
            // It counts against nobody: the target is still the first.
            #expect(gateway.upstream.requests.allSatisfy { !$0.line.contains("/spare/") })
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what began is not begun again elsewhere`(_ dialect: Dialect) async throws {
        let cut: @Sendable (Sample) -> String = { sample in
            Framed.streamHead + Framed.chunk(sample.opening)
        }
        try await Gateway.run(upstream: Self.script(closes: true, cut)) { gateway in
            let sample = Sample(dialect)
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true, model: "pair"))
            #expect(answer.status == 200)
            #expect(Self.withProvidersID(answer.text).hasPrefix(sample.opening))
            #expect(answer.text.contains("error") && !answer.text.contains("[DONE]"))
            let record = try #require(try await gateway.journal.settled().last)
            #expect(record.attempts == 1 && record.attemptFailure == "cut-short" && !record.complete)
        }
    }

    @Test func `when all fail the caller is told how often, and by which class`() async throws {
        let refusal: ScriptedUpstream.Script = { connection, upstream in
            while true {
                let request = try await upstream.next(on: connection)
                let status = request.line.contains("/spare/") ? 503 : 500
                try await connection.send(Framed.json("{}", status: "\(status) No"))
            }
        }
        try await Gateway.run(upstream: refusal) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "trio")
            )
            #expect(answer.status == 502 && answer.errorCode == "upstream-failed")
            let details = answer.json?["error"]?["details"]
            #expect(details?["attempts"] == 3 && details?["model"] == "trio")
            #expect(
                details?["targets"] == [
                    ["target": 0, "error_class": "status-5xx"], ["target": 1, "error_class": "network"],
                    ["target": 2, "error_class": "status-5xx"],
                ]
            )
        }
    }

    @Test func `a target that hangs is left for another when its time is up`() async throws {
        let hole: ScriptedUpstream.Script = { connection, upstream in
            while true {
                let request = try await upstream.next(on: connection)
                guard request.line.contains("/spare/") else {
                    _ = try? await connection.read(1)
                    return
                }
                try await connection.send(Framed.json(Sample(.openAIChat).answer))
            }
        }
        let options = GatewayOptions {
            $0.timeouts = TimeoutRecord(firstByte: 500)
            // The other one answers as late as a busy machine lets it.
            $0.spareTimeouts = TimeoutRecord()
        }
        try await Gateway.run(options, upstream: hole) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "pair")
            )
            #expect(answer.status == 200)
            let record = try #require(try await gateway.journal.settled().last)
            #expect(record.tries.map(\.failure) == ["timeout-first-byte", nil])
        }
    }

    @Test func `requests of a failing group are repeated a fifth of the time at most`() async throws {
        let refusal: ScriptedUpstream.Script = ScriptedUpstream.serving { _ in Framed.json("{}", status: "500 No") }
        try await Gateway.run(upstream: refusal) { gateway in
            let caller = try await gateway.connect()
            let start = ContinuousClock.now
            for _ in 0..<200 {
                try await caller.send(gateway.request(Sample(.openAIChat), stream: false, model: "pair"))
                let answer = try await caller.readAnswer()
                #expect(answer.status == 502)
            }
            // Ten from the floor that a quiet node has, and one in each second, besides a fifth.
            let seconds = Int(start.duration(to: .now).components.seconds)
            #expect(gateway.upstream.requests.count <= 200 + 40 + 10 + seconds + 1)
            #expect(gateway.upstream.requests.count > 200)
        }
    }

    @Test func `an attempt that is made again without its reasoning has ended`() async throws {
        let refusal =
            #"{"type":"error","error":{"type":"invalid_request_error","message":"messages.1.content.0: "#
            + #"Invalid `signature` in `thinking` block"}}"#
        let once: ScriptedUpstream.Script = { connection, upstream in
            while true {
                let request = try await upstream.next(on: connection)
                let isRefused = request.bodyText.contains("signature")
                try await connection.send(
                    isRefused
                        ? Framed.json(refusal, status: "400 No") : Framed.json(Sample(.anthropicMessages).answer)
                )
            }
        }
        let body =
            #"{"model":"main","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","#
            + #""content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"b"}]},"#
            + #"{"role":"user","content":"c"}]}"#
        try await Gateway.run(upstream: once) { gateway in
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/messages", body))
            #expect(answer.status == 200)
            let record = try #require(try await gateway.journal.settled().last)
            #expect(record.tries.map(\.failure) == ["bad-request", nil])
            #expect(record.tries.allSatisfy { $0.endedAt != nil })
        }
    }

    @Test func `all attempts share the time that the request has`() async throws {
        let silence: ScriptedUpstream.Script = { connection, upstream in
            _ = try await upstream.next(on: connection)
            _ = try? await connection.read(1)
        }
        let options = GatewayOptions {
            $0.timeouts.firstByte = 3_000
            $0.limits.timeouts.total = 5_000
        }
        try await Gateway.run(options, upstream: silence) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "pair")
            )
            #expect(answer.status == 504 && answer.errorCode == "upstream-timeout")
            let record = try #require(try await gateway.journal.settled().last)
            // The second has what the first left, whatever a busy machine added.
            #expect(record.tries.map(\.failure) == ["timeout-first-byte", "timeout-total"])
        }
    }
}
