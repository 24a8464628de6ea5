import Contract
package import Identity
package import Logging
package import Postgres
import Sealing
import Storage
import Synchronization
import Wire

/// What nodes may ask for: heartbeats, snapshots and their secrets.
///
/// All but old snapshots is answered from memory, with or without PostgreSQL. Whatever a node sends is checked
/// here: its signature first.
package final class PlaneService: Sendable {
    private struct Memory {
        var nonces = NonceMemory(capacity: 100_000)
        var deliveries = DeliveryMemory()
        var isDraining = false
        /// Polls that are being held, by node.
        var held: [String: Int] = [:]
    }

    private let cluster: Cluster
    private let signingKey: SigningKey
    private let board: PlaneStateBoard
    private let reports: NodeReports
    private let pool: PostgresPool
    private let logger: Logger
    private let wallClock: @Sendable () -> Int64
    private let start = ContinuousClock.now
    private let memory = Mutex(Memory())

    /// A node needs one held poll; a few more are left over when its connections break.
    private static let maximumHeldPolls = 4

    /// `wallClock` tells milliseconds since 1970.
    package init(
        cluster: Cluster,
        board: PlaneStateBoard,
        reports: NodeReports,
        pool: PostgresPool,
        logger: Logger,
        wallClock: @escaping @Sendable () -> Int64
    ) {
        guard let signingKey = cluster.signingKeys.last else {
            preconditionFailure("a cluster has at least one signing key")
        }
        self.cluster = cluster
        self.signingKey = signingKey
        self.board = board
        self.reports = reports
        self.pool = pool
        self.logger = logger
        self.wallClock = wallClock
    }

    /// Answers a poll with a signed heartbeat, at once when there is news and else when there is or time is up.
    package func poll(_ request: SignedNodeRequest) async throws(NodeRefusal) -> [UInt8] {
        let node = try self.authenticate(request)
        let poll: PollRequest
        do {
            poll = try PollRequest(JSONReader.read(request.body))
        } catch let error as JSONShapeError {
            throw .malformed(field: error.field, problem: error.problem)
        } catch {
            throw .malformed(field: "", problem: "the body is not JSON")
        }
        guard poll.node == node.id else { throw .notAuthenticated }
        self.note(poll)
        let isHeld = self.memory.withLock { memory in
            guard !memory.isDraining, memory.held[node.id, default: 0] < PlaneService.maximumHeldPolls else {
                return false
            }
            memory.held[node.id, default: 0] += 1
            return true
        }
        if isHeld {
            await self.hold(poll)
            self.memory.withLock { memory in
                let left = memory.held[node.id, default: 1] - 1
                memory.held[node.id] = left > 0 ? left : nil
            }
        }
        return try self.heartbeat(answering: poll)
    }

    /// Answers all held polls and holds no more, because the process is about to end.
    package func drain() {
        self.memory.withLock { $0.isDraining = true }
        self.board.wakeAll()
    }

    /// The envelope of a snapshot.
    package func snapshot(_ sha256: Digest, for request: SignedNodeRequest) async throws(NodeRefusal) -> [UInt8] {
        _ = try self.authenticate(request)
        let state = self.board.current
        for snapshot in [state.current, state.previous] where snapshot?.reference.sha256 == sha256 {
            if let snapshot { return snapshot.envelope }
        }
        let stored = try await self.ask { try await SnapshotRepository.read(sha256: sha256, in: $0) }
        guard let stored else { throw .unknownSnapshot }
        return stored.envelope
    }

    /// The node's own bundle of secrets for a snapshot.
    package func secrets(of sha256: Digest, for request: SignedNodeRequest) async throws(NodeRefusal) -> [UInt8] {
        let node = try self.authenticate(request)
        let state = self.board.current
        if state.current?.reference.sha256 == sha256, let secrets = state.nodes[node.id]?.secrets {
            return secrets.bytes
        }
        let bundles = try await self.ask { try await NodeSecretsRepository.all(snapshot: sha256, in: $0) }
        guard let bundle = bundles.first(where: { $0.node == node.id }) else { throw .unknownSnapshot }
        return bundle.sealed
    }

    /// The node that signed the request, in a state of the plane that knows it.
    private func authenticate(_ request: SignedNodeRequest) throws(NodeRefusal) -> PlaneNode {
        let state = self.board.current
        let node = state.nodes[request.node]
        guard let key = node?.signingKey ?? state.removedKeys[request.node] else { throw .notAuthenticated }
        let isSigned = NodeSignature.verify(
            method: request.method,
            path: request.path,
            body: request.body,
            node: request.node,
            time: request.time,
            nonce: request.nonce,
            signature: request.signature,
            publicKey: key
        )
        guard isSigned else { throw .notAuthenticated }
        guard let node else { throw .removed }
        guard self.memory.withLock({ $0.nonces.note(request.nonce, of: node.id) }) else { throw .replayed }
        return node
    }

    private func note(_ poll: PollRequest) {
        let now = self.wallClock()
        let report = NodeReport(
            bootID: poll.bootID,
            builtBy: poll.builtBy,
            running: poll.running,
            revocationSequence: poll.revocationSequence,
            clockSkew: poll.clock.subtractingReportingOverflow(Int(now)).partialValue,
            verdict: poll.verdict,
            targets: poll.targets
        )
        self.reports.note(report, of: poll.node)
    }

    private func hold(_ poll: PollRequest) async {
        let deadline = ContinuousClock.now + .milliseconds(poll.waitMilliseconds)
        while !Task.isCancelled {
            let generation = self.board.generation
            let state = self.board.current
            var wait = ContinuousClock.now.duration(to: deadline)
            // A removed node is told at its next poll.
            guard wait > .zero, state.nodes[poll.node] != nil, !self.memory.withLock({ $0.isDraining }) else { return }
            if state.hasNews(for: poll) {
                let holdBack = self.memory.withLock {
                    $0.deliveries.holdBack(poll, state, at: self.start.duration(to: .now))
                }
                guard holdBack > .zero else { return }
                wait = min(wait, holdBack)
            }
            await self.board.waitForChange(after: generation, atMost: wait)
        }
    }

    private func heartbeat(answering poll: PollRequest) throws(NodeRefusal) -> [UInt8] {
        let state = self.board.current
        guard state.nodes[poll.node] != nil else { throw .removed }
        let heartbeat = state.heartbeat(
            answering: poll,
            clusterID: self.cluster.id,
            now: Int(self.wallClock())
        )
        self.memory.withLock { memory in
            memory.deliveries.note(heartbeat, bootID: poll.bootID, at: self.start.duration(to: .now))
            memory.deliveries.keep(state.nodes.keys)
        }
        do {
            return try HeartbeatSeal.seal(heartbeat, key: self.signingKey)
        } catch {
            self.logger.error("a heartbeat cannot be signed", metadata: ["reason": "\(error)"])
            throw .internalError
        }
    }

    private func ask<Output: Sendable>(
        _ body: (Transaction) async throws -> Output
    ) async throws(NodeRefusal) -> Output {
        do {
            return try await self.pool.withTransaction { try await body($0) }
        } catch {
            let refusal = (error as? PostgresError).map { NodeRefusal($0) } ?? .internalError
            if refusal == .internalError {
                self.logger.error("a node's question cannot be answered", metadata: ["reason": "\(error)"])
            }
            throw refusal
        }
    }
}
