package import CurlTransport
import Logging
package import NIOCore
import NIOHTTP1
package import NIOPosix
package import Resolution
package import Routing

/// The public listener of a data plane: binds, accepts, and drains when told to stop.
package final class IngressServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    let loops: [NIOLoopBound<IngressLoop>]
    private let channel: any Channel
    private let sweeps: [RepeatedTask]
    private let limits: IngressLimits
    private let connectionCount: ConnectionCount

    /// How many callers are connected.
    package var connections: Int { self.connectionCount.value }

    /// The address that callers connect to; the port is the real one when 0 was asked for.
    package var localAddress: SocketAddress? { self.channel.localAddress }

    private init(
        group: MultiThreadedEventLoopGroup,
        loops: [NIOLoopBound<IngressLoop>],
        channel: any Channel,
        sweeps: [RepeatedTask],
        limits: IngressLimits,
        connectionCount: ConnectionCount
    ) {
        self.group = group
        self.loops = loops
        self.channel = channel
        self.sweeps = sweeps
        self.limits = limits
        self.connectionCount = connectionCount
    }

    /// Binds and begins to accept.
    ///
    /// `reactors` holds one per event loop of `group`, in its order.
    package static func start(
        host: String,
        port: Int,
        group: MultiThreadedEventLoopGroup,
        reactors: [CurlReactor],
        egress: Egress = Egress(),
        limits: IngressLimits,
        serving: @escaping @Sendable () -> Serving,
        journal: any RequestJournal,
        health: HealthRegister = HealthRegister(),
        decisions: DecisionBoard = DecisionBoard(),
        resolver: NameResolver
    ) async throws -> IngressServer {
        let budget = ByteBudget(limit: limits.bufferedBodyBytes)
        var loops: [NIOLoopBound<IngressLoop>] = []
        var sweeps: [RepeatedTask] = []
        let interval = TimeAmount.nanoseconds(1_000_000_000 / Int64(ConnectionRing<ConnectionHandler>.turns))
        for (index, eventLoop) in group.makeIterator().enumerated() {
            let reactor = reactors[index % reactors.count]
            let bound = try await eventLoop.submit {
                NIOLoopBound(
                    try IngressLoop(
                        eventLoop: eventLoop,
                        limits: limits,
                        serving: serving,
                        reactor: reactor,
                        egress: egress,
                        journal: journal,
                        budget: budget,
                        health: health,
                        decisions: decisions,
                        resolver: resolver
                    ),
                    eventLoop: eventLoop
                )
            }.get()
            loops.append(bound)
            sweeps.append(
                eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
                    bound.value.sweep()
                }
            )
        }
        let loopByID = Dictionary(
            zip(group.makeIterator().map { ObjectIdentifier($0) }, loops),
            uniquingKeysWith: { first, _ in first }
        )
        let connectionCount = ConnectionCount(limit: limits.connections, perAddress: limits.connectionsPerAddress)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                // Without descriptors for another caller the listener would try again at once, for ever.
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: ReadBufferAllocator())
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            .childChannelInitializer { channel in
                guard let loop = loopByID[ObjectIdentifier(channel.eventLoop)],
                    let place = connectionCount.enter(from: channel.remoteAddress)
                else {
                    return channel.close()
                }
                channel.closeFuture.whenComplete { _ in connectionCount.leave(place) }
                return channel.eventLoop.makeCompletedFuture {
                    try IngressServer.configure(channel, loop: loop.value)
                }
            }
            .bind(host: host, port: port)
            .get()
        return IngressServer(
            group: group,
            loops: loops,
            channel: channel,
            sweeps: sweeps,
            limits: limits,
            connectionCount: connectionCount
        )
    }

    private static func configure(_ channel: any Channel, loop: IngressLoop) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = loop.limits.headerBytes
        limits.maxHeaderListSize = loop.limits.headerBytes
        limits.maxHeaderFieldCount = loop.limits.headerCount
        let decoder = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes,
            informationalResponseStrategy: .drop,
            limitConfiguration: limits
        )
        let tap = RequestLineTap()
        try channel.pipeline.syncOperations.addHandlers(
            tap,
            ByteToMessageHandler(decoder),
            ConnectionHandler(loop: loop, tap: tap)
        )
    }

    /// Stops accepting, lets running answers end for at most `limits.drain` seconds, breaks off what is left, and closes.
    ///
    /// It takes no longer than `limits.drain` and `limits.farewell` together.
    package func drain() async {
        try? await self.channel.close()
        for loop in self.loops {
            try? await loop.eventLoop.submit { loop.value.beginDraining() }.get()
        }
        await self.waitForCallers(seconds: self.limits.drain)
        for loop in self.loops {
            try? await loop.eventLoop.submit { loop.value.shutDown() }.get()
        }
        await self.waitForCallers(seconds: self.limits.farewell)
        for loop in self.loops {
            try? await loop.eventLoop.submit { loop.value.closeAll() }.get()
        }
        for sweep in self.sweeps { sweep.cancel() }
    }

    /// Until nobody is connected any more, or the time is up.
    private func waitForCallers(seconds: Int) async {
        let start = ContinuousClock.now
        while self.connectionCount.value > 0, start.duration(to: .now) < .seconds(seconds) {
            // A poll of a counter, not a race: how long answers take is not ours to know.
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
