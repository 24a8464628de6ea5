import NIOCore
import NIOPosix
import NIOConcurrencyHelpers

/// One TCP connection as a test sees it, at either end: exact bytes out, exact bytes in, and a deadline on every
/// wait.
///
/// It reads only while a test waits for something, so that a test decides how far behind it is.
final class RawConnection: Sendable {
    enum End: Hashable, Sendable { case orderly, reset }

    private struct State {
        var bytes = ByteBuffer()
        var received = 0
        var sent = 0
        var isActive = false
        var end: End?
        var endedAt: ContinuousClock.Instant?
    }

    let channel: any Channel
    private let state = Bulletin(State())

    /// Adds itself to a channel that is being made.
    init(_ channel: any Channel) throws {
        self.channel = channel
        try channel.pipeline.syncOperations.addHandler(RawHandler(self))
    }

    /// Connects to a loopback port; `receiveBuffer` bounds what the kernel takes on the test's behalf.
    static func connect(
        to port: Int,
        on group: any EventLoopGroup = TestLoops.group,
        receiveBuffer: Int? = nil
    ) async throws -> RawConnection {
        let made = NIOLockedValueBox<RawConnection?>(nil)
        var bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.seconds(160))
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBuffer))
        }
        _ =
            try await bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try RawConnection(channel)
                    made.withLockedValue { $0 = connection }
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        guard let connection = made.withLockedValue({ $0 }) else { throw Impatience("no connection") }
        return connection
    }

    // MARK: What the channel tells

    func activated() { self.state.update { $0.isActive = true } }

    func arrived(_ bytes: ByteBuffer) {
        self.state.update { state in
            state.received += bytes.readableBytes
            state.bytes.writeImmutableBuffer(bytes)
        }
    }

    func ended(_ end: End) {
        self.state.update { state in
            guard state.end == nil else { return }
            state.end = end
            state.endedAt = .now
        }
    }

    // MARK: Output

    /// Sends, and waits until the kernel took it all.
    func send(_ bytes: ByteBuffer) async throws {
        try await self.channel.writeAndFlush(bytes).get()
        self.state.update { $0.sent += bytes.readableBytes }
    }

    func send(_ bytes: [UInt8]) async throws { try await self.send(ByteBuffer(bytes: bytes)) }

    func send(_ text: String) async throws { try await self.send(ByteBuffer(string: text)) }

    /// Ends sending, and goes on receiving.
    func halfClose() async throws { try await self.channel.close(mode: .output).get() }

    func close() async { try? await self.channel.close().get() }

    /// Closes with a reset instead of an orderly end.
    func reset() async throws {
        try await (self.channel as? any SocketOptionProvider)?
            .setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        await self.close()
    }

    // MARK: Input

    /// Bytes that the kernel took from us.
    var sentBytes: Int { self.state.value.sent }

    /// Bytes that were read, ever.
    var receivedBytes: Int { self.state.value.received }

    var end: End? { self.state.value.end }

    var endedAt: ContinuousClock.Instant? { self.state.value.endedAt }

    /// Waits until `take` finds what it wants in the bytes that were not taken yet; it takes by reading.
    ///
    /// Throws when the other side ended without it, or the deadline passed.
    func wait<Value: Sendable>(
        for what: String,
        seconds: Int64 = 160,
        reading: Bool = true,
        _ take: @Sendable (inout ByteBuffer, End?) -> Value?
    ) async throws -> Value {
        do {
            return try await self.state.wait(for: what, seconds: seconds) {
                if reading { self.channel.read() }
            } _: { state in
                if let value = take(&state.bytes, state.end) { return value }
                if let end = state.end { throw Impatience("\(end) end before \(what)") }
                return nil
            }
        } catch let impatience as Impatience {
            throw Impatience("\(impatience); left: \(String(buffer: self.state.value.bytes).prefix(2000))")
        }
    }

    /// Waits until the channel takes part in its event loop: a wish to read that comes before is lost.
    func waitUntilActive() async throws {
        try await self.state.wait(for: "a start") { $0.isActive || $0.end != nil ? () : nil }
    }

    func read(_ count: Int) async throws -> [UInt8] {
        try await self.wait(for: "\(count) bytes") { bytes, _ in bytes.readBytes(length: count) }
    }

    /// Everything up to and including `mark`.
    func read(through mark: String) async throws -> String {
        try await self.wait(for: "'\(mark)'") { bytes, _ in
            guard let range = bytes.readableBytesView.firstRange(of: Array(mark.utf8)) else { return nil }
            return bytes.readString(length: range.upperBound - bytes.readerIndex)
        }
    }

    /// Everything until the other side ends in order.
    func readToEnd() async throws -> [UInt8] {
        try await self.wait(for: "the end") { bytes, end in
            guard end == .orderly else { return nil }
            return bytes.readBytes(length: bytes.readableBytes)
        }
    }

    /// Waits for the other side's end and drops what it says before.
    @discardableResult
    func waitForEnd(seconds: Int64 = 160, reading: Bool = true) async throws -> End {
        try await self.wait(for: "an end", seconds: seconds, reading: reading) { bytes, end in
            bytes.clear()
            return end
        }
    }
}
