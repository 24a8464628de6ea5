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
        /// Nanoseconds on the monotonic clock.
        let until: UInt64
    }

    private struct Contents: Sendable {
        var known: [String: Known] = [:]
        /// Who waits for the names that are being looked up.
        var waiting: [String: [EventLoopPromise<NameVerdict>]] = [:]
        var isShutDown = false
    }

    /// An attacker's name may change at any time, but a provider looks it up for itself anyhow.
    private static let goodFor: UInt64 = 60_000_000_000
    /// Names that lead nowhere are soon looked up again: that may be the name servers' fault.
    private static let badFor: UInt64 = 5_000_000_000
    private static let maximumKnown = 10_000
    /// Names that are being looked up or wait for a thread.
    private static let maximumWaiting = 256

    private let pool: NIOThreadPool
    private let lookup: Lookup
    private let contents = NIOLockedValueBox(Contents())

    /// Starts the threads.
    package init(threads: Int = 4, lookup: @escaping Lookup = { SystemLookup.addresses(of: $0) }) {
        self.pool = NIOThreadPool(numberOfThreads: threads)
        self.lookup = lookup
        self.pool.start()
    }

    /// Where a name leads, no later than after `limit`; the future is of `eventLoop`.
    ///
    /// The name is complete: no search list of the system is tried with it.
    package func verdict(on name: String, within limit: TimeAmount, for eventLoop: any EventLoop) -> EventLoopFuture<
        NameVerdict
    > {
        let promise = eventLoop.makePromise(of: NameVerdict.self)
        let now = NIODeadline.now().uptimeNanoseconds
        /// Decided under the lock, done after it.
        enum Step {
            case answer(NameVerdict)
            case look
            case wait
        }
        let step: Step = self.contents.withLockedValue { contents in
            if let known = contents.known[name], known.until > now { return .answer(known.verdict) }
            if contents.waiting[name] != nil {
                contents.waiting[name]?.append(promise)
                return .wait
            }
            guard contents.waiting.count < NameResolver.maximumWaiting, !contents.isShutDown else {
                return .answer(.late)
            }
            contents.waiting[name] = [promise]
            return .look
        }
        switch step {
        case .answer(let verdict):
            promise.succeed(verdict)
            return promise.futureResult
        case .look:
            self.pool.submit { state in
                self.found(name, state == .active ? NameResolver.judge(self.lookup(name)) : .late)
            }
        case .wait: break
        }
        // A promise takes the first answer.
        let timer = eventLoop.scheduleTask(in: limit) { promise.succeed(.late) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    private static func judge(_ addresses: [NetworkAddress]) -> NameVerdict {
        guard !addresses.isEmpty else { return .unknown }
        return addresses.allSatisfy(\.isPublic) ? .public : .notPublic
    }

    private func found(_ name: String, _ verdict: NameVerdict) {
        let now = NIODeadline.now().uptimeNanoseconds
        let waiting = self.contents.withLockedValue { contents in
            if verdict != .late {
                if contents.known.count >= NameResolver.maximumKnown { contents.known.removeAll() }
                let time = verdict == .unknown ? NameResolver.badFor : NameResolver.goodFor
                contents.known[name] = Known(verdict: verdict, until: now + time)
            }
            return contents.waiting.removeValue(forKey: name) ?? []
        }
        for promise in waiting { promise.succeed(verdict) }
    }

    /// Ends the threads; a lookup that is running is waited for, those that wait are answered `late`.
    package func shutDown() async {
        self.contents.withLockedValue { $0.isShutDown = true }
        try? await self.pool.shutdownGracefully()
    }
}
