import Canonical
import Dialects
import Exchange
import Identity
import NIOCore
import Testing

@testable import Ingress

/// What requests leave behind: nothing.
@Suite(.timeLimit(.minutes(5))) struct ResourceTests {
    /// Objects that must go away.
    private final class Witness {
        weak var handler: ConnectionHandler?
        weak var session: ExchangeSession?
    }

    @Test(arguments: [false, true])
    func `a connection and its requests are let go when they end`(_ stream: Bool) async throws {
        let sample = Sample(.openAIResponses)
        let goOn = Bulletin(0)
        try await Gateway.run { connection, upstream in
            for number in 1...2 {
                _ = try await upstream.next(on: connection)
                try await goOn.wait(for: "leave to answer") { $0 >= number ? () : nil }
                try await connection.send(stream ? Framed.stream(sample.events) : Framed.json(sample.answer))
            }
            try await connection.waitForEnd()
        } _: { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: stream))
            try await gateway.upstream.requests(1)
            let loop = gateway.server.loops[0]
            let witness = try await loop.eventLoop.submit {
                let witness = Witness()
                witness.handler = loop.value.connections.all.first
                witness.session = loop.value.link.table.value.exchanges.values.first
                return NIOLoopBound(witness, eventLoop: loop.eventLoop)
            }.get()
            func alive() async throws -> [Bool] {
                try await loop.eventLoop.submit {
                    [witness.value.handler != nil, witness.value.session != nil]
                }.get()
            }
            #expect(try await alive() == [true, true])
            goOn.update { $0 = 1 }
            _ = try await caller.readAnswer()
            // The first transfer's last event is before any of the second's.
            try await caller.send(gateway.request(sample, stream: stream))
            try await gateway.upstream.requests(2)
            #expect(try await alive() == [true, false])
            goOn.update { $0 = 2 }
            _ = try await caller.readAnswer()
            await caller.close()
            while gateway.server.connections > 0 { await Task.yield() }
            try await gateway.turn()
            #expect(try await alive() == [false, false])
            #expect(gateway.upstream.connections.count == 1)
        }
    }

    @Test func `answers beyond the memory set aside for bodies are refused, and the memory comes back`() async throws {
        let sample = Sample(.openAIChat)
        let options = GatewayOptions { $0.limits.bufferedBodyBytes = 1_000_000 }
        try await Gateway.run(options) { connection, upstream in
            guard try await upstream.next(on: connection).bodyText.contains("long") else {
                return try await connection.send(Framed.json(sample.answer))
            }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            // No end: nothing but the budget is a reason to go on without it.
            try await connection.send(ByteBuffer(repeating: 0x20, count: 1_100_000))
            try await connection.waitForEnd()
        } _: { gateway in
            let long = #"{"model":"main","messages":[{"role":"user","content":"long"}]}"#
            let refused = try await gateway.answer(to: gateway.request("POST", sample.path, long))
            #expect(refused.status == 503 && refused.errorCode == "not-ready")
            #expect(refused.value("retry-after") == "1")
            // The target did nothing wrong.
            #expect(try await gateway.journal.record().attemptFailure == nil)
            try await gateway.upstream.connections(1)[0].waitForEnd(reading: false)
            let answer = try await gateway.answer(to: gateway.request(sample, stream: false))
            #expect(answer.status == 200)
            #expect(try await gateway.holdings().bodyBytes == 0)
        }
    }

    @Test func `five hundred streams at once all end well`() async throws {
        let sample = Sample(.anthropicMessages)
        let goOn = Bulletin(0)
        let count = 500
        try await Gateway.run(GatewayOptions { $0.loops = 2 }) { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(Framed.streamHead + Framed.chunk(sample.opening))
            goOn.update { $0 += 1 }
            // Nobody ends before all have begun.
            try await goOn.wait(for: "the others") { $0 >= count ? () : nil }
            for event in sample.laterEvents { try await connection.send(Framed.chunk(event)) }
            try await connection.send(Framed.lastChunk)
            try await connection.waitForEnd()
        } _: { gateway in
            let request = gateway.request(sample, stream: true)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        let caller = try await gateway.connect()
                        try await caller.send(request)
                        let answer = try await caller.readAnswer()
                        return answer.text == sample.events.joined()
                    }
                }
                for try await isWhole in group { #expect(isWhole) }
            }
            let records = try await gateway.journal.records(count)
            #expect(records.allSatisfy { $0.complete && $0.usage.output == 7 })
            #expect(Set(records.map(\.requestID)).count == count)
        }
    }

    @Test func `a provider's connection serves one request after the other`() async throws {
        let samples = Dialect.allCases.map { Sample($0) }
        try await Gateway.run(
            upstream: ScriptedUpstream.serving { request in
                let sample = samples.first { request.line.contains($0.path) } ?? samples[0]
                return request.values("accept") == ["text/event-stream"]
                    ? Framed.stream(sample.events) : Framed.json(sample.answer)
            }
        ) { gateway in
            let caller = try await gateway.connect()
            for round in 0..<30 {
                let sample = samples[round % 3]
                try await caller.send(gateway.request(sample, stream: round % 2 == 0))
                let answer = try await caller.readAnswer()
                #expect(answer.text == (round % 2 == 0 ? sample.visibleEvents.joined() : sample.answer))
            }
            #expect(gateway.upstream.connections.count == 1)
        }
    }
}
