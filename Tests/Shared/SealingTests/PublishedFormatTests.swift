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
