import Exchange
import Identity
import Ingress
import NIOCore
import Testing

/// Callers that read slower than providers send.
@Suite(.timeLimit(.minutes(5))) struct BackpressureTests {
    private static let filler = String(repeating: "x", count: 60_000)
    private static let event = "event: content_block_delta\ndata: {\"delta\":{\"text\":\"\(filler)\"}}\n\n"

    private static let beginning = Sample(.anthropicMessages).opening
    private static let end = Sample(.anthropicMessages).events.suffix(2).joined()

    /// A stream of `count` large events, a multiple of 20, between its beginning and its end.
    private static func flood(_ count: Int) -> ScriptedUpstream.Script {
        { connection, upstream in
            _ = try await upstream.next(on: connection)
            try await connection.send(Framed.streamHead + Framed.chunk(Self.beginning))
            let events = ByteBuffer(string: String(repeating: Framed.chunk(Self.event), count: 20))
            for _ in 0..<count / 20 { try await connection.send(events) }
            try await connection.send(Framed.chunk(Self.end) + Framed.lastChunk)
            try await connection.waitForEnd()
        }
    }

    @Test func `a provider gets no further ahead of its caller than a window, and loses nothing`() async throws {
        let count = 400
        let options = GatewayOptions { $0.upstreamSendBuffer = 64 * 1024 }
        try await Gateway.run(options, upstream: Self.flood(count)) { gateway in
            let caller = try await gateway.connect(receiveBuffer: 32 * 1024)
            try await caller.send(gateway.request(Sample(.anthropicMessages), stream: true))
            let upstream = try await gateway.upstream.connections(1)[0]
            #expect(try await caller.readHead().status == 200)
            // Reads a tenth, then lets the provider run into the wall; and so on.
            let total = Self.beginning.utf8.count + count * Self.event.utf8.count + Self.end.utf8.count
            var read = 0
            for part in 1...3 {
                while read < total / 10 * part { read += try #require(await caller.readChunk()).count }
                let sent = try await upstream.stalled()
                // What the kernel keeps on the way is its own affair: some 11 MiB where it lets buffers grow.
                #expect(sent - caller.receivedBytes < 20 << 20 && sent < total)
                let buffered = try await gateway.bufferedBytes()
                #expect(buffered <= 512 * 1024)
                #expect(try await gateway.holdings().bodyBytes == 0)
            }
            // The rest comes as fast as it can.
            while let chunk = try await caller.readChunk() { read += chunk.count }
            #expect(read == total)
            let record = try await gateway.journal.record()
            #expect(record.complete && record.responseBytes > count * 60_000)
        }
    }

    @Test func `a caller that takes nothing is closed, and its provider with it`() async throws {
        try await Gateway.run(GatewayOptions { $0.limits.slowReader = 1 }, upstream: Self.flood(2000)) { gateway in
            let caller = try await gateway.connect(receiveBuffer: 32 * 1024)
            try await caller.send(gateway.request(Sample(.anthropicMessages), stream: true))
            let record = try await gateway.journal.record()
            #expect(record.errorCode == "client-canceled" && record.status == 200 && !record.complete)
            try await gateway.upstream.connections(1)[0].waitForEnd(reading: false)
        }
    }

    @Test(arguments: [false, true])
    func `a caller that takes little, but takes it, gets all of a long answer`(_ closes: Bool) async throws {
        let sample = Sample(.openAIChat)
        let long = sample.answer.replacing(#""ok""#, with: "\"\(String(repeating: "x", count: 12_000_000))\"")
        let options = GatewayOptions {
            // The kernel asks for more in lumps of a third of its buffer: not every second.
            $0.limits.slowReader = 3
            $0.limits.keepAlive = 1
        }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in Framed.json(long) }) { gateway in
            let caller = try await gateway.connect(receiveBuffer: 256 * 1024)
            // At most a quarter of a megabyte ten times a second: in all longer than every limit.
            let reading = caller.channel.eventLoop.scheduleRepeatedTask(
                initialDelay: .zero,
                delay: .milliseconds(100)
            ) { _ in caller.channel.read() }
            defer { reading.cancel() }
            let headers = closes ? "Connection: close\r\n" : ""
            try await caller.send(gateway.request(sample, stream: false, headers: headers))
            let answer = try await caller.wait(for: "the answer", seconds: 160, reading: false) { bytes, _ in
                bytes.readableBytes > long.utf8.count ? bytes.readBytes(length: bytes.readableBytes) : nil
            }
            #expect(answer.suffix(long.utf8.count).elementsEqual(long.utf8), "the answers differ")
            if closes { #expect(try await caller.readToEnd().isEmpty) }
        }
    }
}

extension RawConnection {
    /// Waits until the other side takes nothing more for a while; what it took until then.
    fileprivate func stalled() async throws -> Int {
        while true {
            let before = self.sentBytes
            // How long nothing happens is what is measured: there is no event for that.
            try await Task.sleep(for: .milliseconds(400))
            if self.sentBytes == before { return before }
        }
    }
}
