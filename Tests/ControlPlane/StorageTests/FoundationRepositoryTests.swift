import Contract
import Identity
import Postgres
import PostgresTestSupport
import Storage
import Testing

struct FoundationRepositoryTests {
    private func cluster(_ body: (PostgresPool) async throws -> Void) async throws {
        try await TestDatabase.migrated { database in
            try await database.pool.withTransaction {
                try await ClusterRepository.create(id: "01234567-89ab-cdef-0123-456789abcdef", in: $0)
            }
            try await body(database.pool)
        }
    }

    private func digest(_ byte: UInt8) throws -> Digest { try #require(Digest([UInt8](repeating: byte, count: 32))) }

    private func reference(_ number: Int) throws -> SnapshotReference {
        SnapshotReference(
            version: SnapshotVersion(epoch: 1, number: number),
            sha256: try self.digest(UInt8(truncatingIfNeeded: number))
        )
    }

    private func addNode(_ id: String, _ byte: UInt8, in transaction: Transaction) async throws {
        try await NodeRepository.add(
            id: id,
            name: try #require(Slug(id)),
            signingKey: [UInt8](repeating: byte, count: 32),
            sealingKey: [UInt8](repeating: byte, count: 32),
            joinToken: "j",
            in: transaction
        )
    }

    @Test func `there is one cluster, and its versions only rise, above what nodes reported too`() async throws {
        try await self.cluster { pool in
            await #expect(throws: PostgresError.uniqueViolation(constraint: "cluster_pkey")) {
                try await pool.withTransaction {
                    try await ClusterRepository.create(id: "11234567-89ab-cdef-0123-456789abcdef", in: $0)
                }
            }
            let first = try await pool.withTransaction { try await ClusterRepository.nextVersion(above: 0, in: $0) }
            #expect((first.epoch, first.version) == (1, 1))
            let second = try await pool.withTransaction { try await ClusterRepository.nextVersion(above: 9, in: $0) }
            #expect((second.epoch, second.version) == (1, 10))
        }
    }

    @Test func `a snapshot is stored and found by version and by hash`() async throws {
        try await self.cluster { pool in
            let snapshot = NewSnapshot(
                reference: try self.reference(1),
                contentSHA256: try self.digest(9),
                envelope: [1, 2, 3],
                sealedSecrets: [4],
                revocationSequence: 5,
                createdBy: "ann",
                reason: "first",
                restoredFrom: nil
            )
            try await pool.withTransaction { transaction in
                #expect(try await SnapshotRepository.latest(in: transaction) == nil)
                try await SnapshotRepository.add(snapshot, in: transaction)
                #expect(try await SnapshotRepository.latest(in: transaction)?.reference == snapshot.reference)
                #expect(try await SnapshotRepository.read(version: 1, in: transaction)?.envelope == [1, 2, 3])
                let found = try await SnapshotRepository.read(sha256: snapshot.reference.sha256, in: transaction)
                #expect(found?.sealedSecrets == [4])
                #expect(found?.summary.byteCount == 3)
                #expect(try await SnapshotRepository.list(before: nil, limit: 10, in: transaction).count == 1)
                #expect(try await SnapshotRepository.list(before: 1, limit: 10, in: transaction).isEmpty)
            }
        }
    }

    private func addSnapshot(_ number: Int, by actor: String, in transaction: Transaction) async throws {
        let snapshot = NewSnapshot(
            reference: try self.reference(number),
            contentSHA256: try self.digest(9),
            envelope: [1],
            sealedSecrets: [2],
            revocationSequence: 0,
            createdBy: actor,
            reason: "test",
            restoredFrom: nil
        )
        try await SnapshotRepository.add(snapshot, in: transaction)
    }

    private func versions(in transaction: Transaction) async throws -> [Int] {
        try await SnapshotRepository.list(before: nil, limit: 100, in: transaction).map(\.reference.version.number)
    }

    @Test func `what the control plane publishes of itself takes no room from what others published`() async throws {
        try await self.cluster { pool in
            try await pool.withTransaction { transaction in
                for number in 1...4 { try await self.addSnapshot(number, by: "ann", in: transaction) }
                for number in 5...10 { try await self.addSnapshot(number, by: "validator", in: transaction) }
                try await self.addSnapshot(11, by: "control-plane", in: transaction)
                try await SnapshotRepository.prune(keeping: 3, andOwn: 2, in: transaction)
                #expect(try await self.versions(in: transaction) == [11, 10, 4, 3, 2])
                try await self.addSnapshot(12, by: "bob", in: transaction)
                try await SnapshotRepository.prune(keeping: 3, andOwn: 2, in: transaction)
                #expect(try await self.versions(in: transaction) == [12, 11, 10, 4, 3])
            }
        }
    }

    @Test func `neither the newest snapshot nor one that a node runs is ever deleted`() async throws {
        try await self.cluster { pool in
            try await pool.withTransaction { transaction in
                for number in 1...5 { try await self.addSnapshot(number, by: "validator", in: transaction) }
                try await self.addNode("n1", 1, in: transaction)
                try await self.addNode("n2", 2, in: transaction)
                for (node, running) in [("n1", 2), ("n2", 3)] {
                    let report = NodeReport(
                        bootID: "b",
                        builtBy: "t",
                        running: try self.reference(running),
                        revocationSequence: 0,
                        clockSkew: 0
                    )
                    try await NodeRepository.store(report, of: node, in: transaction)
                }
                _ = try await NodeRepository.remove(id: "n2", by: "ann", in: transaction)
                try await SnapshotRepository.prune(keeping: 0, andOwn: 0, in: transaction)
                #expect(try await self.versions(in: transaction) == [5, 2])
            }
        }
    }

    @Test func `a report keeps the last verdict, and an older one does not replace a newer one`() async throws {
        try await self.cluster { pool in
            let refused = SnapshotVerdict(
                snapshot: try self.reference(3),
                outcome: .refused(code: "expired", detail: "it is expired")
            )
            var report = NodeReport(
                bootID: "b",
                builtBy: "router 1",
                running: try self.reference(2),
                revocationSequence: 4,
                clockSkew: -7,
                verdict: refused,
                targets: [
                    TargetHealth(
                        provider: try #require(Slug("p")),
                        model: try #require(Slug("m")),
                        dialect: .openAIChat,
                        state: .paused,
                        milliseconds: 7
                    )
                ]
            )
            try await pool.withTransaction { transaction in
                try await self.addNode("n1", 1, in: transaction)
                #expect(try await NodeRepository.all(in: transaction).first?.report == nil)
                let hour = 3_600_000
                try await NodeRepository.store(report, of: "n1", age: 2 * hour, in: transaction)
                report.verdict = nil
                try await NodeRepository.store(report, of: "n1", age: hour, in: transaction)
                report.running = nil
                try await NodeRepository.store(report, of: "n1", age: 3 * hour, in: transaction)
                try await NodeRepository.store(report, of: "unknown", in: transaction)
                let row = try #require(try await NodeRepository.all(in: transaction).first)
                let stored = try #require(row.report)
                #expect(stored.verdict == refused)
                let between = try #require(row.polledAt) - (try #require(row.verdictAt))
                #expect(between > hour / 2)
                #expect(stored.running?.version.number == 2)
                #expect(stored.clockSkew == -7)
                #expect(stored.targets == report.targets && !stored.targets.isEmpty)
                #expect(try await NodeRepository.highestReportedVersion(epoch: 1, in: transaction) == 3)
                #expect(try await NodeRepository.highestReportedVersion(epoch: 2, in: transaction) == 0)
            }
        }
    }

    @Test func `a report that a clock put back has dated in the future is replaced`() async throws {
        try await self.cluster { pool in
            var report = NodeReport(
                bootID: "b",
                builtBy: "router 1",
                running: nil,
                revocationSequence: 4,
                clockSkew: 0
            )
            try await pool.withTransaction { transaction in
                try await self.addNode("n1", 1, in: transaction)
                try await NodeRepository.store(report, of: "n1", age: -120_000, in: transaction)
                report.revocationSequence = 5
                try await NodeRepository.store(report, of: "n1", in: transaction)
                let stored = try await NodeRepository.all(in: transaction).first?.report
                #expect(stored?.revocationSequence == 5)
            }
        }
    }

    @Test func `a removed node is no longer listed and its name is free, its key is not`() async throws {
        try await self.cluster { pool in
            try await pool.withTransaction { transaction in
                try await self.addNode("n1", 1, in: transaction)
                #expect(try await NodeRepository.remove(id: "n1", by: "ann", in: transaction))
                #expect(try await NodeRepository.remove(id: "n1", by: "ann", in: transaction) == false)
                #expect(try await NodeRepository.all(in: transaction).isEmpty)
            }
            await #expect(throws: PostgresError.uniqueViolation(constraint: "node_signing_key_key")) {
                try await pool.withTransaction { try await self.addNode("n2", 1, in: $0) }
            }
        }
    }

    @Test func `a token is revoked once and keeps its number`() async throws {
        try await self.cluster { pool in
            try await pool.withTransaction { transaction in
                #expect(try await RevocationRepository.add(tokenID: "a", by: "ann", in: transaction) == 1)
                #expect(try await RevocationRepository.add(tokenID: "b", by: "ann", in: transaction) == 2)
                #expect(try await RevocationRepository.add(tokenID: "a", by: "bob", in: transaction) == 1)
                #expect(try await RevocationRepository.lastSequence(in: transaction) == 2)
                let later = try await RevocationRepository.all(after: 1, limit: 10, in: transaction)
                #expect(later.map(\.tokenID) == ["b"])
                #expect(try await RevocationRepository.all(after: 0, limit: 1, in: transaction).map(\.sequence) == [2])
                #expect(try await RevocationRepository.allTokenIDs(in: transaction) == ["a", "b"])
            }
        }
    }

    @Test func `the first bundle of a node for a snapshot stays`() async throws {
        try await self.cluster { pool in
            let digest = try self.digest(1)
            try await pool.withTransaction { transaction in
                try await self.addNode("n1", 1, in: transaction)
                let snapshot = NewSnapshot(
                    reference: try self.reference(1),
                    contentSHA256: digest,
                    envelope: [1],
                    sealedSecrets: [],
                    revocationSequence: 0,
                    createdBy: "ann",
                    reason: "",
                    restoredFrom: nil
                )
                try await SnapshotRepository.add(snapshot, in: transaction)
                for sealed in [[UInt8(1)], [2]] {
                    let bundle = NodeSecretsRepository.Bundle(node: "n1", sealed: sealed, sha256: digest)
                    try await NodeSecretsRepository.add(bundle, snapshot: digest, in: transaction)
                }
                let stranger = NodeSecretsRepository.Bundle(node: "n9", sealed: [3], sha256: digest)
                try await NodeSecretsRepository.add(stranger, snapshot: digest, in: transaction)
                let bundles = try await NodeSecretsRepository.all(snapshot: digest, in: transaction)
                #expect(bundles.map(\.sealed) == [[1]])
            }
        }
    }
}
