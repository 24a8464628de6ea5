import Administration
import Contract
import Identity
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Testing
import Wire

struct PlaneServiceTests {
    @Test func `a poll names the current snapshot, whose bytes and secrets are there`() async throws {
        try await TestPlane.with { plane in
            let publication = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            let heartbeat = try await node.poll(node.pollRequest(), at: plane.service)
            #expect(heartbeat.current == publication.reference)
            #expect(heartbeat.clusterID == plane.cluster.id)
            let sealed = try await node.secrets(publication.reference, at: plane.service)
            #expect(heartbeat.secretsSHA256 == SHA256Digest.of(sealed))
            let secret = try node.open(sealed, publication.reference).providerSecrets[try #require(Slug("demo"))]
            #expect(secret?.withExposedText { $0 } == "canary-secret")
        }
    }

    @Test func `before the first publication a node hears that there is nothing`() async throws {
        try await TestPlane.with { plane in
            let node = try await plane.join()
            let heartbeat = try await node.poll(node.pollRequest(), at: plane.service)
            #expect(heartbeat.current == nil)
            #expect(heartbeat.secretsSHA256 == nil)
        }
    }

    @Test func `a held poll is released by what another control plane publishes`() async throws {
        try await TestPlane.with { plane in
            let other = try await TestPlane(plane.database, masterKey: plane.masterKey)
            let first = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            let watching = Task { await plane.board.run() }
            let poll = Task {
                try await node.poll(node.pollRequest(running: first.reference, wait: 25_000), at: plane.service)
            }
            let second = try await other.publish(TestPlane.body("b"))
            let heartbeat = try await poll.value
            #expect(heartbeat.current == second.reference)
            watching.cancel()
            await watching.value
        }
    }

    @Test func `a held poll is answered when its time is up, and at once when the process drains`() async throws {
        try await TestPlane.with { plane in
            let publication = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            let short = node.pollRequest(running: publication.reference, wait: 30)
            #expect(try await node.poll(short, at: plane.service).current == publication.reference)
            let poll = Task {
                try await node.poll(node.pollRequest(running: publication.reference, wait: 25_000), at: plane.service)
            }
            plane.service.drain()
            #expect(try await poll.value.current == publication.reference)
        }
    }

    @Test func `a revocation is in every heartbeat until the node's snapshot has it`() async throws {
        try await TestPlane.with { plane in
            let body = try TestPlane.body("a", tokens: [TestPlane.token("alice"), TestPlane.token("bob")])
            let first = try await plane.publish(body)
            let node = try await plane.join()
            let (sequence, second) = try await plane.revoke("alice", publishing: body)
            try await plane.board.refresh()
            let behind = node.pollRequest(running: first.reference, wait: 25_000)
            let heartbeat = try await node.poll(behind, at: plane.service)
            #expect(heartbeat.revokedTokens == [try TestPlane.tokenID("alice").text])
            #expect(heartbeat.revocationSequence == sequence)
            #expect(heartbeat.current == second.reference)
            let upToDate = node.pollRequest(running: second.reference, revocationSequence: sequence)
            #expect(try await node.poll(upToDate, at: plane.service).revokedTokens.isEmpty)
        }
    }

    @Test func `who revokes learns which nodes know and which do not`() async throws {
        try await TestPlane.with { plane in
            let body = try TestPlane.body("a", tokens: [TestPlane.token("alice")])
            let first = try await plane.publish(body)
            let quick = try await plane.join("quick")
            let silent = try await plane.join("silent")
            _ = try await plane.join("never-seen")
            _ = try await quick.poll(quick.pollRequest(running: first.reference), at: plane.service)
            _ = try await silent.poll(silent.pollRequest(running: first.reference), at: plane.service)
            let (sequence, second) = try await plane.revoke("alice", publishing: body)
            try await plane.board.refresh()
            let said = quick.pollRequest(running: first.reference, revocationSequence: sequence)
            _ = try await quick.poll(said, at: plane.service)
            // By hand, not by the task that does it in a running plane: what is asked next must find it stored.
            await plane.reports.store()
            let found = await TokenRevocation(pool: plane.pool).progress(of: sequence, in: second.reference)
            let progress = try #require(found)
            #expect(progress.acked == ["quick"])
            #expect(progress.pending.map(\.node) == ["never-seen", "silent"])
            #expect(progress.pending.first?.lastSeen == nil)
        }
    }

    @Test func `verdicts and what runs where are stored`() async throws {
        try await TestPlane.with { plane in
            let publication = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join("n1")
            let verdict = SnapshotVerdict(refusing: publication.reference, because: .expired)
            _ = try await node.poll(node.pollRequest(verdict: verdict), at: plane.service)
            _ = try await node.poll(node.pollRequest(), at: plane.service)
            await plane.reports.store()
            let status = try #require(try await NodeDirectory(pool: plane.pool).all().first)
            #expect(status.verdict == verdict)
            #expect(status.clockSkew == 500)
            #expect(status.running == nil)
        }
    }

    @Test func `reports are dated by the database's clock, whatever the control plane's says`() async throws {
        try await TestPlane.with { plane in
            // This control plane's clock says 1_800_000_000_000.
            let node = try await plane.join()
            _ = try await node.poll(node.pollRequest(), at: plane.service)
            await plane.reports.store()
            let rows = try await plane.pool.query(
                Statement("SELECT polled_at BETWEEN now() - interval '1 hour' AND now() AS is_now FROM node_report")
            )
            #expect(try rows.map { try $0.bool("is_now") } == [true])
        }
    }

    @Test func `a report that cannot be stored holds back no other, and is forgotten`() async throws {
        try await TestPlane.with { plane in
            let publication = try await plane.publish(TestPlane.body("a"))
            let bad = try await plane.join("a-bad")
            let good = try await plane.join("b-good")
            plane.reports.note(
                NodeReport(
                    bootID: "boot",
                    builtBy: "test\u{0}",
                    running: nil,
                    revocationSequence: 0,
                    clockSkew: 0
                ),
                of: bad.id
            )
            _ = try await good.poll(good.pollRequest(running: publication.reference), at: plane.service)
            await plane.reports.store()
            let directory = NodeDirectory(pool: plane.pool)
            #expect(try await directory.all().map(\.running) == [nil, publication.reference])
            _ = try await bad.poll(bad.pollRequest(running: publication.reference), at: plane.service)
            await plane.reports.store()
            #expect(try await directory.all().map(\.running) == [publication.reference, publication.reference])
        }
    }

    @Test func `without PostgreSQL polls, the snapshot and the secrets are still answered`() async throws {
        try await TestPlane.with { plane in
            let publication = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            let dead = await TestPlane.deadPool()
            let service = PlaneService(
                cluster: plane.cluster,
                board: plane.board,
                reports: NodeReports(pool: dead, logger: TestDatabase.quiet),
                pool: dead,
                logger: TestDatabase.quiet,
                wallClock: { 0 }
            )
            let heartbeat = try await node.poll(node.pollRequest(wait: 10), at: service)
            #expect(heartbeat.current == publication.reference)
            #expect(try await !node.snapshot(publication.reference.sha256, at: service).isEmpty)
            #expect(try await !node.secrets(publication.reference, at: service).isEmpty)
        }
    }

    @Test func `forged, replayed and foreign requests are refused`() async throws {
        try await TestPlane.with { plane in
            try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join("n1")
            let other = try await plane.join("n2")
            let body = JSONWriter.write(node.pollRequest().json)
            let good = try node.signed("POST", NodeRequest.pollPath, body)
            _ = try await plane.service.poll(good)
            await #expect(throws: NodeRefusal.replayed) { _ = try await plane.service.poll(good) }
            // Signed by another node, for another path, with another body, for a node that speaks for another.
            let forgeries = [
                try TestNode(identity: other.identity, id: node.id, trust: node.trust)
                    .signed("POST", NodeRequest.pollPath, body),
                try #require(
                    SignedNodeRequest(
                        method: "POST",
                        path: NodeRequest.joinPath,
                        node: good.node,
                        time: good.time,
                        nonce: good.nonce,
                        signature: good.signature,
                        body: body
                    )
                ),
                try #require(
                    SignedNodeRequest(
                        method: "POST",
                        path: good.path,
                        node: good.node,
                        time: good.time,
                        nonce: good.nonce,
                        signature: good.signature,
                        body: body + [0x20]
                    )
                ),
                try other.signed("POST", NodeRequest.pollPath, body),
                try TestNode(identity: NodeIdentity(), id: "unknown", trust: node.trust)
                    .signed("POST", NodeRequest.pollPath, body),
            ]
            for forgery in forgeries {
                await #expect(throws: NodeRefusal.notAuthenticated) { _ = try await plane.service.poll(forgery) }
            }
        }
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", #"{"node":1}"#, #"{"node":"x","node":"y"}"#, "\u{feff}{}",
    ])
    func `a signed body that is no poll is refused by name`(text: String) async throws {
        try await TestPlane.with { plane in
            let node = try await plane.join()
            let request = try node.signed("POST", NodeRequest.pollPath, Array(text.utf8))
            await #expect(
                performing: { _ = try await plane.service.poll(request) },
                throws: { error in
                    if case .malformed = error as? NodeRefusal { true } else { false }
                }
            )
        }
    }

    @Test func `a node gets no bundle of another node, and no snapshot that was never published`() async throws {
        try await TestPlane.with { plane in
            let publication = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join("n1")
            let other = try await plane.join("n2")
            let sealed = try await node.secrets(publication.reference, at: plane.service)
            #expect(throws: SealingError.cannotOpen) { try other.open(sealed, publication.reference) }
            await #expect(throws: NodeRefusal.unknownSnapshot) {
                _ = try await node.snapshot(plane.cluster.fingerprint, at: plane.service)
            }
        }
    }

    @Test func `an older snapshot is read from the database`() async throws {
        try await TestPlane.with { plane in
            let first = try await plane.publish(TestPlane.body("a"))
            for marker in ["b", "c", "d"] { try await plane.publish(TestPlane.body(marker)) }
            let node = try await plane.join()
            let bytes = try await node.snapshot(first.reference.sha256, at: plane.service)
            #expect(SHA256Digest.of(bytes) == first.reference.sha256)
        }
    }
}
