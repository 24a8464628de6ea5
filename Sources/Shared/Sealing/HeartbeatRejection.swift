package import Contract

/// Why a node does not believe an answer to its poll.
package enum HeartbeatRejection: Error, Hashable, Sendable {
    /// The bytes are no frame, or a signature on them is unknown or wrong.
    case untrusted(SnapshotRejection)
    /// The header is signed but malformed, or there is a body.
    case malformed(String)
    case wrongCluster(String)
    /// It is for another node.
    case wrongNode
    /// It answers another poll: a replay, or an answer that was held too long.
    case wrongNonce

    /// A stable name for logs and metrics.
    package var code: String {
        switch self {
        case .untrusted(let rejection): rejection.code
        case .malformed: "malformed-heartbeat"
        case .wrongCluster: "wrong-cluster"
        case .wrongNode: "wrong-node"
        case .wrongNonce: "wrong-nonce"
        }
    }
}
