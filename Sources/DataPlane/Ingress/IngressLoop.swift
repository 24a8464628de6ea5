import CurlTransport
import Exchange
import JSONScan
import NIOCore
import Resolution
import Routing
import Telemetry

/// What all connections of one event loop share: the scanner, the way upstream, the clock and the chance.
///
/// Touched on its loop only.
final class IngressLoop {
    let eventLoop: any EventLoop
    let limits: IngressLimits
    let serving: @Sendable () -> Serving
    let link: UpstreamLink
    let journal: any RequestJournal
    let budget: ByteBudget
    let health: HealthRegister
    let decisions: DecisionBoard
    let resolver: NameResolver
    let allocator = ByteBufferAllocator()
    var authenticator = TokenAuthenticator()
    var scanner: BodyScanner
    private var randomness = RandomPool()
    private(set) var connections = ConnectionRing<ConnectionHandler>()
    /// Transfers whose answers are complete but whose providers have not closed them, with the second at which
    /// that is no longer waited for.
    private var ending: [(transfer: Transfer, until: Int)] = []
    /// Set when the process was told to stop: answers end their connections.
    private(set) var isDraining = false
    /// Seconds on the monotonic clock, as of the last sweep: exact enough for limits of seconds.
    private(set) var second: Int
    private var dateSecond = -1
    private var dateText = ""

    init(
        eventLoop: any EventLoop,
        limits: IngressLimits,
        serving: @escaping @Sendable () -> Serving,
        reactor: CurlReactor,
        egress: Egress,
        journal: any RequestJournal,
        budget: ByteBudget,
        health: HealthRegister,
        decisions: DecisionBoard,
        resolver: NameResolver
    ) throws {
        self.eventLoop = eventLoop
        self.limits = limits
        self.serving = serving
        self.link = UpstreamLink(eventLoop: eventLoop, reactor: reactor, egress: egress)
        self.journal = journal
        self.budget = budget
        self.health = health
        self.decisions = decisions
        self.resolver = resolver
        self.scanner = try BodyScanner()
        self.second = Int(MonotonicClock.now() / 1_000_000_000)
    }

    func random() -> UInt64 { self.randomness.next() }

    /// The `Date` header for now, written once per second.
    func date() -> String {
        let now = WallClock.now() / 1000
        if now != self.dateSecond {
            self.dateSecond = now
            self.dateText = HTTPDate.text(secondsSince1970: now)
        }
        return self.dateText
    }

    func add(_ connection: ConnectionHandler) { self.connections.add(connection) }

    func remove(_ connection: ConnectionHandler) { self.connections.remove(connection) }

    /// ``ConnectionRing/turns`` times a second: lets connections look at their limits, each once a second.
    func sweep() {
        self.second = Int(MonotonicClock.now() / 1_000_000_000)
        let (connections, isLast) = self.connections.next()
        for connection in connections { connection.tick(self.second) }
        guard isLast else { return }
        if case .ready(let state) = self.serving() { self.health.keep(to: state) }
        self.decisions.expire()
        for (transfer, until) in self.ending where until <= self.second { transfer.cancel() }
        self.ending.removeAll { $0.until <= self.second }
    }

    /// Gives a provider that has told all a moment to end its answer in form, so that the connection can serve
    /// again.
    func endGrace(_ transfer: Transfer) {
        self.ending.append((transfer, self.second + 3))
    }

    /// From now on connections close when they fall idle.
    func beginDraining() {
        self.isDraining = true
        for connection in self.connections.all { connection.drain() }
    }

    /// Running answers have had their time: whoever waits for one is told.
    func shutDown() {
        for connection in self.connections.all { connection.shutDown() }
    }

    func closeAll() {
        for connection in self.connections.all { connection.abort() }
    }
}
