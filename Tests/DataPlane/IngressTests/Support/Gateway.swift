import CurlTransport
import Identity
import NIOCore
import NIOPosix
import Resolution
import Routing
import Testing

@testable import Ingress

/// A whole data plane on a loopback port, between a scripted provider and raw callers.
final class Gateway: Sendable {
    static let credential = "sk-upstream-0123456789"
    /// The provider's name of the model: one that must be escaped in JSON.
    static let upstreamModel = "up/1 \"é\""

    let upstream: ScriptedUpstream
    let journal: CollectingJournal
    let server: IngressServer
    let tokens: Tokens
    let serving: Bulletin<Serving>
    private let group: MultiThreadedEventLoopGroup
    private let reactors: [CurlReactor]
    private let resolver: NameResolver
    private let callers = Bulletin<[RawConnection]>([])

    private init(_ options: GatewayOptions, script: @escaping ScriptedUpstream.Script) async throws {
        let tokens = Tokens()
        let upstream = try await ScriptedUpstream.start(sendBuffer: options.upstreamSendBuffer, script)
        let state = try GatewaySnapshot.state(options: options, tokens: tokens, port: upstream.port)
        let serving = Bulletin(Serving.ready(state))
        let journal = CollectingJournal()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.loops)
        var reactors: [CurlReactor] = []
        for eventLoop in group.makeIterator() { reactors.append(try await CurlReactor.hosted(by: eventLoop)) }
        let resolver = NameResolver(threads: 2, lookup: options.lookup)
        self.resolver = resolver
        self.server = try await IngressServer.start(
            host: "127.0.0.1",
            port: 0,
            group: group,
            reactors: reactors,
            egress: Egress(proxy: options.isProxied ? "http://127.0.0.1:\(upstream.port)" : nil),
            limits: options.limits,
            serving: { serving.value },
            journal: journal,
            resolver: resolver
        )
        self.upstream = upstream
        self.journal = journal
        self.tokens = tokens
        self.serving = serving
        self.group = group
        self.reactors = reactors
    }

    /// Runs `test` against a gateway whose provider does what `script` says, and checks that nothing is left of it.
    static func run(
        _ options: GatewayOptions = GatewayOptions(),
        upstream script: @escaping ScriptedUpstream.Script,
        _ test: (Gateway) async throws -> Void
    ) async throws {
        let gateway = try await Gateway(options, script: script)
        do {
            try await test(gateway)
            try await gateway.stop()
        } catch {
            try? await gateway.stop()
            throw error
        }
    }

    private func stop() async throws {
        for caller in self.callers.value { await caller.close() }
        await self.server.drain()
        await self.resolver.shutDown()
        await self.upstream.stop()
        // The event loops do it behind what they do now, and before they tell what they hold.
        for reactor in self.reactors { reactor.shutdown() }
        let left = try await self.holdings()
        #expect(left == Holdings())
        #expect(self.journal.begun == self.journal.records.count)
        try await self.group.shutdownGracefully()
    }

    // MARK: What is inside

    struct Holdings: Hashable, Sendable {
        var connections = 0
        var exchanges = 0
        var bodyBytes = 0
        /// Attempts that the health of targets still waits for.
        var attempts = 0
    }

    /// What the event loops hold at this moment.
    func holdings() async throws -> Holdings {
        var sum = Holdings()
        for loop in self.server.loops {
            let (connections, exchanges, bytes, attempts) = try await loop.eventLoop.submit {
                let loop = loop.value
                let attempts = loop.health.reports().reduce(0) { $0 + $1.inFlight + $1.waiting }
                return (loop.connections.count, loop.link.table.value.exchanges.count, loop.budget.usedBytes, attempts)
            }.get()
            sum.connections += connections
            sum.exchanges += exchanges
            sum.bodyBytes = bytes
            sum.attempts = attempts
        }
        return sum
    }

    /// Bytes that the gateway's channels hold for callers.
    func bufferedBytes() async throws -> Int {
        var sum = 0
        for loop in self.server.loops {
            sum += try await loop.eventLoop.submit {
                loop.value.connections.all.reduce(0) { $0 + $1.bufferedBytes }
            }.get()
        }
        return sum
    }

    /// Lets every event loop look at its sockets once or more.
    func turn() async throws {
        for _ in 0..<2 {
            for loop in self.server.loops { try await loop.eventLoop.submit {}.get() }
        }
    }

    // MARK: Callers

    var port: Int { self.server.localAddress?.port ?? 0 }

    func connect(receiveBuffer: Int? = nil) async throws -> RawConnection {
        let caller = try await RawConnection.connect(to: self.port, receiveBuffer: receiveBuffer)
        self.callers.update { $0.append(caller) }
        return caller
    }

    /// A request's bytes, with the good token unless another or none is given.
    func request(
        _ method: String = "POST",
        _ path: String,
        _ body: String? = nil,
        token: String?? = nil,
        headers: String = ""
    ) -> String {
        let token = token ?? self.tokens.good
        var head = "\(method) \(path) HTTP/1.1\r\nHost: gateway.test\r\n\(headers)"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        return head + "\r\n" + (body ?? "")
    }

    /// The usual model request of a dialect.
    func request(_ sample: Sample, stream: Bool, model: String = "main", headers: String = "") -> String {
        self.request("POST", sample.path, sample.request(model: model, stream: stream), headers: headers)
    }

    /// Sends a request on a connection of its own and reads the whole answer.
    func answer(to request: String) async throws -> CallerAnswer {
        let caller = try await self.connect()
        try await caller.send(request)
        let answer = try await caller.readAnswer(toHead: request.hasPrefix("HEAD "))
        await caller.close()
        return answer
    }
}
