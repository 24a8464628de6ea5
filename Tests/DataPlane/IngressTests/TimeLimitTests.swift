import Exchange
import Identity
import Ingress
import Testing

/// Callers that take their time over a request.
@Suite(.timeLimit(.minutes(5))) struct TimeLimitTests {
    @Test func `a body that comes too slowly is refused`() async throws {
        let options = GatewayOptions { $0.limits.bodyGrace = 1 }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request("POST", "/v1/messages", headers: "Content-Length: 1000\r\n") + "{")
            let answer = try await caller.readAnswer()
            #expect(answer.status == 408 && answer.errorCode == "request-timeout" && answer.isAnthropicError)
            #expect(try await caller.readToEnd().isEmpty)
            let record = try await gateway.journal.record()
            #expect(record.status == 408 && record.requestBytes == 1)
            #expect(try await gateway.holdings().bodyBytes == 0)
        }
    }

    @Test func `a refused body that stays away ends the connection`() async throws {
        let options = GatewayOptions { $0.limits.bodyGrace = 1 }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let caller = try await gateway.connect()
            let head = gateway.request("POST", "/v1/messages", token: .some(nil), headers: "Content-Length: 1000\r\n")
            try await caller.send(head)
            #expect(try await caller.readAnswer().status == 401)
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test(arguments: ["", "POST /v1/messages HT", "GET / HTTP/1.1\r\nHost: a\r\nX: "])
    func `a first head that stays away ends the connection`(_ beginning: String) async throws {
        let options = GatewayOptions { $0.limits.firstHead = 1 }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let caller = try await gateway.connect()
            try await caller.send(beginning)
            #expect(try await caller.readToEnd().isEmpty)
            #expect(gateway.journal.begun == 0)
        }
    }

    @Test func `a connection that rests too long is closed`() async throws {
        let options = GatewayOptions { $0.limits.keepAlive = 1 }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request("GET", "/"))
            #expect(try await caller.readAnswer().status == 200)
            #expect(try await caller.readToEnd().isEmpty)
        }
    }

    @Test func `a caller that does not close behind a closing answer is closed`() async throws {
        let options = GatewayOptions { $0.limits.lingerSilence = 1 }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in "" }) { gateway in
            let caller = try await gateway.connect()
            try await caller.send(gateway.request("GET", "/", headers: "Connection: close\r\n"))
            #expect(try await caller.readAnswer().status == 200)
            #expect(try await caller.readToEnd().isEmpty)
            // Half of it is open still, and nobody uses it.
            while gateway.server.connections > 0 { try await Task.sleep(for: .milliseconds(20)) }
        }
    }
}
