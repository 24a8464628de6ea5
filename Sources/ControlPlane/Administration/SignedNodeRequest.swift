/// A request as a node claims to have signed it, nothing of it checked.
package struct SignedNodeRequest: Sendable {
    package let method: String
    /// The path with its query, exactly as requested.
    package let path: String
    package let node: String
    package let time: String
    package let nonce: String
    package let signature: String
    package let body: [UInt8]

    /// Nodes send a few dozen characters in each.
    package static let maximumHeaderBytes = 128

    /// Nil when a header is missing, empty or too long.
    package init?(
        method: String,
        path: String,
        node: String?,
        time: String?,
        nonce: String?,
        signature: String?,
        body: [UInt8]
    ) {
        guard let node, let time, let nonce, let signature,
            [node, time, nonce, signature].allSatisfy({
                (1...SignedNodeRequest.maximumHeaderBytes).contains($0.utf8.count)
            })
        else {
            return nil
        }
        self.method = method
        self.path = path
        self.node = node
        self.time = time
        self.nonce = nonce
        self.signature = signature
        self.body = body
    }
}
