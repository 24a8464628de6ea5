import Canonical
import Contract
import Dialects
import Exchange
import Identity
import Ingress
import NIOCore
import Testing
import Wire

/// Streams in every shape that a network gives them, and what becomes of those that do not end well.
@Suite(.timeLimit(.minutes(5))) struct StreamTests {
    @Test(arguments: Dialect.allCases)
    func `every cut of a stream's bytes gives the caller the same bytes`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        let bytes = Array(sample.events.joined().utf8)
        try await Gateway.run { connection, upstream in
            for cut in 1..<bytes.count {
                _ = try await upstream.next(on: connection)
                try await connection.send(Array(Framed.streamHead.utf8) + Framed.chunk(bytes[..<cut]))
                try await connection.send(Framed.chunk(bytes[cut...]) + Array(Framed.lastChunk.utf8))
            }
        } _: { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request(sample, stream: true)
            for cut in 1..<bytes.count {
                try await caller.send(request)
                let answer = try await caller.readAnswer()
                guard answer.text == sample.visibleEvents.joined() else {
                    Issue.record("cut at \(cut): \(answer.head)\(answer.text)")
                    return
                }
            }
            #expect(gateway.upstream.connections.count == 1)
            #expect(
                try await gateway.journal.records(bytes.count - 1).allSatisfy { $0.complete && $0.usage.output == 7 }
            )
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a stream that comes one byte at a time is the same stream`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        let bytes = Array(sample.events.joined().utf8)
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(Framed.streamHead)
            for byte in bytes { try await connection.send(Framed.chunk([byte])) }
            try await connection.send(Framed.lastChunk)
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.text == sample.visibleEvents.joined())
        }
    }

    @Test(arguments: Dialect.allCases, [1, 2])
    func `a last event without its blank line is one when the stream ended well`(
        _ dialect: Dialect,
        _ missing: Int
    ) async throws {
        let sample = Sample(dialect)
        let bytes = Array(sample.events.joined().utf8.dropLast(missing))
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(Array(Framed.streamHead.utf8) + Framed.chunk(bytes[...]))
            try await connection.send(Framed.lastChunk)
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            let text = sample.visibleEvents.joined()
            #expect(answer.text.hasPrefix(text) && answer.text.allSatisfy { $0 != "\r" })
            #expect(answer.text.dropFirst(text.count).allSatisfy { $0 == "\n" })
            #expect(answer.value("request-id") == (dialect == .anthropicMessages ? answer.value("x-request-id") : nil))
            #expect(try await gateway.journal.record().complete)
        }
    }

    @Test(arguments: ["\r\n", "\r"], Dialect.allCases)
    func `other line ends are forwarded as they are`(_ lineEnd: String, _ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        let events = sample.events.map { $0.replacing("\n", with: lineEnd) }
        let visible = sample.visibleEvents.map { $0.replacing("\n", with: lineEnd) }
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(events) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.text == visible.joined())
            #expect(try await gateway.journal.record().complete)
        }
    }

    @Test func `a Chat stream that told its finish but not its end gets one`() async throws {
        let sample = Sample(.openAIChat)
        let events = sample.events.dropLast()
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(Array(events)) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.text == sample.visibleEvents.joined())
            #expect(try await gateway.journal.record().complete)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `an HTTP 1.0 caller gets a stream that the end of the connection ends`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(sample.events) }) { gateway in
            let request = gateway.request(sample, stream: true).replacing(" HTTP/1.1", with: " HTTP/1.0")
            let answer = try await gateway.answer(to: request)
            #expect(answer.chunks == nil && answer.value("connection") == "close")
            #expect(answer.text == sample.visibleEvents.joined())
        }
    }

    // MARK: Before the first event

    /// Events that are no part of an answer yet.
    private static func preliminaries(_ dialect: Dialect) -> String {
        dialect == .anthropicMessages ? "event: ping\ndata: {\"type\":\"ping\"}\n\n: hello\n\n" : ": hello\n\n"
    }

    @Test(arguments: Dialect.allCases, [false, true])
    func `a failure before anything of the answer is still a status`(
        _ dialect: Dialect,
        _ isAnnounced: Bool
    ) async throws {
        let sample = Sample(dialect)
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            let events = Self.preliminaries(dialect) + (isAnnounced ? sample.announcement : "")
            try await connection.send(Framed.streamHead + Framed.chunk(events))
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.status == 502 && answer.errorCode == "upstream-failed")
            #expect(answer.isAnthropicError == (dialect == .anthropicMessages))
            let record = try await gateway.journal.record()
            #expect(record.status == 502 && record.attemptFailure == "cut-short" && !record.complete)
        }
    }

    private static func reportedError(_ dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat: "data: {\"error\":{\"message\":\"no \(Gateway.credential)\",\"code\":500}}\n\n"
        case .openAIResponses: "event: error\ndata: {\"type\":\"error\",\"message\":\"\(Gateway.credential)\"}\n\n"
        case .anthropicMessages:
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"\(Gateway.credential)\"}}\n\n"
        }
    }

    @Test(arguments: Dialect.allCases, [false, true])
    func `an error that a provider reports before anything of the answer is a status`(
        _ dialect: Dialect,
        _ isAnnounced: Bool
    ) async throws {
        let sample = Sample(dialect)
        let events = (isAnnounced ? [sample.announcement] : []) + [Self.reportedError(dialect)]
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(events) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.status == 502 && answer.errorCode == "upstream-failed")
            #expect(!answer.text.contains(Gateway.credential))
            #expect(try await gateway.journal.record().attemptFailure == "reported")
        }
    }

    /// What a provider that gives no answer tells in a stream, and the code with which its caller is answered.
    private static let limits: [(Dialect, String, String)] = [
        (.openAIChat, #"{"error":{"message":"x","code":"rate_limit_exceeded"}}"#, "upstream-rate-limited"),
        (
            .openAIResponses, #"{"type":"response.failed","response":{"error":{"code":"insufficient_quota"}}}"#,
            "upstream-quota-exhausted"
        ),
        (.anthropicMessages, #"{"type":"error","error":{"type":"rate_limit_error"}}"#, "upstream-rate-limited"),
        (.anthropicMessages, #"{"type":"error","error":{"type":"authentication_error"}}"#, "upstream-access-denied"),
    ]

    @Test(arguments: limits)
    func `a limit or a refusal that a provider reports before anything of the answer is answered as by a status`(
        _ dialect: Dialect,
        _ event: String,
        _ code: String
    ) async throws {
        let sample = Sample(dialect)
        let events = [sample.announcement, "data: \(event)\n\n"]
        try await Gateway.run(upstream: ScriptedUpstream.serving { _ in Framed.stream(events) }) { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.status == 503 && answer.errorCode == code)
            #expect(try await gateway.journal.record().attemptFailure == "status-4xx")
        }
    }

    @Test(arguments: Dialect.allCases, [false, true])
    func `a stream held back too long opens, with pings, and ends as it may`(
        _ dialect: Dialect,
        _ ends: Bool
    ) async throws {
        let sample = Sample(dialect)
        let goOn = Bulletin(false)
        try await Gateway.run(GatewayOptions { $0.limits.hold = 1 }) { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(Framed.streamHead)
            try await goOn.wait(for: "leave to go on") { $0 ? () : nil }
            if ends { try await connection.send(sample.events.map(Framed.chunk).joined() + Framed.lastChunk) }
        } _: { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: true))
            #expect(try await caller.readHead().status == 200)
            let ping = String(decoding: StreamWatch.ping(dialect), as: UTF8.self)
            for _ in 0..<2 { #expect(try await caller.readChunk() == Array(ping.utf8)) }
            goOn.update { $0 = true }
            var rest = ""
            while let chunk = try await caller.readChunk() { rest += String(decoding: chunk, as: UTF8.self) }
            rest.replace(ping, with: "")
            let record = try await gateway.journal.record()
            if ends {
                #expect(rest == sample.visibleEvents.joined().replacing(ping, with: ""))
                #expect(record.complete)
            } else {
                Self.expectFailure(rest, dialect, code: "upstream-failed")
                #expect(!record.complete && record.status == 200 && record.errorCode == "upstream-failed")
            }
        }
    }

    // MARK: After it

    enum Break: String, CaseIterable, Sendable {
        case cut, reset, garbage, stall, reported, endsWithoutTerminal, halfEvent
    }

    @Test(arguments: Dialect.allCases, Break.allCases)
    func `a stream that breaks ends with one event of its dialect, and the connection lives on`(
        _ dialect: Dialect,
        _ kind: Break
    ) async throws {
        let sample = Sample(dialect)
        let first = sample.opening
        let seen = Bulletin(false)
        let options = GatewayOptions { $0.timeouts.idle = kind == .stall ? 300 : 20_000 }
        try await Gateway.run(options) { connection, upstream in
            _ = try await upstream.next(on: connection)
            guard connection.isFirst(of: upstream) else {
                return try await connection.send(Framed.json(sample.answer))
            }
            try await connection.send(Framed.streamHead + Framed.chunk(first))
            try await seen.wait(for: "the first event") { $0 ? () : nil }
            switch kind {
            case .cut: return
            case .reset: try await connection.reset()
            case .garbage: try await connection.send("this is no chunk\r\n")
            case .stall: break
            case .reported: try await connection.send(Framed.chunk(Self.reportedError(dialect)) + Framed.lastChunk)
            case .endsWithoutTerminal: try await connection.send(Framed.lastChunk)
            case .halfEvent: try await connection.send(Framed.chunk("data: {\"half\":") + Framed.lastChunk)
            }
            // Where HTTP was in order the connection serves again.
            _ = try await upstream.next(on: connection)
            try await connection.send(Framed.json(sample.answer))
        } _: { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: true))
            #expect(try await caller.readHead().status == 200)
            #expect(try await caller.readChunk() == Array(first.utf8))
            seen.update { $0 = true }
            var rest = ""
            while let chunk = try await caller.readChunk() { rest += String(decoding: chunk, as: UTF8.self) }
            let code = kind == .stall ? "upstream-timeout" : "upstream-failed"
            Self.expectFailure(rest, dialect, code: code)
            #expect(!rest.contains(Gateway.credential))
            let record = try await gateway.journal.record()
            #expect(record.status == 200 && !record.complete && record.errorCode == code)
            #expect(record.attemptFailure != nil)
            try await caller.send(gateway.request(sample, stream: false))
            let next = try await caller.readAnswer()
            #expect(next.status == 200)
            let isOrderly = [.reported, .endsWithoutTerminal, .halfEvent].contains(kind)
            #expect(gateway.upstream.connections.count == (isOrderly ? 1 : 2))
        }
    }

    @Test func `an event that does not end is given up`() async throws {
        let sample = Sample(.anthropicMessages)
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(Framed.streamHead + Framed.chunk(sample.opening))
            let piece = ByteBuffer(string: Framed.chunk(String(repeating: "x", count: 1 << 20)))
            for _ in 0..<64 { try await connection.send(piece) }
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            let rest = answer.text.dropFirst(sample.opening.count)
            Self.expectFailure(String(rest), .anthropicMessages, code: "upstream-failed")
            #expect(try await gateway.journal.record().attemptFailure == "too-large")
            try await gateway.upstream.connections(1)[0].waitForEnd(reading: false)
            #expect(try await gateway.upstream.connections(1)[0].sentBytes < 40 << 20)
        }
    }

    /// Checks that `text` is exactly one terminal event that says `code`.
    static func expectFailure(_ text: String, _ dialect: Dialect, code: String) {
        let events = text.split(separator: "\n\n")
        #expect(events.count == 1, "\(text)")
        #expect(!text.contains("[DONE]"))
        switch dialect {
        case .openAIChat: #expect(text.hasPrefix("data: {\"error\":{") && text.contains("\"code\":\"\(code)\""))
        case .openAIResponses:
            #expect(text.hasPrefix("event: response.failed\ndata: ") && text.contains("(\(code), request "))
            #expect((0...2).contains { text.contains("\"sequence_number\":\($0),") })
        case .anthropicMessages:
            #expect(text.hasPrefix("event: error\ndata: {\"type\":\"error\"") && text.contains("\"type\":\"\(code)\""))
        }
    }

    // MARK: Behind the terminal event

    @Test(arguments: Dialect.allCases)
    func `what a provider says behind its last event is dropped, and a provider that hangs there is left`(
        _ dialect: Dialect
    ) async throws {
        let sample = Sample(dialect)
        try await Gateway.run { connection, upstream in
            _ = try await upstream.next(on: connection)
            let events = sample.events + ["data: {\"late\":true}\n\n"]
            try await connection.send(Framed.streamHead + events.map(Framed.chunk).joined())
            try await connection.waitForEnd()
        } _: { gateway in
            let answer = try await gateway.answer(to: gateway.request(sample, stream: true))
            #expect(answer.text == sample.visibleEvents.joined())
            #expect(try await gateway.journal.record().complete)
            let connection = try await gateway.upstream.connections(1)[0]
            try await connection.waitForEnd(seconds: 10, reading: false)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a silent stream is pinged between its events`(_ dialect: Dialect) async throws {
        let sample = Sample(dialect)
        let goOn = Bulletin(false)
        try await Gateway.run(GatewayOptions { $0.limits.hold = 1 }) { connection, upstream in
            _ = try await upstream.next(on: connection)
            // The ping must not fall into the half of the event that has come already.
            let second = Framed.chunk(String(sample.events[1].prefix(5)))
            try await connection.send(Framed.streamHead + Framed.chunk(sample.events[0]) + second)
            try await goOn.wait(for: "leave to go on") { $0 ? () : nil }
            let rest = String(sample.events[1].dropFirst(5)) + sample.events.dropFirst(2).joined()
            try await connection.send(Framed.chunk(rest) + Framed.lastChunk)
        } _: { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: true))
            #expect(try await caller.readHead().status == 200)
            let ping = StreamWatch.ping(dialect)
            // On a busy machine the first event may come behind pings, too.
            var first = try await caller.readChunk()
            while first == ping { first = try await caller.readChunk() }
            #expect(first == Array(sample.events[0].utf8))
            #expect(try await caller.readChunk() == ping)
            goOn.update { $0 = true }
            var rest = ""
            while let chunk = try await caller.readChunk() {
                if chunk != ping { rest += String(decoding: chunk, as: UTF8.self) }
            }
            #expect(rest == sample.visibleEvents.dropFirst().joined())
        }
    }
}
