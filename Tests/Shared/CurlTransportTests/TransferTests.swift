import CurlTransport
import NIOCore
import Testing

/// Requests and answers as they should be: real libcurl, real sockets.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct TransferTests {
    @Test func `an answer arrives whole, its header names in lower case`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.answer("hello", headers: "Content-Type: text/plain\r\nX-Two:  a  b \t\r\nX-None:\r\n")
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(TransferRequest(method: .get, url: server.url()))
        #expect(answer.head?.status == 200)
        #expect(answer.head?.first("content-type") == "text/plain")
        #expect(answer.head?.first("x-two") == "a  b")
        #expect(answer.head?.first("x-none") == "")
        #expect(answer.head?.first("x-three") == nil)
        #expect(answer.head?.headers.map(\.name) == ["content-type", "x-two", "x-none", "content-length"])
        #expect(answer.text == "hello")
        #expect(answer.failure == nil)
        #expect(answer.terminalEvents == 1 && answer.disorder == 0)
        #expect(answer.timings?.requestMayHaveBeenSent == true)
        #expect(answer.timings?.connectionReused == false)
        #expect(answer.timings?.firstByte != nil)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
    func `what is to stay on public addresses connects to no other, whatever the name`(_ host: String) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.answer("inside")
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let url = "http://\(host):\(server.port)/"
        let refused = await reactor.run(TransferRequest(method: .get, url: url, publicOnly: true))
        #expect(refused.head == nil && refused.terminalEvents == 1)
        #expect(refused.failure != nil && refused.timings?.requestMayHaveBeenSent != true)
        // The slot is used again, without the rule.
        let allowed = await reactor.run(TransferRequest(method: .get, url: server.url()))
        #expect(allowed.text == "inside")
        #expect(server.connections == 1)
    }

    @Test func `what is to stay on public addresses uses no kept connection to another`() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil { connection.answer("inside") }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let first = await reactor.run(TransferRequest(method: .get, url: server.url()))
        let second = await reactor.run(TransferRequest(method: .get, url: server.url()))
        #expect(first.text == "inside" && second.timings?.connectionReused == true)
        let refused = await reactor.run(TransferRequest(method: .get, url: server.url(), publicOnly: true))
        #expect(refused.head == nil && refused.failure == .connectFailed)
        #expect(refused.timings?.requestMayHaveBeenSent != true)
    }

    @Test(arguments: [TransferRequest.Method.get, .post, .put, .patch, .delete, .head])
    func `every method is sent as itself, with nothing that the caller did not ask for`(
        _ method: TransferRequest.Method
    ) async throws {
        let server = try ScriptedServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Head: \(request.head.count)\r\n\r\n")
            _ = connection.readRequest()
        }
        defer { server.stop() }
        let seen = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                connection.answer(method == .head ? "" : request.head, status: "200 OK")
            }
        }
        defer { seen.stop() }
        let reactor = try await Habitat.reactor()
        let request = TransferRequest(
            method: method,
            url: seen.url("/a/../b?c=d"),
            headers: [TransferHeader(name: "X-A", text: "1"), TransferHeader(name: "X-Empty", text: "")]
        )
        let answer = await reactor.run(request)
        #expect(answer.head?.status == 200)
        guard method != .head else { return }
        let lines = answer.text.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "\(method.rawValue) /a/../b?c=d HTTP/1.1")
        let names = Set(lines.dropFirst().map { $0.split(separator: ":")[0].lowercased() })
        let length: Set<String> = [.post, .put, .patch].contains(method) ? ["content-length"] : []
        #expect(names == Set(["host", "accept", "x-a", "x-empty"]).union(length))
    }

    @Test(arguments: [1, 3, 65_535, 65_536, 1_200_000])
    func `a body of any slicing arrives as one with its length`(_ size: Int) async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                let note = request.head.lowercased().contains("expect") ? "expects" : "ok"
                connection.write(
                    "HTTP/1.1 200 OK\r\nX-Note: \(note)\r\nContent-Length: \(request.body.count)\r\n\r\n"
                )
                connection.write(request.body)
            }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let whole = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) })
        for pieces in [1, 2, 5] {
            var rest = whole
            var slices: [ByteBuffer] = []
            while let slice = rest.readSlice(length: min(rest.readableBytes, max(1, size / pieces))),
                slice.readableBytes > 0
            {
                slices.append(slice)
                slices.append(ByteBuffer())
            }
            let answer = await reactor.run(TransferRequest(method: .post, url: server.url(), body: slices))
            #expect(answer.body == whole)
            #expect(answer.head?.first("x-note") == "ok")
        }
        let bytes = Array(whole.readableBytesView)
        for length in [size, max(1, size / 3)] {
            let pieces = stride(from: 0, to: size, by: length).map { bytes[$0..<min($0 + length, size)] }
            let request = TransferRequest(method: .post, url: server.url(), bodyPieces: pieces)
            #expect(await reactor.run(request).body == whole)
        }
        #expect(server.connections == 1)
    }

    @Test func `ten megabytes come back as they went`() async throws {
        let server = try ScriptedServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(request.body.count)\r\n\r\n")
            connection.write(request.body)
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let body = ByteBuffer(bytes: (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 11) })
        let answer = await reactor.run(TransferRequest(method: .post, url: server.url(), body: [body]))
        #expect(answer.failure == nil)
        #expect(answer.body == body)
    }

    @Test func `chunks arrive without their framing, and trailers not at all`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.write("5\r\nhello\r\n1\r\n \r\n5;x=y\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n")
            _ = connection.readRequest()
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(TransferRequest(method: .get, url: server.url()))
        #expect(answer.failure == nil)
        #expect(answer.text == "hello world")
        #expect(answer.head?.first("x-trailer") == nil)
    }

    @Test func `interim heads are skipped`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            connection.answer("late")
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(TransferRequest(method: .get, url: server.url()))
        #expect(answer.head?.status == 200)
        #expect(answer.head?.first("link") == nil)
        #expect(answer.text == "late")
    }

    @Test func `a compressed answer stays compressed and none is asked for`() async throws {
        let server = try ScriptedServer { connection in
            guard let request = connection.readRequest() else { return }
            let asked = request.value("accept-encoding") ?? "none"
            connection.answer("no gzip at all", headers: "Content-Encoding: gzip\r\nX-Asked: \(asked)\r\n")
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(TransferRequest(method: .get, url: server.url()))
        #expect(answer.head?.first("x-asked") == "none")
        #expect(answer.text == "no gzip at all")
    }

    @Test func `one connection serves one request after another`() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() { connection.answer(String(request.body.count)) }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        for round in 0..<50 {
            let body = ByteBuffer(repeating: 0x20, count: round)
            let answer = await reactor.run(TransferRequest(method: .post, url: server.url(), body: [body]))
            #expect(answer.text == String(round))
            #expect(answer.timings?.connectionReused == (round > 0))
        }
        #expect(server.connections == 1)
    }

    @Test func `two hundred at once all get their own answer`() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                connection.answer(String(decoding: request.body, as: UTF8.self))
            }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        for _ in 0..<3 {
            await withTaskGroup(of: (String, Recorder.Account).self) { group in
                for number in 0..<200 {
                    let text = "request \(number)"
                    let request = TransferRequest(method: .post, url: server.url(), body: [ByteBuffer(string: text)])
                    group.addTask { (text, await reactor.run(request)) }
                }
                for await (text, answer) in group {
                    #expect(answer.text == text)
                    #expect(answer.failure == nil && answer.disorder == 0)
                }
            }
        }
        #expect(server.connections <= 200)
    }

    @Test func `a limit on connections to one host makes the others wait`() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil { connection.answer("x") }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor(configuration: ReactorConfiguration(maxHostConnections: 3))
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<30 {
                group.addTask { await reactor.run(TransferRequest(method: .get, url: server.url())).text }
            }
            for await text in group { #expect(text == "x") }
        }
        #expect(server.connections <= 3)
    }

    @Test func `a redirect is an answer and goes nowhere`() async throws {
        let other = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.answer("never")
        }
        defer { other.stop() }
        let target = other.url("/stolen")
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.answer("", status: "307 Temporary Redirect", headers: "Location: \(target)\r\n")
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(
            TransferRequest(
                method: .post,
                url: server.url(),
                headers: [TransferHeader(name: "x-api-key", text: "secret")],
                body: [ByteBuffer(string: "{}")]
            )
        )
        #expect(answer.head?.status == 307)
        #expect(answer.head?.first("location") == target)
        #expect(other.connections == 0)
    }

    @Test(arguments: [
        ("file:///etc/passwd", "a", "b"), ("ftp://127.0.0.1/", "a", "b"), ("http://", "a", "b"), ("", "a", "b"),
        ("http://user:word@127.0.0.1:1/", "a", "b"), ("http://127.0.0.1:1/ HTTP/1.1\r\nX: y", "a", "b"),
        ("http://127.0.0.1:1/", "a b", "c"), ("http://127.0.0.1:1/", "", "c"),
        ("http://127.0.0.1:1/", "a", "b\r\nc: d"),
        ("http://127.0.0.1:1/", "a", "b\u{0}"), ("http://127.0.0.1:1/", "Content-Length", "5"),
        ("http://127.0.0.1:1/", "transfer-encoding", "chunked"), ("http://127.0.0.1:1/", "Connection", "close"),
    ])
    func `a request that cannot be sent soundly is not sent`(_ url: String, _ name: String, _ value: String)
        async throws
    {
        let reactor = try await Habitat.reactor()
        let answer = await reactor.run(
            TransferRequest(method: .post, url: url, headers: [TransferHeader(name: name, text: value)])
        )
        #expect(answer.failure == .invalidRequest)
        #expect(answer.timings?.requestMayHaveBeenSent == false)
        #expect(answer.head == nil)
    }

    @Test func `fetch gives a whole answer`() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil {
                connection.answer(String(repeating: "x", count: 300_000), status: "404 Not Found")
            }
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let request = TransferRequest(method: .get, url: server.url())
        let response = try await reactor.fetch(request, maximumBodyBytes: 300_000)
        #expect(response.status == 404)
        #expect(response.body.readableBytes == 300_000)
        await #expect(throws: TransferFailure.bodyTooLarge) {
            _ = try await reactor.fetch(request, maximumBodyBytes: 299_999)
        }
    }

    @Test func `what gathers an answer tells how far it came that failed`() async throws {
        let silent = try ScriptedServer { connection in _ = connection.readRequest() }
        let breaking = try ScriptedServer { connection in
            _ = connection.readRequest()
            _ = connection.write("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc")
        }
        let gone = try ScriptedServer(nil)
        gone.stop()
        defer { for server in [silent, breaking] { server.stop() } }
        let reactor = try await Habitat.reactor()
        for (server, failure) in [
            (gone, FetchFailure(.connectFailed, .notSent)), (silent, FetchFailure(.receiveFailed, .sent)),
            (breaking, FetchFailure(.cutShort, .answering(status: 201))),
        ] {
            let request = TransferRequest(method: .get, url: server.url())
            let found = await reactor.gather(request, maximumBodyBytes: 10)
            #expect(throws: failure) { _ = try found.get() }
        }
    }

    @Test func `a cancelled task cancels its fetch`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let reactor = try await Habitat.reactor()
        let task = Task {
            try await reactor.fetch(TransferRequest(method: .get, url: server.url()), maximumBodyBytes: 10)
        }
        task.cancel()
        let result = await task.result
        #expect(throws: TransferFailure.cancelled) { _ = try result.get() }
    }
}
