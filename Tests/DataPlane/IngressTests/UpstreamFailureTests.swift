import Contract
import Dialects
import Exchange
import Identity
import NIOCore
import Testing
import Wire

/// What callers are told when the provider fails before an answer has begun.
@Suite(.timeLimit(.minutes(5))) struct UpstreamFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// Whether the provider asks to be left alone for a while.
        var isPause: Bool { self.retryAfter.flatMap { Int($0) }.map { $0 > 0 } ?? false }

        let testDescription: String
        let bytes: String
        let status: Int
        let code: String
        /// What the record names it.
        let failure: String
        var retryAfter: String?
        var shouldRetry: String?
        /// Whether it can only happen to an answer that is not a stream, or only to one that is.
        var onlyWhole = false

        init(
            _ name: String,
            _ bytes: String,
            _ status: Int,
            _ code: String,
            _ failure: String,
            retryAfter: String? = nil,
            shouldRetry: String? = nil,
            onlyWhole: Bool = false
        ) {
            self.testDescription = name
            self.bytes = bytes
            self.status = status
            self.code = code
            self.failure = failure
            self.retryAfter = retryAfter
            self.shouldRetry = shouldRetry
            self.onlyWhole = onlyWhole
        }
    }

    /// Whether HTTP is in order, and the connection can serve again.
    private static func isWhole(_ bytes: String) -> Bool {
        if bytes.hasPrefix("HTTP/1.1 204") { return true }
        guard let end = bytes.firstRange(of: "\r\n\r\n"), let length = bytes.firstRange(of: "Content-Length: ") else {
            return false
        }
        return Int(bytes[length.upperBound...].prefix { $0.isNumber }) == bytes[end.upperBound...].utf8.count
    }

    private static func refusal(_ status: Int, _ message: String = "no", code: String = "c", headers: String = "")
        -> String
    {
        Framed.json(
            #"{"error":{"message":"\#(message)","type":"t","code":"\#(code)","param":"messages[0]"}}"#,
            status: "\(status) No",
            headers: headers
        )
    }

    private static func whole(_ body: String, type: String = "application/json") -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static let statuses = [
        Case("400", refusal(400), 400, "invalid-request", "bad-request", shouldRetry: "false"),
        Case("413", refusal(413), 413, "request-too-large", "bad-request", shouldRetry: "false"),
        Case("422", refusal(422), 422, "invalid-request", "bad-request", shouldRetry: "false"),
        Case(
            "400 without a body",
            "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n",
            400,
            "invalid-request",
            "bad-request",
            shouldRetry: "false"
        ),
        Case("401", refusal(401), 503, "upstream-access-denied", "status-4xx", shouldRetry: "false"),
        Case("403", refusal(403), 503, "upstream-access-denied", "status-4xx", shouldRetry: "false"),
        Case("404", refusal(404), 503, "upstream-access-denied", "status-4xx", shouldRetry: "false"),
        Case("402", refusal(402), 503, "upstream-quota-exhausted", "status-4xx", shouldRetry: "false"),
        Case(
            "403 for money",
            refusal(403, "billing is off"),
            503,
            "upstream-quota-exhausted",
            "status-4xx",
            shouldRetry: "false"
        ),
        Case(
            "429",
            refusal(429, headers: "Retry-After: 47\r\n"),
            503,
            "upstream-rate-limited",
            "status-4xx",
            retryAfter: "47"
        ),
        Case(
            "429 for hours",
            refusal(429, headers: "Retry-After: 90000\r\n"),
            503,
            "upstream-rate-limited",
            "status-4xx",
            retryAfter: "900"
        ),
        Case(
            "429 until a date that is past",
            refusal(429, headers: "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
            503,
            "upstream-rate-limited",
            "status-4xx"
        ),
        Case(
            "429 for money",
            refusal(429, code: "insufficient_quota"),
            503,
            "upstream-quota-exhausted",
            "status-4xx",
            shouldRetry: "false"
        ),
        Case("408", refusal(408), 504, "upstream-timeout", "status-4xx"),
        Case("418", refusal(418), 502, "upstream-failed", "status-4xx"),
        Case("500", refusal(500), 502, "upstream-failed", "status-5xx"),
        Case(
            "502 with HTML",
            "HTTP/1.1 502 No\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
            502,
            "upstream-failed",
            "status-5xx"
        ),
        Case(
            "503",
            refusal(503, headers: "Retry-After: 40\r\n"),
            502,
            "upstream-failed",
            "status-5xx",
            retryAfter: "40"
        ),
        Case("504", refusal(504), 504, "upstream-timeout", "status-5xx"),
        Case("529", refusal(529), 502, "upstream-failed", "status-5xx"),
        Case("999", refusal(999), 502, "upstream-failed", "status-9xx"),
        Case(
            "a redirect",
            "HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            502,
            "upstream-failed",
            "garbage"
        ),
        Case(
            "an error body that is cut",
            "HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nshort",
            502,
            "upstream-failed",
            "status-5xx"
        ),
        Case(
            "an error body without end",
            "HTTP/1.1 429 No\r\n\r\n" + String(repeating: "x", count: 200_000),
            503,
            "upstream-rate-limited",
            "status-4xx"
        ),
    ]

    static let garbage = [
        Case("closes at once", "", 502, "upstream-failed", "network"),
        Case("no HTTP", "hello, I am a mail server\r\n\r\n", 502, "upstream-failed", "garbage"),
        Case("half a head", "HTTP/1.1 200 OK\r\nContent-Ty", 502, "upstream-failed", "network"),
        Case("a line without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", 502, "upstream-failed", "garbage"),
        Case(
            "two lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            502,
            "upstream-failed",
            "garbage"
        ),
        Case(
            "length and chunks",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            502,
            "upstream-failed",
            "garbage"
        ),
        Case(
            "a head of 5 MB",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "X: \(String(repeating: "y", count: 995))\r\n", count: 5000),
            502,
            "upstream-failed",
            "garbage"
        ),
        Case(
            "interim heads without end",
            String(repeating: "HTTP/1.1 103 Early\r\n\r\n", count: 2000),
            502,
            "upstream-failed",
            "garbage"
        ),
        Case("switched protocols", "HTTP/1.1 101 Sure\r\n\r\n", 502, "upstream-failed", "garbage"),
        Case("204", "HTTP/1.1 204 None\r\n\r\n", 502, "upstream-failed", "garbage"),
        Case("HTML", whole("<html></html>", type: "text/html"), 502, "upstream-failed", "garbage"),
        Case("no type", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 502, "upstream-failed", "garbage"),
        Case(
            "JSON that is none",
            whole("{\"choices\":[", type: "application/json"),
            502,
            "upstream-failed",
            "garbage",
            onlyWhole: true
        ),
        Case("JSON of another kind", whole("{\"hello\":1}"), 502, "upstream-failed", "garbage", onlyWhole: true),
        Case("an array", whole("[]"), 502, "upstream-failed", "garbage", onlyWhole: true),
        Case("nothing", whole(""), 502, "upstream-failed", "garbage", onlyWhole: true),
        Case(
            "an error in a success",
            whole(#"{"error":{"message":"\#(Gateway.credential)"}}"#),
            502,
            "upstream-failed",
            "reported",
            onlyWhole: true
        ),
        Case(
            "less than announced",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"choices\":[]}",
            502,
            "upstream-failed",
            "cut-short",
            onlyWhole: true
        ),
        Case(
            "a cut in a chunk",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{\"choices\":[",
            502,
            "upstream-failed",
            "cut-short",
            onlyWhole: true
        ),
        Case(
            "a broken chunk",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            502,
            "upstream-failed",
            "garbage",
            onlyWhole: true
        ),
    ]

    @Test(arguments: statuses + garbage)
    func `a failure has its status and code, in each envelope, and harms nobody else`(_ failure: Case) async throws {
        let samples = Dialect.allCases.flatMap { [(Sample($0), false), (Sample($0), true)] }
        guard failure.isPause else { return try await self.check(failure, samples) }
        // A provider that asks for a pause gets it: each needs a gateway of its own.
        for sample in samples { try await self.check(failure, [sample]) }
    }

    private func check(_ failure: Case, _ samples: [(sample: Sample, stream: Bool)]) async throws {
        let goodBytes = Dialect.allCases.map { Framed.json(Sample($0).answer) }
        try await Gateway.run { connection, upstream in
            while true {
                let request = try await upstream.next(on: connection)
                // Every other request is answered well: a pooled connection that was poisoned would show.
                if upstream.requests.count % 2 == 1 {
                    try await connection.send(failure.bytes)
                    guard Self.isWhole(failure.bytes) else { return }
                } else {
                    let index = Dialect.allCases.firstIndex { request.line.contains(Sample($0).path) } ?? 0
                    try await connection.send(goodBytes[index])
                    // On a kept connection, a close with no answer would have the request go out once more.
                    guard !failure.bytes.isEmpty else { return }
                }
            }
        } _: { gateway in
            let caller = try await gateway.connect()
            for (sample, stream) in samples where !stream || !failure.onlyWhole {
                try await caller.send(gateway.request(sample, stream: stream))
                let answer = try await caller.readAnswer()
                #expect(answer.status == failure.status && answer.errorCode == failure.code)
                #expect(answer.isAnthropicError == (sample.dialect == .anthropicMessages))
                #expect(answer.value("retry-after") == failure.retryAfter)
                #expect(answer.value("x-should-retry") == failure.shouldRetry)
                #expect(!answer.text.contains(Gateway.credential))
                let record = try #require(try await gateway.journal.settled().last)
                #expect(record.status == failure.status && record.errorCode == failure.code)
                #expect(record.attemptFailure == failure.failure && record.attempts == 1 && !record.complete)
                try await caller.send(gateway.request(sample, stream: false))
                let next = try await caller.readAnswer()
                guard failure.isPause else {
                    #expect(next.text == sample.answer)
                    continue
                }
                #expect(next.status == 503 && next.errorCode == "upstream-capacity-throttled")
                let wait = next.value("retry-after").flatMap { Int($0) } ?? 0
                #expect((1...900).contains(wait) && gateway.upstream.requests.count == 1)
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what the provider says about a bad request goes on without secrets`(_ dialect: Dialect) async throws {
        let said = "prompt is too long, key \(Gateway.credential) or sk-other at https://host/x"
        let refusal = Self.refusal(400, said, code: "context_length_exceeded")
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in refusal }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(Sample(dialect), stream: false))
            #expect(answer.status == 400 && answer.errorCode == "context_length_exceeded")
            #expect(
                answer.json?["error"]?["message"]?.stringValue
                    == "prompt is too long, key [redacted] or [redacted] at [redacted]"
            )
            #expect(answer.json?["error"]?["details"]?["upstream_code"] == "context_length_exceeded")
        }
    }

    // MARK: Connections and time

    @Test(arguments: [false, true])
    func `an answer in a coding that nobody asked for is a failure`(_ stream: Bool) async throws {
        let sample = Sample(.openAIChat)
        let head = stream ? Framed.streamHead : Framed.json(sample.answer)
        let encodings = "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"
        let coded = head.replacing("Content-Type", with: encodings + "Content-Type")
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in coded }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: stream))
            #expect(answer.status == 502 && answer.errorCode == "upstream-failed")
        }
    }

    @Test func `a provider that cannot be reached is a failure`() async throws {
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let answer = try await gateway.answer(
                to: gateway.request(Sample(.openAIChat), stream: false, model: "dead")
            )
            #expect(answer.status == 502 && answer.errorCode == "upstream-failed")
            #expect(try await gateway.journal.record().attemptFailure == "network")
        }
    }

    @Test func `a provider that does not accept is a timeout`() async throws {
        let hole = try BlackHole()
        defer { hole.close() }
        let options = GatewayOptions {
            $0.holePort = hole.port
            $0.timeouts.connect = 200
        }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(Sample(.openAIChat), stream: true, model: "hole"))
            #expect(answer.status == 504 && answer.errorCode == "upstream-timeout")
            #expect(try await gateway.journal.record().attemptFailure == "timeout-connect")
        }
    }

    struct Stall: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: String
        let timeouts: TimeoutRecord
        let failure: String
        let stream: Bool
    }

    static let stalls = [
        Stall(
            testDescription: "silence",
            bytes: "",
            timeouts: TimeoutRecord(firstByte: 200),
            failure: "timeout-first-byte",
            stream: false
        ),
        Stall(
            testDescription: "silence before a stream",
            bytes: "",
            timeouts: TimeoutRecord(firstByte: 200),
            failure: "timeout-first-byte",
            stream: true
        ),
        Stall(
            testDescription: "interim heads only",
            bytes: "HTTP/1.1 100 Continue\r\n\r\n",
            timeouts: TimeoutRecord(firstByte: 200),
            failure: "timeout-first-byte",
            stream: false
        ),
        Stall(
            testDescription: "half a body",
            bytes: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
            timeouts: TimeoutRecord(idle: 200),
            failure: "timeout-idle",
            stream: false
        ),
        Stall(
            testDescription: "a stream without events",
            bytes: Framed.streamHead,
            timeouts: TimeoutRecord(idle: 200),
            failure: "timeout-idle",
            stream: true
        ),
        Stall(
            testDescription: "too slow in all",
            bytes: Framed.streamHead,
            timeouts: TimeoutRecord(total: 200),
            failure: "timeout-total",
            stream: true
        ),
    ]

    @Test(arguments: stalls)
    func `a provider that hangs is a timeout, and is hung up on`(_ stall: Stall) async throws {
        try await Gateway.run(GatewayOptions { $0.timeouts = stall.timeouts }) { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(stall.bytes)
            try await connection.waitForEnd()
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(Sample(.anthropicMessages), stream: stall.stream))
            #expect(answer.status == 504 && answer.errorCode == "upstream-timeout" && answer.isAnthropicError)
            #expect(try await gateway.journal.record().attemptFailure == stall.failure)
            try await gateway.upstream.connections(1)[0].waitForEnd(reading: false)
        }
    }

    @Test func `an error body without end is read to the limit and hung up on`() async throws {
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send("HTTP/1.1 500 No\r\nContent-Type: application/json\r\n\r\n")
            try await connection.send(ByteBuffer(repeating: 0x78, count: UpstreamRefusal.maximumBodyBytes + 1))
            // No more comes, and no end: nothing but the limit is a reason to go on without it.
            try await connection.waitForEnd()
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(Sample(.openAIChat), stream: false))
            #expect(answer.status == 502 && answer.errorCode == "upstream-failed")
            let record = try await gateway.journal.record()
            #expect(record.attemptFailure == "status-5xx" && record.attempts == 1)
            try await gateway.upstream.connections(1)[0].waitForEnd(reading: false)
        }
    }

    @Test func `an answer beyond what is held in memory is a failure`() async throws {
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"choices\":[],\"x\":\""
            )
            let piece = ByteBuffer(repeating: 0x78, count: 4 << 20)
            for _ in 0..<64 { try await connection.send(piece) }
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(Sample(.openAIChat), stream: false))
            #expect(answer.status == 502 && answer.errorCode == "upstream-failed")
            #expect(try await gateway.journal.record().attemptFailure == "too-large")
            try await gateway.upstream.connections(1)[0].waitForEnd(reading: false)
            #expect(try await gateway.upstream.connections(1)[0].sentBytes < 100 << 20)
        }
    }
}
