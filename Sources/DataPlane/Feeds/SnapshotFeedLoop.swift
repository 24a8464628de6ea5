import Contract
import CurlTransport
import Identity
import Logging
import Routing
import Sealing
import Wire

/// Does what the state machine decides, one thing at a time.
struct SnapshotFeedLoop {
    let feed: SnapshotFeed
    let board: ServingBoard
    let client: PlaneClient
    let identity: NodeIdentity
    let membership: Membership
    let admission: SnapshotAdmission
    let builtBy: String
    let targets: @Sendable () -> [TargetHealth]
    let clock: FeedClock
    let logger: Logger
    /// New at each start of the process.
    let bootID: String
    var store: SnapshotStore
    var machine: SnapshotFeedStateMachine
    /// The state before the last exchange, let go of when the new one counts as good: freeing a large one takes
    /// milliseconds, which belong to this task and not to the request that happens to hold it last.
    var former: ServingState?
    private var revocationSequence: Int
    private var revokedTokens: Set<String> = []
    private var heardWrittenAt: Int?

    /// How often the time of the last heartbeat goes to disk, in milliseconds.
    private static let heardInterval = 60_000

    init(
        feed: SnapshotFeed,
        board: ServingBoard,
        client: PlaneClient,
        identity: NodeIdentity,
        membership: Membership,
        store: SnapshotStore,
        limits: SnapshotFeedStateMachine.Limits,
        builtBy: String,
        targets: @escaping @Sendable () -> [TargetHealth],
        clock: FeedClock,
        logger: Logger
    ) {
        self.feed = feed
        self.board = board
        self.client = client
        self.identity = identity
        self.membership = membership
        self.admission = SnapshotAdmission(trust: membership.trust)
        self.store = store
        self.revocationSequence = store.revocationSequence
        self.machine = SnapshotFeedStateMachine(
            limits: limits,
            highest: store.highest,
            revocationSequence: store.revocationSequence
        )
        self.builtBy = builtBy
        self.targets = targets
        self.clock = clock
        self.logger = logger
        self.bootID = SecureRandom.uuid()
    }

    /// Polls, applies and promotes until the task is cancelled.
    mutating func run() async {
        while !Task.isCancelled {
            switch self.machine.next(at: self.clock.monotonic()) {
            case .wait(let milliseconds):
                try? await Task.sleep(for: .milliseconds(milliseconds))
            case .promote(let reference):
                self.former = nil
                self.persist { (store) throws(StoreError) in try store.promote(reference) }
                self.logger.info("snapshot counts as good", metadata: ["version": "\(reference.version)"])
            case .poll(let server, let wait, let running, let verdict):
                self.catchUp()
                await self.poll(server, wait: wait, running: running, verdict: verdict)
            case .none:
                // Unreachable while one thing is done at a time; a pause keeps even a mistake from spinning.
                try? await Task.sleep(for: .seconds(1))
            }
        }
        // An orderly stop in the middle of a trial is no crash.
        if let running = self.machine.running {
            self.persist { (store) throws(StoreError) in try store.endTrial(of: running) }
        }
    }

    /// Keeps something on disk; serving does not depend on it.
    mutating func persist(_ change: (inout SnapshotStore) throws(StoreError) -> Void) {
        do {
            try change(&self.store)
        } catch {
            self.feed.count { $0.storeFailures += 1 }
            self.logger.error("the state directory fails", metadata: ["reason": "\(error)"])
        }
    }

    /// Tries again, at the pace of polls, to keep what the disk did not take.
    private mutating func catchUp() {
        guard self.store.isBehind else { return }
        self.persist { (store) throws(StoreError) in try store.catchUp() }
        guard !self.store.isBehind else { return }
        self.logger.notice("the state directory works again")
    }

    /// A signed request to a control plane.
    func send(
        _ method: TransferRequest.Method,
        _ path: String,
        to server: Int,
        body: [UInt8] = [],
        wait: Int = 0,
        maximumBytes: Int
    ) async throws(PlaneFailure) -> [UInt8] {
        let headers: [(String, String)]
        do {
            headers = try self.identity.signedHeaders(
                method: method.rawValue,
                path: path,
                body: body,
                node: self.membership.nodeID,
                time: self.clock.wall(),
                nonce: Hex.encode(SecureRandom.bytes(16))
            )
        } catch {
            throw .transport(.invalidRequest)
        }
        return try await self.client.send(
            method,
            path,
            to: server,
            headers: headers,
            body: body,
            wait: wait,
            maximumBytes: maximumBytes
        )
    }

    private mutating func poll(
        _ server: Int,
        wait: Int,
        running: SnapshotReference?,
        verdict: SnapshotVerdict?
    ) async {
        let request = PollRequest(
            node: self.membership.nodeID,
            bootID: self.bootID,
            nonce: Hex.encode(SecureRandom.bytes(16)),
            running: running,
            verdict: verdict,
            revocationSequence: self.revocationSequence,
            waitMilliseconds: min(max(wait, PollRequest.waitRange.lowerBound), PollRequest.waitRange.upperBound),
            clock: self.clock.wall(),
            builtBy: self.builtBy,
            targets: self.targets()
        )
        let problem: String
        do {
            let answer = try await self.send(
                .post,
                NodeRequest.pollPath,
                to: server,
                body: JSONWriter.write(request.json),
                wait: wait,
                maximumBytes: Heartbeat.maximumBytes + 4096
            )
            let heartbeat = try HeartbeatSeal.open(
                answer,
                trust: self.membership.trust,
                node: self.membership.nodeID,
                nonce: request.nonce
            )
            self.heard(heartbeat, running: running)
            switch self.machine.received(heartbeat, at: self.clock.monotonic()) {
            case .rest: break
            case .apply(let offer): await self.apply(offer, from: server)
            }
            return
        } catch let failure as PlaneFailure {
            problem = failure.description
        } catch let rejection as HeartbeatRejection {
            problem = rejection.code
        } catch {
            problem = "unknown"
        }
        guard !Task.isCancelled else { return }
        self.machine.pollFailed(at: self.clock.monotonic(), random: SecureRandom.word())
        self.feed.count { $0.pollFailures += 1 }
        self.logger.warning(
            "the control plane cannot be heard",
            metadata: ["control_plane": "\(self.client.servers[server])", "reason": "\(problem)"]
        )
    }

    private mutating func heard(_ heartbeat: Heartbeat, running: SnapshotReference?) {
        self.board.heard()
        let revoked = Set(heartbeat.revokedTokens)
        let isNews = heartbeat.revocationSequence != self.revocationSequence || revoked != self.revokedTokens
        if let running { _ = self.board.revoke(revoked, on: running) }
        self.revocationSequence = heartbeat.revocationSequence
        self.revokedTokens = revoked
        self.feed.count {
            $0.heartbeats += 1
            $0.revokedTokens = revoked.count
        }
        let now = self.clock.monotonic()
        if let written = self.heardWrittenAt, !isNews, now - written < SnapshotFeedLoop.heardInterval { return }
        self.heardWrittenAt = now
        let wall = self.clock.wall()
        self.persist { (store) throws(StoreError) in
            try store.heard(
                at: wall,
                revoked: heartbeat.revokedTokens,
                sequence: heartbeat.revocationSequence,
                on: running
            )
        }
    }
}
