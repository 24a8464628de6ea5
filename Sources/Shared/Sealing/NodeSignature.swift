package import Contract
import Identity
import Wire

/// Checks what `NodeIdentity` signed; whether time and nonce are fresh is the caller's question.
package enum NodeSignature {
    /// Whether the headers' values are a signature by `publicKey` (32 bytes) for exactly this request.
    package static func verify(
        method: String,
        path: String,
        body: [UInt8],
        node: String,
        time: String,
        nonce: String,
        signature: String,
        publicKey: [UInt8]
    ) -> Bool {
        guard signature.utf8.count <= 128, let bytes = Base64.decode(signature),
            bytes.count == SignedFrame.signatureBytes
        else { return false }
        let payload = NodeRequest.signedBytes(
            method: method,
            path: path,
            node: node,
            time: time,
            nonce: nonce,
            bodySHA256: SHA256Digest.of(body)
        )
        return SigningKey.verify(bytes, of: .nodeRequest, payload, by: publicKey)
    }

    /// Whether the joining node holds the private half of its signing key, and its sealing key keeps a secret.
    package static func verifyProof(of request: JoinRequest) -> Bool {
        let proven = JoinRequest.provenBytes(
            tokenID: request.tokenID,
            name: request.name,
            signingKey: request.signingKey,
            sealingKey: request.sealingKey
        )
        return NodeSealingKey.isUsable(publicKey: request.sealingKey)
            && SigningKey.verify(request.proof, of: .join, proven, by: request.signingKey)
    }
}
