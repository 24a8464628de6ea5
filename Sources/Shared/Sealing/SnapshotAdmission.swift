package import Contract
import Identity
import Wire

/// Decides whether the bytes of a snapshot may be served.
///
/// The order is from cheap to dear and from outside in: lengths, frame, signatures, header, schema, cluster,
/// order, hash, bounded decompression, strict decoding, sense. Nothing is believed before its signature is
/// checked, nothing is decompressed before its hash is. Whatever the bytes are, the answer is a value.
package struct SnapshotAdmission: Sendable {
    /// Whom this node believes.
    package let trust: TrustDocument

    /// The features that this build knows how to serve.
    package static let knownFeatures = Set(SnapshotFeature.allCases.map(\.rawValue))
    /// The longest envelope that can hold anything acceptable.
    package static let maximumBytes =
        SignedFrame.maximumHeaderBytes + SignedFrame.maximumBodyBytes + SignedFrame.maximumSignatures * 256 + 64

    package init(trust: TrustDocument) {
        self.trust = trust
    }

    /// Admits the bytes or says why not.
    ///
    /// - Parameters:
    ///   - bytes: The whole envelope, as fetched or read from disk.
    ///   - expecting: What a signed heartbeat announced; nil when nothing did.
    ///   - running: The version that this one must be above; nil when any is.
    ///   - now: Milliseconds since 1970, to refuse expired snapshots; nil to accept them, as a node does that
    ///     starts from disk.
    package func admit(
        _ bytes: [UInt8],
        expecting: SnapshotReference?,
        running: SnapshotVersion?,
        now: Int?
    ) throws(SnapshotRejection) -> AdmittedSnapshot {
        guard bytes.count <= SnapshotAdmission.maximumBytes else { throw .tooLarge }
        let frame = try SignedFrame(bytes)
        try frame.verify(.snapshot, by: self.trust)
        let header = try SnapshotAdmission.header(frame.header)
        try self.check(header, running: running, now: now)

        guard frame.body.count == header.bodyLength else { throw .bodyLengthMismatch }
        guard SHA256Digest.of(frame.body) == header.bodySHA256 else { throw .bodyHashMismatch }
        let reference = SnapshotReference(version: header.version, sha256: SHA256Digest.of(bytes))
        if let expecting, reference != expecting { throw .wrongSnapshot }
        let body = try SnapshotAdmission.body(frame.body, rawLength: header.rawLength)
        guard SnapshotHeader.Counts(body) == header.counts else {
            throw .malformedBody("it does not hold as many records as the header says")
        }
        let problems = body.problems()
        guard problems.isEmpty else { throw .invalid(problems.map(\.description)) }
        return AdmittedSnapshot(reference: reference, header: header, body: body)
    }

    /// What the bytes claim to be, with nothing checked: good for naming them, never for believing them.
    package static func claimedReference(of bytes: [UInt8]) -> SnapshotReference? {
        guard bytes.count <= SnapshotAdmission.maximumBytes, let frame = try? SignedFrame(bytes),
            let header = try? SnapshotAdmission.header(frame.header)
        else { return nil }
        return SnapshotReference(version: header.version, sha256: SHA256Digest.of(bytes))
    }

    private func check(
        _ header: SnapshotHeader,
        running: SnapshotVersion?,
        now: Int?
    ) throws(SnapshotRejection) {
        guard header.schemaMajor == SnapshotHeader.schemaMajor else {
            throw .unsupported("schema \(header.schemaMajor)")
        }
        for feature in header.features where !SnapshotAdmission.knownFeatures.contains(feature) {
            throw .unsupported("feature \(feature)")
        }
        guard header.clusterID == self.trust.clusterID else { throw .wrongCluster(header.clusterID) }
        guard header.version.epoch == self.trust.epoch else { throw .wrongEpoch(header.version.epoch) }
        if let running, header.version <= running { throw .notNewer(header.version) }
        if let now, let expiresAt = header.expiresAt, now >= expiresAt { throw .expired }
    }

    private static func header(_ bytes: [UInt8]) throws(SnapshotRejection) -> SnapshotHeader {
        let header: SnapshotHeader
        do {
            header = try SnapshotHeader(JSONReader.read(bytes))
        } catch let error as JSONError {
            throw .malformedHeader(error.description)
        } catch let error as JSONShapeError {
            throw .malformedHeader(error.description)
        } catch {
            throw .malformedHeader("it cannot be read")
        }
        guard (0...SignedFrame.maximumBodyBytes).contains(header.bodyLength),
            (0...SnapshotHeader.maximumRawBytes).contains(header.rawLength)
        else { throw .tooLarge }
        return header
    }

    private static func body(_ compressed: [UInt8], rawLength: Int) throws(SnapshotRejection) -> SnapshotBody {
        let raw: [UInt8]
        do { raw = try Gzip.inflate(compressed, exactly: rawLength) } catch { throw .undecompressible }
        do {
            return try SnapshotBody(JSONReader.read(raw))
        } catch let error as JSONError {
            throw .malformedBody(error.description)
        } catch let error as JSONShapeError {
            throw .malformedBody(error.description)
        } catch {
            throw .malformedBody("it cannot be read")
        }
    }
}
