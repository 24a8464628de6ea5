package import Identity

/// How a node signs its requests to the control plane.
///
/// The signature covers method, path, time, nonce and the body's hash, so that it serves no other request. It
/// travels in headers beside the request; TLS may end at a balancer in between.
package enum NodeRequest {
    package static let nodeHeader = "x-router-node"
    package static let timeHeader = "x-router-time"
    package static let nonceHeader = "x-router-nonce"
    /// Base64 of 64 bytes.
    package static let signatureHeader = "x-router-signature"

    package static let pollPath = "/plane/v1/poll"
    package static let joinPath = "/plane/v1/join"
    /// Followed by the SHA-256 of the envelope in hexadecimal digits.
    package static let snapshotPath = "/plane/v1/snapshots/"
    /// Followed by the SHA-256 of the snapshot's envelope; answers this node's sealed bundle.
    package static let secretsPath = "/plane/v1/secrets/"

    /// What is signed, to be wrapped by `PreAuthenticationEncoding(.nodeRequest, …)`.
    package static func signedBytes(
        method: String,
        path: String,
        node: String,
        time: String,
        nonce: String,
        bodySHA256: Digest
    ) -> [UInt8] {
        Array("\(method)\n\(path)\n\(node)\n\(time)\n\(nonce)\n\(bodySHA256.hex)".utf8)
    }
}
