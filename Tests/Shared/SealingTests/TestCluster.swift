import Contract
import GatewayTestSupport
import Identity
import Sealing
import Wire

/// A cluster with its keys, as one test needs it.
struct TestCluster {
    let id = "cluster-1"
    let epoch = 1
    let key = SigningKey()
    let builtBy = "tests 1"

    var trust: TrustDocument { TrustDocument(clusterID: self.id, epoch: self.epoch, keys: [self.key.trustKey]) }
    var admission: SnapshotAdmission { SnapshotAdmission(trust: self.trust) }

    func version(_ number: Int) -> SnapshotVersion { SnapshotVersion(epoch: self.epoch, number: number) }

    func seal(_ body: SnapshotBody, version: Int = 5, keys: [SigningKey]? = nil) throws -> SealedSnapshot {
        try SnapshotSealer.seal(
            body,
            clusterID: self.id,
            version: self.version(version),
            previousSHA256: SHA256Digest.of([]),
            issuedAt: 1_790_000_000_000,
            builtBy: self.builtBy,
            keys: keys ?? [self.key]
        )
    }

    /// An envelope around any body and any header, signed rightly: what only the holder of the key could make.
    func envelope(
        raw: [UInt8],
        version: Int = 5,
        counts: JSONValue? = nil,
        changing change: (inout JSONObject) -> Void = { _ in }
    ) throws -> [UInt8] {
        try self.envelope(body: Gzip.compress(raw), rawLength: raw.count, version: version, counts: counts, change)
    }

    func envelope(
        body: [UInt8],
        rawLength: Int,
        version: Int = 5,
        counts: JSONValue? = nil,
        _ change: (inout JSONObject) -> Void = { _ in }
    ) throws -> [UInt8] {
        let sample = SnapshotHeader(
            clusterID: self.id,
            version: self.version(version),
            previousSHA256: SHA256Digest.of([]),
            bodySHA256: SHA256Digest.of(body),
            bodyLength: body.count,
            rawLength: rawLength,
            issuedAt: 1_790_000_000_000,
            builtBy: self.builtBy,
            counts: SnapshotHeader.Counts(try SampleSnapshot.body())
        )
        guard var header = sample.json.objectValue else { return [] }
        if let counts { header["counts"] = counts }
        change(&header)
        return try self.envelope(header: JSONWriter.write(.object(header)), body: body)
    }

    func envelope(
        header: [UInt8],
        body: [UInt8],
        type: PreAuthenticationEncoding.PayloadType = .snapshot
    ) throws -> [UInt8] {
        let signature = SignedFrame.Signature(keyID: self.key.id, bytes: try self.key.sign(type, header))
        return SignedFrame(header: header, body: body, signatures: [signature]).bytes
    }

    /// Why the bytes are refused; nil when they are admitted.
    func refusal(
        of bytes: [UInt8],
        expecting: SnapshotReference? = nil,
        running: SnapshotVersion? = nil,
        now: Int? = nil
    ) -> SnapshotRejection? {
        do throws(SnapshotRejection) {
            _ = try self.admission.admit(bytes, expecting: expecting, running: running, now: now)
            return nil
        } catch {
            return error
        }
    }
}
