import CurlTransport
import NIOCore
import Testing

/// Ending a transfer from this side, in every phase it can be in.
@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
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
        let reactor = try CurlReactor()
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
        let reactor = try CurlReactor()
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
        let reactor = try CurlReactor()
        var before: Transfer?
        for _ in 0..<50 {
            let recorder = Recorder()
            let transfer = recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor)
            before?.cancel()
            #expect(await recorder.end().failure == nil)
            before = transfer
        }
    }

    @Test func `a shutdown ends what runs and refuses what follows`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\nhello")
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let reactor = try CurlReactor()
        let recorders = (0..<20).map { _ in
            let recorder = Recorder()
            recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor)
            return recorder
        }
        for recorder in recorders { _ = await recorder.wait { $0.text == "hello" } }
        reactor.shutdown()
        for recorder in recorders {
            #expect(recorder.account.failure == .shutdown)
            #expect(recorder.account.terminalEvents == 1 && recorder.account.disorder == 0)
        }
        let late = Recorder()
        late.start(TransferRequest(method: .get, url: server.url()), on: reactor).cancel()
        #expect(late.account.failure == .shutdown)
        #expect(late.account.terminalEvents == 1)
        reactor.shutdown()
    }

    @Test func `a reactor that nobody holds any more ends its thread`() async throws {
        let server = try ScriptedServer { connection in _ = connection.waitForClose() }
        defer { server.stop() }
        let recorder = Recorder()
        do {
            let reactor = try CurlReactor()
            recorder.start(TransferRequest(method: .get, url: server.url()), on: reactor)
        }
        #expect(await recorder.end().failure == .shutdown)
    }
}
