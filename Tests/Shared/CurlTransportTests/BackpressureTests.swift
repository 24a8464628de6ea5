import CurlTransport
import NIOCore
import Testing

/// A receiver that does not keep up.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct BackpressureTests {
    static let size = 64 * 1024 * 1024

    static func server() throws -> ScriptedServer {
        try ScriptedServer { connection in
            while let request = connection.readRequest() {
                guard request.head.hasPrefix("GET /long") else {
                    connection.answer("short")
                    continue
                }
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
                for _ in 0..<Self.size / 65536 {
                    guard connection.write([UInt8](repeating: 0x78, count: 65536)) else { return }
                }
                connection.server.note("sent all")
            }
        }
    }

    @Test(arguments: [1, 100_000, 128 * 1024])
    func `what a receiver does not take stays with the upstream`(_ window: Int) async throws {
        let server = try Self.server()
        defer { server.stop() }
        let configuration = ReactorConfiguration()
        let reactor = try await Habitat.reactor(configuration: configuration)
        let recorder = Recorder(consumes: false)
        var request = TransferRequest(method: .get, url: server.url("/long"))
        request.windowBytes = window
        // Shorter than the pause below, which does not count as the upstream's stall.
        request.timeouts = TransferTimeouts(idle: .seconds(1))
        recorder.start(request, on: reactor)
        _ = await recorder.wait { $0.body.readableBytes >= window }
        // Other transfers go on meanwhile, and give the reactor the turns in which it could receive too much.
        for _ in 0..<20 {
            #expect(await reactor.run(TransferRequest(method: .get, url: server.url())).text == "short")
        }
        let hang = try ScriptedServer(nil)
        defer { hang.stop() }
        let other = TransferRequest(
            method: .get,
            url: hang.url(),
            timeouts: TransferTimeouts(firstByte: .milliseconds(1300))
        )
        #expect(await reactor.run(other).failure == .firstByteTimeout)
        #expect(recorder.account.body.readableBytes < window + configuration.receiveBufferBytes)
        #expect(!recorder.account.hasEnded)
        #expect(server.log.isEmpty)
        // Taking less than half the window changes nothing; taking all of it lets the rest come, window by window.
        var received = 0
        while !recorder.account.hasEnded {
            recorder.consumeAll()
            let before = received
            let account = await recorder.wait { $0.body.readableBytes > before || $0.hasEnded }
            received = account.body.readableBytes
        }
        let account = recorder.account
        #expect(account.failure == nil)
        #expect(account.body.readableBytes == Self.size)
        #expect(account.disorder == 0)
    }

    @Test func `the total limit also ends a transfer that its receiver holds up`() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let recorder = Recorder(consumes: false)
        var request = TransferRequest(method: .get, url: server.url("/long"))
        request.timeouts = TransferTimeouts(total: .milliseconds(300))
        recorder.start(request, on: reactor)
        #expect(await recorder.end().failure == .totalTimeout)
    }
}
