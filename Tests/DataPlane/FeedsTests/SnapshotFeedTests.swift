import Contract
import Feeds
import GatewayTestSupport
import Identity
import Routing
import Sealing
import Testing

/// The feed against a control plane in this process, over loopback and the real transport.
@Suite(.timeLimit(.minutes(2))) struct SnapshotFeedTests {
    @Test func `a node joins, serves what is published and says so`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let first = try fixture.publish(1)
        let process = try fixture.process([listener.url])
        try await fixture.running(process) {
            #expect(await fixture.verdict(on: first) == .applied)
            #expect(process.board.reference == first.reference)
            let second = try fixture.publish(2) { $0.tokens.removeLast() }
            #expect(await fixture.verdict(on: second) == .applied)
            guard case .ready(let state) = process.board.current() else {
                Issue.record("not ready")
                return
            }
            #expect(state.reference == second.reference)
            #expect(state.table.tokenCount == 1)
            #expect(process.feed.metrics.applied == 2)
            #expect(process.feed.metrics.running == second.reference)
            #expect(process.feed.metrics.heartbeatAge != nil)
        }
        try await listener.stop()
    }

    @Test func `no secret rests on disk in the clear, and every file is private`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let snapshot = try fixture.publish(1)
        try await fixture.running(try fixture.process([listener.url], bake: 0)) {
            #expect(await fixture.verdict(on: snapshot) == .applied)
        }
        #expect(try fixture.directory.mode() == 0o700)
        let secrets = [Array("sk-sample-credential".utf8), [UInt8](repeating: 7, count: 32)]
        for file in try fixture.directory.files() {
            #expect(try fixture.directory.mode(of: file) == 0o600)
            let bytes = try fixture.directory.bytes(file)
            for secret in secrets { #expect(!bytes.contains(secret), "\(file)") }
        }
        try await listener.stop()
    }

    @Test func `a revocation is in force before the next poll`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let snapshot = try fixture.publish(1)
        let process = try fixture.process([listener.url])
        try await fixture.running(process) {
            #expect(await fixture.verdict(on: snapshot) == .applied)
            for number in 1...20 {
                fixture.plane.revoke(["token-\(number)"])
                _ = await fixture.plane.poll { $0.revocationSequence == number }
                guard case .ready(let state) = process.board.current() else {
                    Issue.record("not ready")
                    return
                }
                #expect(state.revokedTokens.contains("token-\(number)"))
                #expect(state.revokedTokens.count == number)
            }
        }
        // They hold for the next process too, with nobody to ask.
        try await listener.stop()
        let next = try fixture.process([listener.url])
        try await fixture.running(next) { try await next.untilReady() }
        guard case .ready(let state) = next.board.current() else {
            Issue.record("not ready from disk")
            return
        }
        #expect(state.revokedTokens.count == 20)
    }

    @Test(arguments: [
        (ScriptedControlPlane.Lie.tamperedSnapshot, ["body-hash-mismatch"]),
        (.missingSnapshot, ["unavailable"]),
        (.strangersSecrets, ["secrets-unavailable"]),
        (.swappedSecrets, ["secrets-unavailable"]),
    ])
    func `a snapshot that cannot be trusted is refused with its reason, and the running one stays`(
        lie: ScriptedControlPlane.Lie,
        codes: [String]
    ) async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let good = try fixture.publish(1)
        let process = try fixture.process([listener.url])
        try await fixture.running(process) {
            #expect(await fixture.verdict(on: good) == .applied)
            fixture.plane.lie(lie)
            let bad = try fixture.publish(2)
            let code = await fixture.refusalCode(of: bad)
            #expect(codes.contains(code ?? "none"))
            #expect(process.board.reference == good.reference)
            fixture.plane.lie(.none)
            let better = try fixture.publish(3)
            #expect(await fixture.verdict(on: better) == .applied)
            #expect(process.board.reference == better.reference)
        }
        try await listener.stop()
    }

    @Test func `a signed snapshot that makes no sense or lacks secrets is refused once`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let good = try fixture.publish(1)
        let process = try fixture.process([listener.url])
        try await fixture.running(process) {
            #expect(await fixture.verdict(on: good) == .applied)
            let senseless = try fixture.publish(2) { $0.models.removeAll() }
            #expect(await fixture.refusalCode(of: senseless) == "invalid")
            let keyless = try fixture.publish(3) { $0.tokens[0].pepper = "pepper-2" }
            #expect(await fixture.refusalCode(of: keyless) == "secrets-unavailable")
            let fetches = fixture.plane.fetches
            // The offer stands; it is neither fetched nor reported again.
            for _ in 0..<2 {
                let poll = await fixture.plane.poll { _ in true }
                #expect(poll?.verdict == nil)
                #expect(poll?.running == good.reference)
            }
            #expect(fixture.plane.fetches == fetches)
            #expect(process.feed.metrics.refused == ["invalid": 1, "secrets-unavailable": 1])
        }
        try await listener.stop()
    }

    @Test(arguments: [
        ScriptedControlPlane.Lie.strangeKey, .replayedNonce, .status(500), .status(401), .status(302), .status(204),
    ])
    func `an answer that cannot be believed changes nothing`(lie: ScriptedControlPlane.Lie) async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let good = try fixture.publish(1)
        let process = try fixture.process([listener.url])
        try await fixture.running(process) {
            #expect(await fixture.verdict(on: good) == .applied)
            _ = await fixture.plane.poll { $0.waitMilliseconds > 0 }
            fixture.plane.lie(lie)
            let next = try fixture.publish(2)
            for _ in 0..<3 { _ = await fixture.plane.poll { _ in true } }
            #expect(process.board.reference == good.reference)
            #expect(process.feed.metrics.pollFailures >= 2)
            fixture.plane.lie(.none)
            #expect(await fixture.verdict(on: next) == .applied)
        }
        try await listener.stop()
    }

    @Test func `an older snapshot is refused without being fetched`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let good = try fixture.publish(5)
        let process = try fixture.process([listener.url])
        try await fixture.running(process) {
            #expect(await fixture.verdict(on: good) == .applied)
            let fetches = fixture.plane.fetches
            let older = try fixture.publish(4)
            #expect(await fixture.refusalCode(of: older) == "not-newer")
            #expect(fixture.plane.fetches == fetches)
            #expect(process.board.reference == good.reference)
        }
        try await listener.stop()
    }

    @Test(arguments: [0, 60_000])
    func `a restart with the control plane down serves the same snapshot`(
        bake: Int
    ) async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        _ = try fixture.publish(1)
        let snapshot = try fixture.publish(2)
        let first = try fixture.process([listener.url], bake: bake)
        try await fixture.running(first) {
            #expect(await fixture.verdict(on: snapshot) == .applied)
        }
        try await listener.stop()

        let second = try fixture.process([listener.url], bake: bake)
        try await fixture.running(second) {
            try await second.untilReady()
            #expect(second.board.reference == snapshot.reference)
            #expect(second.board.heartbeatAge != nil)
            // And it follows again as soon as there is somebody.
            let back = try await ScriptedListener(fixture.plane, port: listener.port)
            let next = try fixture.publish(3)
            #expect(await fixture.verdict(on: next) == .applied)
            try await back.stop()
        }
    }

    @Test func `the second control plane is asked when the first is down`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let snapshot = try fixture.publish(1)
        // A port that no other test is ever given.
        try await fixture.running(try fixture.process(["http://127.0.0.1:1", listener.url])) {
            #expect(await fixture.verdict(on: snapshot) == .applied)
        }
        try await listener.stop()
    }

    @Test func `a snapshot on which the process died twice is left for the last good one`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let good = try fixture.publish(1)
        try await fixture.running(try fixture.process([listener.url], bake: 0)) {
            #expect(await fixture.verdict(on: good) == .applied)
        }
        let bad = try fixture.publish(2)
        try await fixture.running(try fixture.process([listener.url], bake: 60_000)) {
            #expect(await fixture.verdict(on: bad) == .applied)
        }
        // Two trials that did not end: what a crash shortly after the exchange leaves behind.
        var store = try SnapshotStore(directory: StoreDirectory(path: fixture.directory.path))
        try store.begin(bad.reference)
        try store.begin(bad.reference)

        let process = try fixture.process([listener.url])
        try await fixture.running(process) {
            #expect(await fixture.refusalCode(of: bad) == "crash-loop")
            #expect(process.board.reference == good.reference)
            let next = try fixture.publish(3)
            #expect(await fixture.verdict(on: next) == .applied)
        }
        try await listener.stop()
    }

    @Test func `a token that a newer snapshot ended stays out when the node falls back to an older one`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let first = try fixture.publish(1)
        try await fixture.running(try fixture.process([listener.url], bake: 0)) {
            #expect(await fixture.verdict(on: first) == .applied)
        }
        let gone = try #require(try SampleSnapshot.body().tokens.first).id.text
        let second = try fixture.publish(2) { $0.tokens.removeFirst() }
        try await fixture.running(try fixture.process([listener.url], bake: 60_000)) {
            #expect(await fixture.verdict(on: second) == .applied)
        }
        try await listener.stop()
        var bytes = try fixture.directory.bytes("candidate.snapshot")
        bytes[bytes.count / 3] ^= 0x04
        try fixture.directory.replace("candidate.snapshot", with: bytes)
        let process = try fixture.process(["http://127.0.0.1:1"])
        try await fixture.running(process) { try await process.untilReady() }
        guard case .ready(let state) = process.board.current() else {
            Issue.record("not ready")
            return
        }
        #expect(state.reference == first.reference && state.table.token(gone) != nil)
        #expect(state.revokedTokens == [gone])
    }

    @Test func `a snapshot on which the process died is served when there is no other`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let only = try fixture.publish(1)
        try await fixture.running(try fixture.process([listener.url])) {
            #expect(await fixture.verdict(on: only) == .applied)
        }
        try await listener.stop()
        var store = try SnapshotStore(directory: StoreDirectory(path: fixture.directory.path))
        for _ in 0..<9 { try store.begin(only.reference) }
        let process = try fixture.process([listener.url])
        try await fixture.running(process) { try await process.untilReady() }
        #expect(process.board.reference == only.reference)
    }

    @Test func `damaged files are passed over, and lost ones fetched again`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let first = try fixture.publish(1)
        try await fixture.running(try fixture.process([listener.url], bake: 0)) {
            #expect(await fixture.verdict(on: first) == .applied)
        }
        let second = try fixture.publish(2)
        try await fixture.running(try fixture.process([listener.url], bake: 60_000)) {
            #expect(await fixture.verdict(on: second) == .applied)
        }
        try await listener.stop()

        // One bit of the newest: the one before it is served.
        var bytes = try fixture.directory.bytes("candidate.snapshot")
        bytes[bytes.count / 3] ^= 0x04
        try fixture.directory.replace("candidate.snapshot", with: bytes)
        // Not the stopped listener's port: another test's listener may have got it, with the same key and snapshots.
        let third = try fixture.process(["http://127.0.0.1:1"])
        try await fixture.running(third) { try await third.untilReady() }
        #expect(third.board.reference == first.reference)

        // All of them: nothing is served until the control plane is back, and then version 2 again.
        for file in try fixture.directory.files() where file.hasSuffix(".snapshot") {
            try fixture.directory.replace(file, with: Array("garbage".utf8))
        }
        try fixture.directory.replace("state.json", with: [])
        let back = try await ScriptedListener(fixture.plane)
        let fourth = try fixture.process(["http://127.0.0.1:1", back.url])
        try await fixture.running(fourth) {
            // The verdict is there already, from the process before; this one is ready when it has fetched.
            try await fourth.untilReady()
            #expect(fourth.board.reference == second.reference)
            #expect(fourth.feed.metrics.refused == ["not-an-envelope": 2])
            #expect(fourth.feed.metrics.storeFailures == 1, "the memory is lost too")
        }
        try await back.stop()
    }

    @Test func `a node without an invitation, or with one that is refused, does not begin`() async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let malformed = try fixture.process([listener.url], joinToken: Secret("rtj_x"))
        await #expect(throws: FeedError.noJoinToken) { try await malformed.feed.run() }
        let unknown = JoinToken(
            id: "zzzzzzzz",
            secret: Secret(String(repeating: "s", count: 43)),
            fingerprint: fixture.plane.joinToken.fingerprint
        )
        let refused = try fixture.process([listener.url], joinToken: unknown.text)
        await #expect(throws: FeedError.joinRefused(status: 403, code: nil)) { try await refused.feed.run() }
        let doubted = JoinToken(
            id: fixture.plane.joinToken.id,
            secret: fixture.plane.joinToken.secret,
            fingerprint: SHA256Digest.of([1])
        )
        let untrusted = try fixture.process([listener.url], joinToken: doubted.text)
        await #expect(throws: FeedError.untrustedControlPlane) { try await untrusted.feed.run() }
        for urls in [[], ["ftp://x"], ["http://user@h"]] {
            let process = try fixture.process(urls)
            await #expect(throws: FeedError.self) { try await process.feed.run() }
        }
        try await listener.stop()
    }

    @Test(arguments: [
        ("name-taken", "choose another name"), ("key-in-use", "state directory of its own"),
        ("join-token-used", "make a new one"),
    ])
    func `a node that may not join is told what would help`(code: String, advice: String) async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        fixture.plane.lie(.conflict(code))
        let process = try fixture.process([listener.url])
        let error = await #expect(throws: FeedError.self) { try await process.feed.run() }
        #expect(error == .joinRefused(status: 409, code: code))
        #expect(error?.description.contains(advice) == true)
        try await listener.stop()
    }

    @Test func `joining waits for a control plane and is done once`() async throws {
        let fixture = try FeedFixture()
        let placeholder = try await ScriptedListener(fixture.plane)
        let port = placeholder.port
        try await placeholder.stop()
        let snapshot = try fixture.publish(1)
        let process = try fixture.process(["http://127.0.0.1:\(port)"])
        try await fixture.running(process) {
            let listener = try await ScriptedListener(fixture.plane, port: port)
            #expect(await fixture.verdict(on: snapshot) == .applied)
            try await listener.stop()
        }
        // A member needs no invitation.
        let listener = try await ScriptedListener(fixture.plane)
        let again = try fixture.process([listener.url], joinToken: Secret(""))
        let next = try fixture.publish(2)
        try await fixture.running(again) { #expect(await fixture.verdict(on: next) == .applied) }
        try await listener.stop()
    }
}
