import Contract
import GatewayTestSupport
import Identity
import Sealing
import Testing
import Wire

@Suite struct HeartbeatSealTests {
    let cluster = TestCluster()

    private func heartbeat(revoked: [String] = ["rtr_metrum_a_b_c_d"]) -> Heartbeat {
        Heartbeat(
            node: "node-1",
            nonce: "nonce-1",
            clusterID: self.cluster.id,
            current: SnapshotReference(version: self.cluster.version(7), sha256: SHA256Digest.of([1])),
            secretsSHA256: SHA256Digest.of([2]),
            revokedTokens: revoked,
            revocationSequence: 12,
            issuedAt: 1_790_000_000_000
        )
    }

    private func refusal(
        of bytes: [UInt8],
        node: String = "node-1",
        nonce: String = "nonce-1",
        trust: TrustDocument? = nil
    ) -> HeartbeatRejection? {
        do throws(HeartbeatRejection) {
            _ = try HeartbeatSeal.open(bytes, trust: trust ?? self.cluster.trust, node: node, nonce: nonce)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a heartbeat comes out as it went in`() throws {
        for heartbeat in [
            self.heartbeat(),
            Heartbeat(
                node: "node-1",
                nonce: "nonce-1",
                clusterID: self.cluster.id,
                current: nil,
                secretsSHA256: nil,
                revokedTokens: [],
                revocationSequence: 0,
                issuedAt: 0
            ),
        ] {
            let bytes = try HeartbeatSeal.seal(heartbeat, key: self.cluster.key)
            let opened = try HeartbeatSeal.open(
                bytes,
                trust: self.cluster.trust,
                node: "node-1",
                nonce: "nonce-1"
            )
            #expect(opened == heartbeat)
        }
    }

    @Test func `a replay, another node's and another cluster's are refused`() throws {
        let bytes = try HeartbeatSeal.seal(self.heartbeat(), key: self.cluster.key)
        #expect(self.refusal(of: bytes) == nil)
        #expect(self.refusal(of: bytes, nonce: "nonce-2") == .wrongNonce)
        #expect(self.refusal(of: bytes, node: "node-2") == .wrongNode)
        let other = TrustDocument(clusterID: "cluster-2", epoch: 1, keys: [self.cluster.key.trustKey])
        #expect(self.refusal(of: bytes, trust: other) == .wrongCluster(self.cluster.id))
    }

    @Test func `an unknown key is refused`() throws {
        let stranger = SigningKey()
        let bytes = try HeartbeatSeal.seal(self.heartbeat(), key: stranger)
        #expect(self.refusal(of: bytes) == .untrusted(.unknownKey(stranger.id)))
    }

    @Test func `every flipped bit and every truncation is refused`() throws {
        var bytes = try HeartbeatSeal.seal(self.heartbeat(), key: self.cluster.key)
        for index in bytes.indices {
            for bit in 0..<8 {
                bytes[index] ^= 1 << UInt8(bit)
                #expect(self.refusal(of: bytes) != nil, "byte \(index), bit \(bit)")
                bytes[index] ^= 1 << UInt8(bit)
            }
            #expect(self.refusal(of: Array(bytes[..<index])) == .untrusted(.truncated))
        }
    }

    @Test func `a snapshot does not pass for a heartbeat, nor one with a body`() throws {
        let snapshot = try self.cluster.seal(SampleSnapshot.body())
        #expect(self.refusal(of: snapshot.bytes) == .untrusted(.badSignature(self.cluster.key.id)))
        let header = JSONWriter.write(self.heartbeat().json)
        let bytes = try self.cluster.envelope(header: header, body: [1], type: .heartbeat)
        #expect(self.refusal(of: bytes) == .malformed("it has a body"))
    }

    @Test func `a signed heartbeat that is malformed is refused`() throws {
        for header in ["{}", "[]", "", "{", #"{"node":1}"#] {
            let bytes = try self.cluster.envelope(header: Array(header.utf8), body: [], type: .heartbeat)
            guard case .malformed = self.refusal(of: bytes) else {
                Issue.record("admitted or refused otherwise: \(header)")
                continue
            }
        }
    }

    @Test func `as many revocations as a heartbeat may hold fit, however long their ids`() throws {
        let slug = String(repeating: "s", count: 63)
        let ids = (0..<Heartbeat.maximumRevokedTokens).map {
            "rtr_metrum_\(slug)_\(slug)_\(slug)_\(slug.dropLast(6))\($0)"
        }
        let bytes = try HeartbeatSeal.seal(self.heartbeat(revoked: ids), key: self.cluster.key)
        #expect(self.refusal(of: bytes) == nil)
        #expect(throws: SealingError.tooLarge) {
            try HeartbeatSeal.seal(self.heartbeat(revoked: ids + ["one more"]), key: self.cluster.key)
        }
    }
}
