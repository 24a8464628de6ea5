import Contract
import Identity
import NIOCore
import NIOHTTP1
import NIOPosix
import Sealing
import NIOConcurrencyHelpers
import Wire

/// A control plane in the test's own process: keeps one snapshot, answers polls, and lies when it is told to.
final class ScriptedControlPlane: Sendable {
    /// How the next answers depart from the truth.
    enum Lie: Hashable, Sendable {
        case none
        /// Every poll gets this status.
        case status(Int)
        /// Heartbeats are signed by a key that nobody trusts.
        case strangeKey
        /// Heartbeats answer another poll.
        case replayedNonce
        /// One bit of the snapshot is another one.
        case tamperedSnapshot
        /// The snapshot is not there.
        case missingSnapshot
        /// The bundle of secrets is sealed to another node.
        case strangersSecrets
        /// Another bundle than the announced one.
        case swappedSecrets
        /// A join token is refused with a conflict of this name.
        case conflict(String)
    }

    struct Answer: Sendable {
        var status: Int
        var body: [UInt8] = []
    }

    private struct Node: Sendable {
        let signingKey: [UInt8]
        let sealingKey: [UInt8]
    }

    private struct Waiting {
        let promise: EventLoopPromise<Answer>
        let request: PollRequest
        let timer: Scheduled<Void>
    }

    private struct State {
        var node: Node?
        var snapshot: SealedSnapshot?
        var secrets: SecretsBundle?
        var sealedSecrets: [Digest: [UInt8]] = [:]
        var revoked: [String] = []
        var sequence = 0
        var lie = Lie.none
        var waiting: [Waiting] = []
        var fetches = 0
    }

    static let nodeID = "node-1"
    let clusterID = "cluster-1"
    let key = SigningKey()
    let joinToken: JoinToken
    private let trust: [UInt8]
    private let state = NIOLockedValueBox(State())
    /// Every poll, in the order of arrival.
    let polls: AsyncStream<PollRequest>
    private let pollsContinuation: AsyncStream<PollRequest>.Continuation

    init() {
        let document = TrustDocument(clusterID: self.clusterID, epoch: 1, keys: [self.key.trustKey])
        self.trust = JSONWriter.write(document.json)
        self.joinToken = JoinToken(
            id: "abcdefgh",
            secret: Secret(String(repeating: "s", count: 43)),
            fingerprint: SHA256Digest.of(self.trust)
        )
        (self.polls, self.pollsContinuation) = AsyncStream.makeStream(of: PollRequest.self)
    }

    var fetches: Int { self.state.withLockedValue { $0.fetches } }

    /// The first poll from now on that fulfils the condition.
    func poll(where condition: (PollRequest) -> Bool) async -> PollRequest? {
        for await poll in self.polls where condition(poll) { return poll }
        return nil
    }

    func noMorePolls() { self.pollsContinuation.finish() }

    func lie(_ lie: Lie) { self.state.withLockedValue { $0.lie = lie } }

    func seal(_ body: SnapshotBody, version: Int) throws -> SealedSnapshot {
        try SnapshotSealer.seal(
            body,
            clusterID: self.clusterID,
            version: SnapshotVersion(epoch: 1, number: version),
            previousSHA256: SHA256Digest.of([]),
            issuedAt: 1_790_000_000_000,
            builtBy: "scripted",
            keys: [self.key]
        )
    }

    /// Makes the snapshot current and releases held polls.
    func publish(_ snapshot: SealedSnapshot, secrets: SecretsBundle) {
        let waiting = self.state.withLockedValue { state in
            state.snapshot = snapshot
            state.secrets = secrets
            state.sealedSecrets = [:]
            return self.drain(&state)
        }
        self.release(waiting)
    }

    func revoke(_ tokens: [String]) {
        let waiting = self.state.withLockedValue { state in
            state.revoked += tokens
            state.sequence += 1
            return self.drain(&state)
        }
        self.release(waiting)
    }

    private func drain(_ state: inout State) -> [Waiting] {
        defer { state.waiting = [] }
        return state.waiting
    }

    private func release(_ waiting: [Waiting]) {
        for entry in waiting {
            entry.timer.cancel()
            entry.promise.succeed(self.heartbeat(for: entry.request))
        }
    }

    func answer(
        _ method: String,
        _ path: String,
        headers: [String: String],
        body: [UInt8],
        on loop: any EventLoop
    ) -> EventLoopFuture<Answer> {
        if path == NodeRequest.joinPath { return loop.makeSucceededFuture(self.join(body)) }
        guard let node = self.state.withLockedValue({ $0.node }),
            NodeSignature.verify(
                method: method,
                path: path,
                body: body,
                node: headers[NodeRequest.nodeHeader] ?? "",
                time: headers[NodeRequest.timeHeader] ?? "",
                nonce: headers[NodeRequest.nonceHeader] ?? "",
                signature: headers[NodeRequest.signatureHeader] ?? "",
                publicKey: node.signingKey
            )
        else { return loop.makeSucceededFuture(Answer(status: 401)) }
        if path == NodeRequest.pollPath { return self.poll(body, on: loop) }
        return loop.makeSucceededFuture(self.file(path))
    }

    private func join(_ body: [UInt8]) -> Answer {
        guard let value = try? JSONReader.read(body), let request = try? JoinRequest(value),
            NodeSignature.verifyProof(of: request)
        else { return Answer(status: 400) }
        guard request.tokenID == self.joinToken.id else { return Answer(status: 403) }
        if case .conflict(let code) = self.state.withLockedValue({ $0.lie }) {
            let error: JSONValue = ["error": ["code": .string(code), "message": "no"]]
            return Answer(status: 409, body: JSONWriter.write(error))
        }
        self.state.withLockedValue {
            $0.node = Node(signingKey: request.signingKey, sealingKey: request.sealingKey)
        }
        let response = JoinResponse(nodeID: ScriptedControlPlane.nodeID, trust: self.trust)
        return Answer(status: 200, body: JSONWriter.write(response.json))
    }

    private func poll(_ body: [UInt8], on loop: any EventLoop) -> EventLoopFuture<Answer> {
        guard let value = try? JSONReader.read(body), let request = try? PollRequest(value) else {
            return loop.makeSucceededFuture(Answer(status: 400))
        }
        self.pollsContinuation.yield(request)
        let promise = loop.makePromise(of: Answer.self)
        let isHeld = self.state.withLockedValue { state in
            guard case .none = state.lie, request.waitMilliseconds > 0,
                request.running == state.snapshot?.reference, request.revocationSequence == state.sequence
            else { return false }
            let timer = loop.scheduleTask(in: .milliseconds(Int64(request.waitMilliseconds))) {
                promise.succeed(self.heartbeat(for: request))
            }
            state.waiting.append(Waiting(promise: promise, request: request, timer: timer))
            return true
        }
        if !isHeld { promise.succeed(self.heartbeat(for: request)) }
        return promise.futureResult
    }

    private func heartbeat(for request: PollRequest) -> Answer {
        let (state, secrets) = self.state.withLockedValue { state in
            let secrets = self.sealedSecrets(&state)
            return ((state.lie, state.snapshot?.reference, state.revoked, state.sequence), secrets)
        }
        if case .status(let status) = state.0 { return Answer(status: status) }
        let heartbeat = Heartbeat(
            node: request.node,
            nonce: state.0 == .replayedNonce ? "another" : request.nonce,
            clusterID: self.clusterID,
            current: state.1,
            secretsSHA256: secrets.map { SHA256Digest.of($0) },
            revokedTokens: state.2,
            revocationSequence: state.3,
            issuedAt: 1_790_000_000_000
        )
        let key = state.0 == .strangeKey ? SigningKey() : self.key
        guard let bytes = try? HeartbeatSeal.seal(heartbeat, key: key) else { return Answer(status: 500) }
        return Answer(status: 200, body: bytes)
    }

    private func sealedSecrets(_ state: inout State) -> [UInt8]? {
        guard let node = state.node, let snapshot = state.snapshot, let secrets = state.secrets else { return nil }
        if let sealed = state.sealedSecrets[snapshot.sha256] { return sealed }
        let sealed = try? SecretsSeal.seal(
            secrets,
            to: state.lie == .strangersSecrets ? NodeSealingKey().publicKey : node.sealingKey,
            clusterID: self.clusterID,
            node: ScriptedControlPlane.nodeID,
            snapshot: snapshot.reference
        )
        state.sealedSecrets[snapshot.sha256] = sealed
        return sealed
    }

    private func file(_ path: String) -> Answer {
        self.state.withLockedValue { state in
            state.fetches += 1
            guard let snapshot = state.snapshot, path.hasSuffix(snapshot.sha256.hex),
                state.lie != .missingSnapshot
            else { return Answer(status: 404) }
            if path.hasPrefix(NodeRequest.secretsPath) {
                let secrets = self.sealedSecrets(&state) ?? []
                return Answer(status: 200, body: state.lie == .swappedSecrets ? secrets.reversed() : secrets)
            }
            var bytes = snapshot.bytes
            if state.lie == .tamperedSnapshot { bytes[bytes.count / 2] ^= 0x10 }
            return Answer(status: 200, body: bytes)
        }
    }
}
