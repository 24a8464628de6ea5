import CurlTransport
import NIOConcurrencyHelpers
import NIOCore
import Testing

/// Ending a transfer from this side, in every phase it can be in.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct CancellationTests {
    enum Phase: String, CaseIterable, Sendable { case answering, inHead, inBody, paused, uploading }

    @Test(arguments: Phase.allCases)
    func `a cancelled transfer ends at both sides`(_ phase: Phase) async throws {
        let (closed, noteClosed) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        let (reached, noteReached) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { connection in
            guard connection.readHead() != nil else { return }
            switch phase {
            case .answering, .uploading: noteReached.yield()
            case .inHead:
                connection.write("HTTP/1.1 200 OK\r\nX: y\r\n")
                noteReached.yield()
            case .inBody: connection.write("HTTP/1.1 200 OK\r\n\r\nhello")
            case .paused:
                connection.write("HTTP/1.1 200 OK\r\n\r\n")
                while connection.write([UInt8](repeating: 0x78, count: 65536)) {}
                noteClosed.yield(.now)
                return
            }
            if connection.waitForClose() { noteClosed.yield(.now) }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let recorder = Recorder(consumes: phase != .paused)
        let body = phase == .uploading ? [ByteBuffer(repeating: 0x20, count: 64 * 1024 * 1024)] : []
        let transfer = recorder.start(TransferRequest(method: .post, url: server.url(), body: body), on: reactor)
        switch phase {
        case .answering, .uploading, .inHead: for await _ in reached { break }
        case .inBody: _ = await recorder.wait { $0.text == "hello" }
        case .paused: _ = await recorder.wait { $0.body.readableBytes >= 128 * 1024 }
        }
        let start = ContinuousClock.now
        transfer.cancel()
        transfer.cancel()
        let answer = await recorder.end()
        #expect(answer.failure == .cancelled)
        for await time in closed {
            #expect(time - start < .seconds(1))
            break
        }
        transfer.cancel()
        transfer.consumed(answer.body.readableBytes)
        _ = await reactor.run(TransferRequest(method: .get, url: "http://127.0.0.1:1/"))
        #expect(recorder.account.terminalEvents == 1 && recorder.account.disorder == 0)
    }

    @Test func `a transfer cancelled before it began still ends once`() async throws {
        let server = try ScriptedServer(nil)
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let recorders = (0..<100).map { _ in
            let recorder = Recorder()
            recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor).cancel()
            return recorder
        }
        for recorder in recorders {
            let answer = await recorder.end()
            #expect(answer.failure == .cancelled)
            #expect(answer.terminalEvents == 1)
        }
    }

    @Test func `cancelling what has ended changes nothing, also for its successor on the same handle`() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil { connection.answer("x") }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        var before: Transfer?
        for _ in 0..<50 {
            let recorder = Recorder()
            let transfer = recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor)
            before?.cancel()
            let failure = await recorder.end().failure
            #expect(failure == nil)
            before = transfer
        }
    }

    /// A server whose answers begin and do not end.
    private static func unending() throws -> ScriptedServer {
        try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\nhello")
            _ = connection.waitForClose()
        }
    }

    @Test func `a shutdown ends what runs and refuses what follows`() async throws {
        let server = try Self.unending()
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let recorders = (0..<20).map { _ in
            let recorder = Recorder()
            recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor)
            return recorder
        }
        for recorder in recorders { _ = await recorder.wait { $0.text == "hello" } }
        reactor.shutdown()
        for recorder in recorders {
            // A thread has ended by now; an event loop ends it soon.
            if Habitat.current == .eventLoop { _ = await recorder.end() }
            #expect(recorder.account.failure == .shutdown)
            #expect(recorder.account.terminalEvents == 1 && recorder.account.disorder == 0)
        }
        let late = Recorder()
        late.start(TransferRequest(method: .get, url: server.url()), on: reactor).cancel()
        if Habitat.current == .eventLoop { _ = await late.end() }
        #expect(late.account.failure == .shutdown)
        #expect(late.account.terminalEvents == 1)
        reactor.shutdown()
    }

    /// Shuts a reactor down from inside a turn of it.
    private final class Closer: TransferReceiver {
        let recorder = Recorder()
        private let reactor: NIOLockedValueBox<CurlReactor?>

        init(_ reactor: CurlReactor) {
            self.reactor = NIOLockedValueBox(reactor)
        }

        func receive(_ batch: [TransferDelivery]) {
            self.recorder.receive(batch)
            self.reactor.withLockedValue { $0.take() }?.shutdown()
        }
    }

    @Test func `a receiver that is being told may shut the reactor down`() async throws {
        let server = try Self.unending()
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let closer = Closer(reactor)
        _ = reactor.start(TransferRequest(method: .get, url: server.url()), receiver: closer)
        let account = await closer.recorder.end()
        #expect(account.failure == .shutdown && account.terminalEvents == 1 && account.disorder == 0)
    }

    @Test func `a reactor that nobody holds any more ends`() async throws {
        let server = try ScriptedServer { connection in _ = connection.waitForClose() }
        defer { server.stop() }
        let recorder = Recorder()
        do {
            let reactor = try await Habitat.reactor()
            recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor)
        }
        #expect(await recorder.end().failure == .shutdown)
    }
}
