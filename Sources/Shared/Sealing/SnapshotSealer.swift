package import Contract
package import Identity
import Wire

/// Turns a snapshot's body into signed bytes.
package enum SnapshotSealer {
    /// From this size on the time of compressing counts for more than the bytes it saves.
    private static let fastCompressionBytes = 4 * 1024 * 1024

    /// Seals the body under every key; the records are put in the order of their ids first.
    ///
    /// Equal arguments give equal bytes. Throws `tooLarge` when a data plane would refuse the size, `invalidKey`
    /// without a key or with more than 8, `cannotSeal` when a library refuses. It does not judge the content: ask
    /// `SnapshotBody.problems()` before.
    package static func seal(
        _ body: SnapshotBody,
        clusterID: String,
        version: SnapshotVersion,
        previousSHA256: Identity.Digest,
        issuedAt: Int,
        builtBy: String,
        keys: [SigningKey]
    ) throws(SealingError) -> SealedSnapshot {
        let raw = SnapshotSealer.content(of: body)
        guard raw.count <= SnapshotHeader.maximumRawBytes else { throw .tooLarge }
        let compressed: [UInt8]
        let level = raw.count > SnapshotSealer.fastCompressionBytes ? 1 : 6
        do { compressed = try Gzip.compress(raw, level: level) } catch { throw .cannotSeal }
        guard compressed.count <= SignedFrame.maximumBodyBytes else { throw .tooLarge }
        let header = SnapshotHeader(
            clusterID: clusterID,
            version: version,
            previousSHA256: previousSHA256,
            bodySHA256: SHA256Digest.of(compressed),
            bodyLength: compressed.count,
            rawLength: raw.count,
            issuedAt: issuedAt,
            builtBy: builtBy,
            features: body.features.map(\.rawValue),
            counts: SnapshotHeader.Counts(body)
        )
        let headerBytes = JSONWriter.write(header.json)
        guard headerBytes.count <= SignedFrame.maximumHeaderBytes else { throw .tooLarge }
        let frame = try SignedFrame.signed(.snapshot, header: headerBytes, body: compressed, keys: keys)
        let bytes = frame.bytes
        return SealedSnapshot(
            bytes: bytes,
            sha256: SHA256Digest.of(bytes),
            contentSHA256: SHA256Digest.of(raw),
            header: header
        )
    }

    /// The SHA-256 that `SealedSnapshot.contentSHA256` will have, to find out whether anything changed.
    package static func contentSHA256(of body: SnapshotBody) -> Identity.Digest {
        SHA256Digest.of(SnapshotSealer.content(of: body))
    }

    private static func content(of body: SnapshotBody) -> [UInt8] {
        JSONWriter.write(body.sorted().json)
    }
}
