package import Logging
package import Postgres
package import Storage
import Synchronization

/// What nodes said of themselves and is not stored yet: the last word of each, written in batches.
///
/// While PostgreSQL is away the reports wait here; nothing that a node needs depends on them.
package final class NodeReports: Sendable {
    private struct Pending {
        var report: NodeReport
        let heardAt: ContinuousClock.Instant
        var verdictHeardAt: ContinuousClock.Instant

        /// A verdict is said once; it must survive the reports after it.
        mutating func keepVerdict(of earlier: Pending) {
            guard self.report.verdict == nil, let verdict = earlier.report.verdict else { return }
            self.report.verdict = verdict
            self.verdictHeardAt = earlier.verdictHeardAt
        }
    }

    private struct State {
        var pending: [String: Pending] = [:]
        /// What each node said before, to tell news from "still here".
        var last: [String: NodeReport] = [:]
    }

    private let pool: PostgresPool
    private let logger: Logger
    private let state = Mutex(State())
    private let urgent: AsyncStream<Void>
    private let urgentSource: AsyncStream<Void>.Continuation

    /// How long a report that only says "still here" may wait.
    private static let interval = Duration.seconds(2)

    package init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
        (self.urgent, self.urgentSource) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes note; what is new is stored at once, for whoever revoked a token waits for it.
    package func note(_ report: NodeReport, of node: String, at now: ContinuousClock.Instant = .now) {
        let isNews = self.state.withLock { state in
            var pending = Pending(report: report, heardAt: now, verdictHeardAt: now)
            if let earlier = state.pending[node] { pending.keepVerdict(of: earlier) }
            state.pending[node] = pending
            let before = state.last.updateValue(report, forKey: node)
            return report.verdict != nil || before?.running != report.running
                || before?.revocationSequence != report.revocationSequence
        }
        if isNews { self.urgentSource.yield() }
    }

    /// Stores reports until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in self.urgent { await self.store() }
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: NodeReports.interval)
                    self.urgentSource.yield()
                }
            }
        }
    }

    /// Stores all that is pending; while PostgreSQL is away it stays pending.
    ///
    /// A report that cannot be stored as it is holds back no other, and is forgotten.
    package func store() async {
        let batch = self.state.withLock { state in
            defer { state.pending = [:] }
            return state.pending
        }
        guard !batch.isEmpty else { return }
        do {
            try await self.store(batch)
        } catch {
            guard NodeReports.isAboutValues(error) else {
                self.keep(batch, because: error)
                return
            }
            await self.storeEach(of: batch)
        }
    }

    private func store(_ batch: [String: Pending]) async throws {
        try await self.pool.withTransaction { transaction in
            // In one order everywhere, so that two control planes do not wait for each other.
            for (node, pending) in batch.sorted(by: { $0.key < $1.key }) {
                let now = ContinuousClock.now
                try await NodeRepository.store(
                    pending.report,
                    of: node,
                    age: Int(pending.heardAt.duration(to: now) / .milliseconds(1)),
                    verdictAge: Int(pending.verdictHeardAt.duration(to: now) / .milliseconds(1)),
                    in: transaction
                )
            }
        }
    }

    private func storeEach(of batch: [String: Pending]) async {
        var left = batch
        for (node, pending) in batch {
            do {
                try await self.store([node: pending])
            } catch {
                guard NodeReports.isAboutValues(error) else {
                    self.keep(left, because: error)
                    return
                }
                self.logger.error(
                    "a report of a node cannot be stored",
                    metadata: ["node": "\(node)", "reason": "\(error)"]
                )
            }
            left[node] = nil
        }
    }

    private func keep(_ batch: [String: Pending], because error: any Error) {
        self.logger.debug("reports of nodes cannot be stored", metadata: ["reason": "\(error)"])
        self.state.withLock { state in
            state.pending.merge(batch) { newer, older in
                var newer = newer
                newer.keepVerdict(of: older)
                return newer
            }
        }
    }

    /// Whether it is what was to be stored that failed, and would fail again.
    private static func isAboutValues(_ error: any Error) -> Bool {
        switch error as? PostgresError {
        case .invalidValue, .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .other: true
        case .unavailable, .unknownOutcome, .serialization, .readOnly, .statementTimeout, .lockTimeout,
            .invalidStatement, .undecodable, nil:
            false
        }
    }
}
