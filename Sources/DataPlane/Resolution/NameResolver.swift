package import Addresses
import NIOConcurrencyHelpers
package import NIOCore
import NIOPosix

/// Finds out where names lead, on threads of its own: the system's resolver blocks.
///
/// Requests for a name that is being looked up wait for that one lookup. A name server that does not answer holds
/// threads, so what waits for one is bounded, and who waits gives up in time.
package final class NameResolver: Sendable {
    /// Blocks; empty when the name leads nowhere.
    package typealias Lookup = @Sendable (String) -> [NetworkAddress]

    private struct Known: Sendable {
        let verdict: NameVerdict
        let until: NIODeadline
    }

    private struct Contents: Sendable {
        var known: [String: Known] = [:]
        var queue: LookupQueue<EventLoopPromise<NameVerdict>>
        var isShutDown = false
    }

    /// An attacker's name may change at any time, but a provider looks it up for itself anyhow.
    private static let goodFor = TimeAmount.seconds(60)
    /// Names that lead nowhere are soon looked up again: that may be the name servers' fault.
    private static let badFor = TimeAmount.seconds(5)
    private static let maximumKnown = 10_000
    /// Names that wait for a thread.
    static let maximumWaiting = 256

    private let pool: NIOThreadPool
    private let lookup: Lookup
    private let now: @Sendable () -> NIODeadline
    private let contents: NIOLockedValueBox<Contents>

    /// Starts the threads.
    ///
    /// A name is complete: no search list of the system is to be tried with it.
    package init(
        threads: Int = 4,
        now: @escaping @Sendable () -> NIODeadline = { NIODeadline.now() },
        lookup: @escaping Lookup = { SystemLookup.addresses(of: SystemLookup.complete($0)) }
    ) {
        self.pool = NIOThreadPool(numberOfThreads: threads)
        self.lookup = lookup
        self.now = now
        self.contents = NIOLockedValueBox(
            Contents(queue: LookupQueue(threads: threads, capacity: NameResolver.maximumWaiting))
        )
        self.pool.start()
    }

    /// Where a name leads, no later than after `limit`; the future is of `eventLoop`.
    package func verdict(on name: String, within limit: TimeAmount, for eventLoop: any EventLoop) -> EventLoopFuture<
        NameVerdict
    > {
        let promise = eventLoop.makePromise(of: NameVerdict.self)
        let now = self.now()
        /// Decided under the lock, done after it.
        enum Step {
            case answer(NameVerdict)
            case wait(Int, starts: Bool)
        }
        let step: Step = self.contents.withLockedValue { contents in
            if let known = contents.known[name], known.until > now { return .answer(known.verdict) }
            guard !contents.isShutDown else { return .answer(.busy) }
            switch contents.queue.join(name, promise) {
            case .full: return .answer(.busy)
            case .waits(let ticket, let starts): return .wait(ticket, starts: starts)
            }
        }
        switch step {
        case .answer(let verdict): promise.succeed(verdict)
        case .wait(let ticket, let starts):
            let timer = eventLoop.scheduleTask(in: limit) { self.giveUp(name, ticket) }
            promise.futureResult.whenComplete { _ in timer.cancel() }
            if starts { self.pool.submit { _ in self.work() } }
        }
        return promise.futureResult
    }

    /// Looks up one name after the other until none is queued.
    private func work() {
        while let name = self.contents.withLockedValue({ $0.queue.next() }) {
            self.found(name, NameResolver.judge(self.lookup(name)))
        }
    }

    private static func judge(_ addresses: [NetworkAddress]) -> NameVerdict {
        guard !addresses.isEmpty else { return .unknown }
        return addresses.allSatisfy(\.isPublic) ? .public : .notPublic
    }

    private func found(_ name: String, _ verdict: NameVerdict) {
        let until = self.now() + (verdict == .unknown ? NameResolver.badFor : NameResolver.goodFor)
        let waiting = self.contents.withLockedValue { contents in
            if contents.known.count >= NameResolver.maximumKnown { contents.known.removeAll() }
            contents.known[name] = Known(verdict: verdict, until: until)
            return contents.queue.ended(name)
        }
        for promise in waiting { promise.succeed(verdict) }
    }

    private func giveUp(_ name: String, _ ticket: Int) {
        guard let left = self.contents.withLockedValue({ $0.queue.leave(name, ticket) }) else { return }
        left.waiter.succeed(left.hadBegun ? .late : .busy)
    }

    /// Ends the threads; a lookup that is running is waited for, those that wait are answered `busy`.
    package func shutDown() async {
        let waiting = self.contents.withLockedValue { contents in
            contents.isShutDown = true
            return contents.queue.removeQueued()
        }
        for promise in waiting { promise.succeed(.busy) }
        try? await self.pool.shutdownGracefully()
    }
}
