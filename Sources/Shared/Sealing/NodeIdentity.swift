package import Contract
package import Identity
import Wire

/// The two keys that a node makes for itself and never gives away: one signs, one opens secrets.
package struct NodeIdentity: Sendable, CustomStringConvertible {
    package let signingKey: SigningKey
    package let sealingKey: NodeSealingKey

    /// New random keys.
    package init() {
        self.init(signingKey: SigningKey(), sealingKey: NodeSealingKey())
    }

    package init(signingKey: SigningKey, sealingKey: NodeSealingKey) {
        self.signingKey = signingKey
        self.sealingKey = sealingKey
    }

    /// Reads what `fileBytes` wrote; throws `malformed` or `invalidKey`.
    package init(fileBytes: SecretBytes) throws(SealingError) {
        let keys = try fileBytes.withExposedBytes { (bytes) throws(SealingError) -> ([UInt8], [UInt8]) in
            do {
                var members = try JSONMembers(JSONReader.read(bytes))
                return (
                    try members.base64("signing_key", count: 32), try members.base64("sealing_key", count: 32)
                )
            } catch {
                throw .malformed("the node's keys cannot be read")
            }
        }
        self.init(
            signingKey: try SigningKey(rawPrivateKey: SecretBytes(keys.0)),
            sealingKey: try NodeSealingKey(rawPrivateKey: SecretBytes(keys.1))
        )
    }

    /// Both private keys, for a file that only the node may read (0600).
    package var fileBytes: SecretBytes {
        let signing = self.signingKey.rawPrivateKey.withExposedBytes { Base64.encode($0) }
        let sealing = self.sealingKey.rawPrivateKey.withExposedBytes { Base64.encode($0) }
        return SecretBytes(
            JSONWriter.write(["signing_key": .string(signing), "sealing_key": .string(sealing)])
        )
    }

    package var description: String { "NodeIdentity(\(self.signingKey.id))" }

    /// The headers that prove that this node made the request; `time` is milliseconds since 1970.
    package func signedHeaders(
        method: String,
        path: String,
        body: [UInt8],
        node: String,
        time: Int,
        nonce: String
    ) throws(SealingError) -> [(String, String)] {
        let time = String(time)
        let payload = NodeRequest.signedBytes(
            method: method,
            path: path,
            node: node,
            time: time,
            nonce: nonce,
            bodySHA256: SHA256Digest.of(body)
        )
        let signature = try self.signingKey.sign(.nodeRequest, payload)
        return [
            (NodeRequest.nodeHeader, node), (NodeRequest.timeHeader, time), (NodeRequest.nonceHeader, nonce),
            (NodeRequest.signatureHeader, Base64.encode(signature)),
        ]
    }

    /// The request to join a cluster with the invitation `token` under the name `name`.
    package func joinRequest(token: JoinToken, name: Slug) throws(SealingError) -> JoinRequest {
        let proven = JoinRequest.provenBytes(
            tokenID: token.id,
            name: name,
            signingKey: self.signingKey.publicKey,
            sealingKey: self.sealingKey.publicKey
        )
        return JoinRequest(
            tokenID: token.id,
            tokenSecret: token.secret,
            name: name,
            signingKey: self.signingKey.publicKey,
            sealingKey: self.sealingKey.publicKey,
            proof: try self.signingKey.sign(.join, proven)
        )
    }
}
