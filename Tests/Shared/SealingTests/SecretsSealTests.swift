import Contract
import GatewayTestSupport
import Identity
import Sealing
import Testing
import Wire

@Suite struct SecretsSealTests {
    let key = NodeSealingKey()
    let snapshot = SnapshotReference(
        version: SnapshotVersion(epoch: 1, number: 5),
        sha256: SHA256Digest.of([5])
    )

    private func seal() throws -> [UInt8] {
        try SecretsSeal.seal(
            SampleSnapshot.secrets(),
            to: self.key.publicKey,
            clusterID: "cluster-1",
            node: "node-1",
            snapshot: self.snapshot
        )
    }

    private func refusal(
        of bytes: [UInt8],
        key: NodeSealingKey? = nil,
        cluster: String = "cluster-1",
        node: String = "node-1",
        snapshot: SnapshotReference? = nil
    ) -> SealingError? {
        do throws(SealingError) {
            _ = try SecretsSeal.open(
                bytes,
                with: key ?? self.key,
                clusterID: cluster,
                node: node,
                snapshot: snapshot ?? self.snapshot
            )
            return nil
        } catch {
            return error
        }
    }

    @Test func `a bundle opens for its node, with every secret in it`() throws {
        let bundle = try SecretsSeal.open(
            self.seal(),
            with: NodeSealingKey(rawPrivateKey: self.key.rawPrivateKey),
            clusterID: "cluster-1",
            node: "node-1",
            snapshot: self.snapshot
        )
        #expect(bundle.plainText == (try SampleSnapshot.secrets().plainText))
        #expect(try self.seal() != self.seal())
    }

    @Test func `another key, node, cluster, epoch or snapshot does not open it`() throws {
        let bytes = try self.seal()
        #expect(self.refusal(of: bytes) == nil)
        #expect(self.refusal(of: bytes, key: NodeSealingKey()) == .cannotOpen)
        #expect(self.refusal(of: bytes, cluster: "cluster-2") == .cannotOpen)
        #expect(self.refusal(of: bytes, node: "node-2") == .cannotOpen)
        let otherHash = SnapshotReference(version: self.snapshot.version, sha256: SHA256Digest.of([6]))
        #expect(self.refusal(of: bytes, snapshot: otherHash) == .cannotOpen)
        let otherEpoch = SnapshotReference(
            version: SnapshotVersion(epoch: 2, number: 5),
            sha256: self.snapshot.sha256
        )
        #expect(self.refusal(of: bytes, snapshot: otherEpoch) == .cannotOpen)
    }

    @Test func `every flipped bit and every truncation is refused`() throws {
        var bytes = try self.seal()
        for index in bytes.indices {
            let bit = UInt8(1) << UInt8(index % 8)
            bytes[index] ^= bit
            #expect(self.refusal(of: bytes) == .cannotOpen, "byte \(index)")
            bytes[index] ^= bit
            #expect(self.refusal(of: Array(bytes[..<index])) == .cannotOpen, "length \(index)")
        }
        #expect(self.refusal(of: bytes + [0]) == .cannotOpen)
        #expect(self.refusal(of: [UInt8](repeating: 0, count: SecretsSeal.maximumBytes + 1)) == .tooLarge)
    }

    /// Nothing, too little, and points of low order, with which everybody agrees on the same secret.
    @Test(arguments: [
        "", String(repeating: "01", count: 31), String(repeating: "00", count: 32),
        "01" + String(repeating: "00", count: 31),
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ])
    func `bytes that are no key, or one that keeps no secret, are not sealed to`(hex: String) throws {
        let bytes = try #require(Hex.decode(hex))
        #expect(!NodeSealingKey.isUsable(publicKey: bytes))
        #expect(throws: SealingError.invalidKey) {
            try SecretsSeal.seal(
                SampleSnapshot.secrets(),
                to: bytes,
                clusterID: "cluster-1",
                node: "node-1",
                snapshot: self.snapshot
            )
        }
    }
}
