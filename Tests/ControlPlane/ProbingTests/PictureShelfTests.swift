import CurlTransport
import Logging
import NIOCore
import Probing
import Synchronization
import Testing

@Suite("The picture shelf")
struct PictureShelfTests {
    /// A clock that is set by hand.
    private final class Clock: Sendable {
        let now = Mutex(1_800_000_000_000)
    }

    @Test("a picture is there for ten minutes, under a name of its own")
    func expiry() {
        let clock = Clock()
        let shelf = PictureShelf { clock.now.withLock { $0 } }
        let name = shelf.put([1, 2, 3])
        #expect(name.count == 64 && shelf.put([1, 2, 3]) != name)
        #expect(shelf.picture(name) == [1, 2, 3])
        clock.now.withLock { $0 += 599_999 }
        #expect(shelf.picture(name) == [1, 2, 3])
        clock.now.withLock { $0 += 1 }
        #expect(shelf.picture(name) == nil)
    }

    @Test("the oldest picture makes room for the newest")
    func capacity() {
        let shelf = PictureShelf { 0 }
        let names = (0..<257).map { _ in shelf.put([7]) }
        #expect(names.map { shelf.picture($0) != nil } == [false] + Array(repeating: true, count: 256))
    }

    @Test("the listener gives a picture to who knows its name, and nothing to others")
    func served() async throws {
        let shelf = PictureShelf { 0 }
        let name = shelf.put([0x89, 0x50])
        let (ports, source) = AsyncStream<Int>.makeStream()
        let listener = PictureListener(
            host: "127.0.0.1",
            port: 0,
            shelf: shelf,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onBound: { port in source.yield(port) }
        )
        let serving = Task { try await listener.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let reactor = try CurlReactor(name: "test")
        func get(_ path: String, _ method: TransferRequest.Method = .get) async throws -> TransferResponse {
            let request = TransferRequest(method: method, url: "http://127.0.0.1:\(port)\(path)")
            return try await reactor.fetch(request, maximumBodyBytes: 1024)
        }
        let found = try await get("/pictures/\(name).png")
        #expect(found.status == 200 && Array(found.body.readableBytesView) == [0x89, 0x50])
        #expect(found.head.first("content-type") == "image/png")
        let other = String(repeating: "0", count: 64)
        for path in ["/", "/pictures/\(name)", "/pictures/\(other).png", "/\(name).png"] {
            let status = try await get(path).status
            #expect(status == 404, "\(path)")
        }
        let posted = try await get("/pictures/\(name).png", .post).status
        #expect(posted == 404)
        reactor.shutdown()
        serving.cancel()
        _ = await serving.result
    }
}
