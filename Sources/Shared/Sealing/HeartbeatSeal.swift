package import Contract
import Identity
import Wire

/// Signs heartbeats and checks them.
package enum HeartbeatSeal {
    /// The heartbeat as signed bytes.
    ///
    /// Throws `tooLarge` when it holds more revocations than a node accepts.
    package static func seal(_ heartbeat: Heartbeat, key: SigningKey) throws(SealingError) -> [UInt8] {
        guard heartbeat.revokedTokens.count <= Heartbeat.maximumRevokedTokens else { throw .tooLarge }
        let header = JSONWriter.write(heartbeat.json)
        guard header.count <= Heartbeat.maximumBytes else { throw .tooLarge }
        return try SignedFrame.signed(.heartbeat, header: header, body: [], keys: [key]).bytes
    }

    /// The heartbeat in `bytes`, when a trusted key signed it for this node and this nonce.
    package static func open(
        _ bytes: [UInt8],
        trust: TrustDocument,
        node: String,
        nonce: String
    ) throws(HeartbeatRejection) -> Heartbeat {
        let frame: SignedFrame
        do {
            frame = try SignedFrame(bytes, maximumHeaderBytes: Heartbeat.maximumBytes)
            try frame.verify(.heartbeat, by: trust)
        } catch {
            throw .untrusted(error)
        }
        guard frame.body.isEmpty else { throw .malformed("it has a body") }
        let heartbeat: Heartbeat
        do {
            heartbeat = try Heartbeat(JSONReader.read(frame.header))
        } catch let error as JSONError {
            throw .malformed(error.description)
        } catch let error as JSONShapeError {
            throw .malformed(error.description)
        } catch {
            throw .malformed("it cannot be read")
        }
        guard heartbeat.clusterID == trust.clusterID else { throw .wrongCluster(heartbeat.clusterID) }
        guard heartbeat.node == node else { throw .wrongNode }
        guard heartbeat.nonce == nonce else { throw .wrongNonce }
        return heartbeat
    }
}
