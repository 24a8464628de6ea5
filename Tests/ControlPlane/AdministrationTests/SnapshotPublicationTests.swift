import Administration
import Contract
import Identity
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Testing
import Wire

struct SnapshotPublicationTests {
    @Test func `each change is the next version, chained to the one before, and the same content is none`() async throws
    {
        try await TestPlane.with { plane in
            let first = try await plane.publish(TestPlane.body("a"))
            #expect(first.isNew)
            #expect(first.version == 1)
            let same = try await plane.publish(TestPlane.body("a"))
            #expect(!same.isNew)
            #expect(same.reference == first.reference)
            let second = try await plane.publish(TestPlane.body("b"))
            #expect(second.version == 2)
            let stored = try await plane.pool.withTransaction {
                try await SnapshotRepository.read(version: 2, in: $0)
            }
            let admitted = try SnapshotAdmission(trust: plane.cluster.trust).admit(
                try #require(stored).envelope,
                expecting: second.reference,
                running: first.reference.version,
                now: nil
            )
            #expect(admitted.header.previousSHA256 == first.reference.sha256)
            #expect(admitted.body.providers.first?.region == "b")
        }
    }

    @Test func `what data planes would refuse is refused and changes nothing`() async throws {
        try await TestPlane.with { plane in
            var body = try TestPlane.body("a")
            body.models = []
            let bad = body
            await #expect(
                performing: { try await plane.publish(bad) },
                throws: { error in
                    guard case .invalid(let problems) = error as? PublicationProblem else { return false }
                    return problems.contains { $0.field == "groups[0].targets[0].model" }
                }
            )
            let latest = try await plane.pool.withTransaction { try await SnapshotRepository.latest(in: $0) }
            #expect(latest == nil)
            #expect(try await plane.publish(TestPlane.body("a")).version == 1)
        }
    }

    @Test func `concurrent publications have versions without twins, each above the one before`() async throws {
        try await TestPlane.with { plane in
            // As many writers as connections: none of them waits for one longer than a lease may take.
            let versions = try await withThrowingTaskGroup(of: [Int].self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        var versions: [Int] = []
                        for number in 0..<5 {
                            versions.append(try await plane.publish(TestPlane.body("m\(writer)-\(number)")).version)
                        }
                        return versions
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(versions) == Set(1...20))
        }
    }

    @Test func `a version is above what any node reported, though the counter went back`() async throws {
        try await TestPlane.with { plane in
            try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            let ahead = SnapshotReference(
                version: SnapshotVersion(epoch: 1, number: 41),
                sha256: plane.cluster.fingerprint
            )
            _ = try await node.poll(node.pollRequest(running: ahead), at: plane.service)
            await plane.reports.store()
            #expect(try await plane.publish(TestPlane.body("b")).version == 42)
        }
    }

    @Test func `a node that claims an incredible version cannot use up the numbers`() async throws {
        try await TestPlane.with { plane in
            try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            let incredible = SnapshotReference(
                version: SnapshotVersion(epoch: 1, number: Int.max),
                sha256: plane.cluster.fingerprint
            )
            _ = try await node.poll(node.pollRequest(running: incredible), at: plane.service)
            await plane.reports.store()
            #expect(try await plane.publish(TestPlane.body("b")).version == 2)
        }
    }

    @Test func `after lost commits the same content is published above what nodes run, once per node`() async throws {
        try await TestPlane.with { plane in
            let first = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            let history = SnapshotHistory(cluster: plane.cluster, publication: plane.publication)
            let recovery = VersionRecovery(history: history, pool: plane.pool, logger: TestDatabase.quiet)
            #expect(try await recovery.look() == nil)
            func claim(_ number: Int) async throws {
                let other = SnapshotReference(
                    version: SnapshotVersion(epoch: 1, number: number),
                    sha256: plane.cluster.fingerprint
                )
                _ = try await node.poll(node.pollRequest(running: other), at: plane.service)
                await plane.reports.store()
            }
            try await claim(first.version)
            let published = try await recovery.look()
            #expect(published?.version == 2)
            try await claim(7)
            #expect(try await recovery.look() == nil)
            let again = VersionRecovery(history: history, pool: plane.pool, logger: TestDatabase.quiet)
            #expect(try await again.look()?.version == 8)
        }
    }

    @Test func `an old version is restored under a new number, and what was revoked since stays revoked`() async throws
    {
        try await TestPlane.with { plane in
            let old = try TestPlane.body("old", tokens: [TestPlane.token("alice"), TestPlane.token("bob")])
            try await plane.publish(old, secret: "old-secret")
            let new = try TestPlane.body("new", tokens: old.tokens)
            _ = try await plane.revoke("alice", publishing: new)
            let history = SnapshotHistory(cluster: plane.cluster, publication: plane.publication)
            let restored = try await plane.pool.withTransaction {
                try await history.restore(version: 1, by: "ann", requestID: nil, in: $0)
            }
            #expect(restored.version == 3)
            try await plane.pool.withTransaction { transaction in
                let (summary, body) = try #require(try await history.body(ofVersion: 3, in: transaction))
                #expect(summary.restoredFrom == 1)
                #expect(body.providers.first?.region == "old")
                #expect(body.tokens.map(\.state) == [.revoked, .active])
            }
            let node = try await plane.join()
            let sealed = try await node.secrets(restored.reference, at: plane.service)
            let secret = try node.open(sealed, restored.reference).providerSecrets[try #require(Slug("demo"))]
            #expect(secret?.withExposedText { $0 } == "old-secret")
        }
    }

    @Test func `a version that is not there cannot be restored`() async throws {
        try await TestPlane.with { plane in
            let history = SnapshotHistory(cluster: plane.cluster, publication: plane.publication)
            await #expect(throws: PublicationProblem.unknownVersion(9)) {
                try await plane.pool.withTransaction {
                    try await history.restore(version: 9, by: "ann", requestID: nil, in: $0)
                }
            }
        }
    }

    @Test func `two control planes serve the same bytes, snapshots and bundles alike`() async throws {
        try await TestPlane.with { plane in
            let other = try await TestPlane(plane.database, masterKey: plane.masterKey)
            let nodes = [try await plane.join("n1"), try await plane.join("n2")]
            let publication = try await plane.publish(TestPlane.body("a"))
            // Both seal what is missing at the same time.
            async let first: Void = plane.board.refresh()
            async let second: Void = other.board.refresh()
            _ = try await (first, second)
            for node in nodes {
                let sha256 = publication.reference.sha256
                let bytes = try await node.snapshot(sha256, at: plane.service)
                #expect(try await node.snapshot(sha256, at: other.service) == bytes)
                #expect(SHA256Digest.of(bytes) == sha256)
                let sealed = try await node.secrets(publication.reference, at: plane.service)
                #expect(try await node.secrets(publication.reference, at: other.service) == sealed)
                let secrets = try node.open(sealed, publication.reference)
                #expect(secrets.providerSecrets.count == 1)
                #expect(secrets.peppers.keys.sorted() == ["p1"])
            }
        }
    }

    @Test func `provider secrets are nowhere in the database in the clear`() async throws {
        try await TestPlane.with { plane in
            _ = try await plane.join()
            try await plane.publish(TestPlane.body("a"), secret: "canary-7f3a")
            try await plane.board.refresh()
            let rows = try await plane.pool.query(
                Statement(
                    """
                    SELECT
                        (SELECT sum(position('canary-7f3a'::bytea IN sealed_secrets)
                            + position('canary-7f3a'::bytea IN envelope)) FROM snapshot)
                        + (SELECT sum(position('canary-7f3a'::bytea IN sealed_bundle)) FROM node_secrets) AS found
                    """
                )
            )
            #expect(try rows.first?.int("found") == 0)
        }
    }
}
