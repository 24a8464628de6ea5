import NIOCore
import NIOPosix

/// A provider in the test's hands: one script per connection decides every byte that it answers.
final class ScriptedUpstream: Sendable {
    typealias Script = @Sendable (RawConnection, ScriptedUpstream) async throws -> Void

    private struct State: Sendable {
        var connections: [RawConnection] = []
        var requests: [RecordedRequest] = []
    }

    private let channel: any Channel
    let port: Int
    private let state = Bulletin(State())

    private init(channel: any Channel, port: Int) {
        self.channel = channel
        self.port = port
    }

    /// Listens on a loopback port.
    ///
    /// A script that throws, or returns, closes its connection.
    static func start(sendBuffer: Int? = nil, _ script: @escaping Script) async throws -> ScriptedUpstream {
        var bootstrap = ServerBootstrap(group: TestLoops.group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
        if let sendBuffer {
            bootstrap = bootstrap.serverChannelOption(
                .socketOption(.so_sndbuf),
                value: SocketOptionValue(sendBuffer)
            )
        }
        let gate = Gate()
        let channel =
            try await bootstrap
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try gate.open(channel) }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let upstream = ScriptedUpstream(channel: channel, port: channel.localAddress?.port ?? 0)
        gate.set { channel in
            let connection = try RawConnection(channel)
            upstream.state.update { $0.connections.append(connection) }
            Task {
                try? await connection.waitUntilActive()
                try? await script(connection, upstream)
                await connection.close()
            }
        }
        return upstream
    }

    /// Answers requests one after the other, each with what `answer` makes of it.
    static func serving(
        _ answer: @escaping @Sendable (RecordedRequest) -> String
    ) -> Script {
        { connection, upstream in
            while true {
                let request = try await upstream.next(on: connection)
                try await connection.send(answer(request))
            }
        }
    }

    /// Reads a request and remembers it.
    func next(on connection: RawConnection) async throws -> RecordedRequest {
        let request = try await connection.readRequest()
        self.state.update { $0.requests.append(request) }
        return request
    }

    var requests: [RecordedRequest] { self.state.value.requests }

    var connections: [RawConnection] { self.state.value.connections }

    /// Waits until `count` requests have come.
    @discardableResult
    func requests(_ count: Int) async throws -> [RecordedRequest] {
        try await self.state.wait(for: "\(count) requests") { $0.requests.count >= count ? $0.requests : nil }
    }

    /// Waits until `count` connections have come.
    func connections(_ count: Int) async throws -> [RawConnection] {
        try await self.state.wait(for: "\(count) connections") { $0.connections.count >= count ? $0.connections : nil }
    }

    func stop() async {
        try? await self.channel.close().get()
        for connection in self.connections { await connection.close() }
    }
}

extension RawConnection {
    /// Whether this is the first connection that the upstream accepted.
    func isFirst(of upstream: ScriptedUpstream) -> Bool { upstream.connections.first === self }
}
