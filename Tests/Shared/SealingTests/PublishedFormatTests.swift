import Contract
import GatewayTestSupport
import Identity
import Sealing
import Testing
import Wire

/// Messages as released versions wrote them.
///
/// The files are never written again: a node that was updated must admit what its disk and an older control plane
/// hold.
@Suite struct PublishedFormatTests {
    /// The test keys are the bytes 1 to 32 (signing) and 33 to 64 (sealing).
    private func nodeKey() throws -> NodeSealingKey {
        try NodeSealingKey(rawPrivateKey: SecretBytes((33...64).map { UInt8($0) }))
    }

    private func trust() throws -> TrustDocument {
        try TrustDocument(JSONReader.read(PackageResources.trust_1_json))
    }

    @Test func `a snapshot of format 1 is admitted`() throws {
        let bytes = PackageResources.snapshot_1_bin
        let admitted = try SnapshotAdmission(trust: self.trust()).admit(
            bytes,
            expecting: nil,
            running: SnapshotVersion(epoch: 3, number: 40),
            now: 1_790_000_000_000
        )
        #expect(
            admitted.reference.sha256.hex == "fd330b516007e380d65734acf28ee6f3c384f6304d38adaa12e86b56ded2c37b"
        )
        #expect(admitted.reference.version == SnapshotVersion(epoch: 3, number: 41))
        #expect(admitted.body.tokens.count == 2)
        #expect(admitted.body.groups.first?.targets.count == 2)
        #expect(admitted.body.problems() == [])
    }

    private func body(_ bytes: [UInt8], sha256: String) throws -> SnapshotBody {
        let admitted = try SnapshotAdmission(trust: self.trust()).admit(
            bytes,
            expecting: nil,
            running: SnapshotVersion(epoch: 3, number: 41),
            now: 1_790_000_000_000
        )
        #expect(admitted.reference.sha256.hex == sha256)
        #expect(admitted.body.problems() == [])
        return admitted.body
    }

    @Test func `a snapshot of format 1.1 is admitted, with tokens that are strict`() throws {
        let body = try self.body(
            PackageResources.snapshot_1_1_bin,
            sha256: "2fbedafb582e85b0a0df09c3a650337d7c036c11bcb6369550f56e872cb618a6"
        )
        #expect(body.tokens.map(\.strict) == [true, false])
        #expect(body.models.map(\.evidence.count) == [0, 0])
    }

    @Test func `a snapshot of format 1.2 is admitted, with evidence and what groups ask of it`() throws {
        let body = try self.body(
            PackageResources.snapshot_1_2_bin,
            sha256: "14c27548c90a67eb95c9b906fbf31ee461689f74c982d331a0b6b037d9e4a7e8"
        )
        let evidence = try #require(body.models.first?.evidence)
        #expect(evidence.map(\.case) == [.imageInline, .imageURL, .tools])
        #expect(evidence.map(\.verdict) == [.passed, .failed, .passed])
        #expect(evidence.map(\.isAttested) == [false, false, true])
        #expect(body.groups.first?.proof == .proven && body.groups.first?.maximumAttempts == 2)
    }

    @Test func `a snapshot of format 1.3 is admitted, with what probes found behind an attestation`() throws {
        let body = try self.body(
            PackageResources.snapshot_1_3_bin,
            sha256: "2875a65fce59560ba45c5bfef2303cd4a21669d1daced45383db29d5245f4216"
        )
        let evidence = try #require(body.models.first?.evidence)
        #expect(evidence.map { $0.probed?.verdict } == [nil, nil, .failed])
        #expect(evidence.map { $0.probed?.expiresAt } == [nil, nil, 1_790_686_400_000])
    }

    @Test func `a heartbeat of format 1 is believed`() throws {
        let heartbeat = try HeartbeatSeal.open(
            PackageResources.heartbeat_1_bin,
            trust: self.trust(),
            node: "node-1",
            nonce: "fixture-nonce"
        )
        #expect(heartbeat.current?.version == SnapshotVersion(epoch: 3, number: 41))
        #expect(heartbeat.revokedTokens == ["rtr_metrum_alice_shop_prod_k1"])
        #expect(heartbeat.secretsSHA256 == SHA256Digest.of(PackageResources.secrets_1_bin))
    }

    @Test func `a bundle of format 1 opens`() throws {
        let reference = try #require(SnapshotAdmission.claimedReference(of: PackageResources.snapshot_1_bin))
        let bundle = try SecretsSeal.open(
            PackageResources.secrets_1_bin,
            with: self.nodeKey(),
            clusterID: "fixture-cluster",
            node: "node-1",
            snapshot: reference
        )
        #expect(bundle.providerSecrets.count == 1)
        #expect(bundle.peppers["pepper-1"]?.count == 32)
    }
}
