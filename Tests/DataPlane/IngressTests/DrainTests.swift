import Dialects
import Exchange
import Identity
import Ingress
import Testing

/// A process that is told to stop.
@Suite(.timeLimit(.minutes(5))) struct DrainTests {
    @Test func `running answers end well, idle connections at once, and nobody new comes in`() async throws {
        let sample = Sample(.openAIChat)
        let goOn = Bulletin(false)
        try await Gateway.run { connection, upstream in
            let request = try await upstream.next(on: connection)
            if !request.bodyText.contains("stream\" : true") {
                return try await connection.send(Framed.json(sample.answer))
            }
            try await connection.send(Framed.streamHead + Framed.chunk(sample.opening))
            try await goOn.wait(for: "leave to go on") { $0 ? () : nil }
            try await connection.send(sample.laterEvents.map(Framed.chunk).joined() + Framed.lastChunk)
        } _: { gateway in
            let idle = try await gateway.connect()
            try await idle.send(gateway.request("GET", "/"))
            _ = try await idle.readAnswer()
            let fresh = try await gateway.connect()
            try await gateway.turn()
            let running = try await gateway.connect()
            try await running.send(gateway.request(sample, stream: true))
            _ = try await running.readHead()
            _ = try await running.readChunk()
            let halfway = try await gateway.connect()
            let request = gateway.request(sample, stream: false)
            try await halfway.send(String(request.dropLast(9)))
            try await gateway.turn()

            async let drained: Void = gateway.server.drain()
            #expect(try await idle.readToEnd().isEmpty)
            #expect(try await fresh.readToEnd().isEmpty)
            await #expect(throws: (any Error).self) {
                let late = try await gateway.connect()
                try await late.send(gateway.request("GET", "/"))
                _ = try await late.readAnswer()
            }
            try await halfway.send(String(request.suffix(9)))
            let answer = try await halfway.readAnswer()
            #expect(answer.text == sample.answer && answer.value("connection") == "close")
            #expect(try await halfway.readToEnd().isEmpty)
            await halfway.close()
            goOn.update { $0 = true }
            var rest = ""
            while let chunk = try await running.readChunk() { rest += String(decoding: chunk, as: UTF8.self) }
            #expect(sample.opening + rest == sample.visibleEvents.joined())
            #expect(try await running.readToEnd().isEmpty)
            await running.close()
            await drained
            #expect(gateway.server.connections == 0)
            #expect(try await gateway.journal.settled().suffix(2).allSatisfy { $0.complete })
        }
    }

    @Test(arguments: Dialect.allCases)
    func `streams that take too long to end are broken off in form, and their providers told`(
        _ dialect: Dialect
    ) async throws {
        let sample = Sample(dialect)
        try await Gateway.run(GatewayOptions { $0.limits.drain = 1 }) { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(Framed.streamHead + Framed.chunk(sample.opening))
            try await connection.waitForEnd()
        } _: { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request(sample, stream: true))
            _ = try await caller.readHead()
            async let drained: Void = gateway.server.drain()
            var text = ""
            while let chunk = try await caller.readChunk() { text += String(decoding: chunk, as: UTF8.self) }
            #expect(text.hasPrefix(sample.opening) && text.contains("The router is shutting down."))
            #expect(!text.contains("[DONE]") && !text.contains("message_stop"))
            #expect(try await caller.readToEnd().isEmpty)
            await caller.close()
            await drained
            try await gateway.upstream.connections(1)[0].waitForEnd(reading: false)
            let record = try await gateway.journal.record()
            #expect(record.status == 200 && record.errorCode == "not-ready" && !record.complete)
            #expect(record.attemptFailure == "shutdown")
        }
    }

    @Test(arguments: [false, true])
    func `who has no head yet when the time is up gets an answer`(_ isWhole: Bool) async throws {
        let sample = Sample(.anthropicMessages)
        try await Gateway.run(GatewayOptions { $0.limits.drain = 1 }) { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.waitForEnd()
        } _: { gateway in
            let caller = try await gateway.connect()
            let request = gateway.request(sample, stream: false)
            try await caller.send(isWhole ? request : String(request.dropLast(9)))
            if isWhole { try await gateway.upstream.requests(1) } else { try await gateway.turn() }
            async let drained: Void = gateway.server.drain()
            let answer = try await caller.readAnswer()
            #expect(answer.status == 503 && answer.isAnthropicError)
            #expect(answer.text.contains("The router is shutting down."))
            #expect(answer.value("connection") == "close" && answer.value("retry-after") == "1")
            // Whoever does not close is not waited for.
            await drained
            let record = try await gateway.journal.record()
            #expect(record.status == 503 && record.errorCode == "not-ready" && !record.complete)
            #expect(record.tries.map(\.failure) == (isWhole ? ["shutdown"] : []))
        }
    }
}
